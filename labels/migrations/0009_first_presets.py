"""The first reasons that examiners choose from; the national team words them as it likes from here on."""

from django.db import migrations

RETURN, REFUSE, REVOKE, DECLINE = "return", "refuse", "revoke", "decline"

# title, decisions, conditions not met, text
FIRST = [
    (
        "Participation payante",
        [RETURN, DECLINE],
        ["free"],
        "Le label est réservé aux événements gratuits pour tous les participants. Or la présentation de « {titre} » "
        "laisse prévoir une participation financière.\n\n"
        "Si la participation est en réalité gratuite, corrigez les phrases qui parlent d’un prix, y compris sur la "
        "page d’inscription. Si une partie seulement est payante, présentez la partie gratuite comme l’événement et "
        "précisez ce que chacun peut y suivre sans rien payer.",
    ),
    (
        "Participation payante, sans partie gratuite",
        [REFUSE, REVOKE],
        ["free"],
        "Le label est réservé aux événements gratuits pour tous les participants. « {titre} » demande une "
        "participation financière : la condition de gratuité n’est pas remplie.\n\n"
        "Si vous pouvez ouvrir cet événement, ou une partie de celui-ci, sans rien demander aux participants, déposez "
        "une nouvelle demande avant la clôture, le {date_limite_depot} : nous l’examinerons volontiers.",
    ),
    (
        "Dates hors de la fenêtre",
        [RETURN, DECLINE],
        ["dates"],
        "Pour l’édition {edition}, un événement labellisé a lieu entre le {debut_fenetre} et le {fin_fenetre}. "
        "Le premier jour que vous indiquez pour « {titre} » est : {premier_jour}.\n\n"
        "Si vous pouvez déplacer l’événement, ou s’il s’agit d’une erreur de saisie, corrigez les créneaux pour que "
        "tous tiennent entre ces deux dates.",
    ),
    (
        "Événement hors de l’édition",
        [REFUSE, REVOKE],
        ["dates"],
        "Pour l’édition {edition}, un événement labellisé a lieu entre le {debut_fenetre} et le {fin_fenetre}. "
        "« {titre} » se tient en dehors de cette période (premier jour indiqué : {premier_jour}) : "
        "la condition de dates n’est pas remplie.\n\n"
        "Ce n’est en rien un jugement sur la qualité de votre projet, et nous serons heureux d’examiner votre demande "
        "pour une prochaine édition.",
    ),
    (
        "Dates à confirmer",
        [RETURN],
        ["dates"],
        "Le label s’accorde à un événement dont les dates et les horaires sont arrêtés. Votre demande annonce une date "
        "qui reste à confirmer.\n\n"
        "Dès que vous les connaissez, indiquez chaque créneau (jour, heure de début, heure de fin), entre le "
        "{debut_fenetre} et le {fin_fenetre}, et retirez du texte les mentions « à confirmer » ou « sous réserve ».",
    ),
    (
        "Lien avec l’industrie à préciser",
        [RETURN, DECLINE],
        ["industry"],
        "La présentation de « {titre} » ne permet pas encore de reconnaître son lien avec l’industrie.\n\n"
        "Indiquez, dans la description et dans l’objectif, le secteur ou le site industriel concerné, les métiers, les "
        "formations ou les savoir-faire présentés, et ce que les participants en retiendront. Quelques phrases suffisent.",
    ),
    (
        "Sans lien avec l’industrie",
        [REFUSE, REVOKE],
        ["industry"],
        "Le label distingue les événements dont l’objet est d’informer sur l’industrie : ses métiers, ses formations, "
        "ses sites, ses produits ou ses enjeux. Tel qu’il est présenté, « {titre} » a un autre objet : la condition "
        "relative à l’industrie n’est pas remplie.\n\n"
        "Si l’industrie y tient une place que votre texte n’a pas dite, déposez une nouvelle demande qui la décrive, "
        "avant la clôture, le {date_limite_depot}.",
    ),
    (
        "Événement commercial",
        [RETURN, REFUSE, REVOKE],
        ["industry"],
        "Le label distingue les événements dont l’objet est d’informer sur l’industrie. « {titre} » a d’abord pour "
        "objet la vente ou la promotion de produits ou de services.\n\n"
        "Une visite d’atelier, une démonstration ou une rencontre avec les équipes, sans démarche commerciale envers "
        "les participants, pourrait recevoir le label : c’est elle qu’il faudrait présenter.",
    ),
    (
        "Recrutement seul",
        [RETURN],
        ["industry"],
        "Un temps de recrutement a toute sa place dans la Semaine de l’industrie lorsqu’il fait aussi découvrir "
        "l’industrie et ses métiers. Votre demande ne décrit que la collecte de candidatures.\n\n"
        "Ajoutez ce que les participants découvriront, qu’ils soient recrutés ou non : visite, présentation des "
        "métiers et des formations, démonstration, échanges avec des salariés.",
    ),
    (
        "Public trop étroit",
        [RETURN, REFUSE, REVOKE, DECLINE],
        ["audiences"],
        "Un événement labellisé est ouvert à l’un au moins des publics de la Semaine de l’industrie : {publics}. Tel "
        "qu’il est décrit, « {titre} » s’adresse à un cercle plus étroit (vos salariés, vos clients, vos adhérents ou "
        "des invités, par exemple).\n\n"
        "Si des personnes extérieures peuvent y participer, dites-le en précisant lesquelles et comment elles "
        "s’inscrivent : nous réexaminerons alors votre événement.",
    ),
    (
        "Informations insuffisantes",
        [RETURN],
        ["audiences", "industry"],
        "Les renseignements donnés ne suffisent pas pour vérifier les conditions du label.\n\n"
        "Complétez, s’il vous plaît : le déroulement (ce que l’on voit, ce que l’on fait, avec qui), son lien avec "
        "l’industrie, les publics accueillis, le lieu exact et la manière de s’inscrire. Quelques phrases précises "
        "suffisent.",
    ),
    (
        "Demande en double",
        [RETURN],
        ["dates"],
        "Une autre demande de {organisateur} porte, semble-t-il, sur le même événement. Une seule suffit : elle peut "
        "réunir plusieurs dates et plusieurs horaires.\n\n"
        "Gardez la plus complète, ajoutez-y s’il le faut les créneaux qui lui manquent, et retirez l’autre. S’il "
        "s’agit bien de deux événements, précisez dans {reference} ce qui les distingue : dates, lieu ou public.",
    ),
]


def create(apps, schema_editor):
    preset = apps.get_model("labels", "Preset").objects.using(schema_editor.connection.alias)
    for position, (title, uses, conditions, text) in enumerate(FIRST, 1):
        preset.get_or_create(
            title=title,
            defaults={"uses": uses, "conditions": conditions, "text": text, "position": position * 10},
        )


class Migration(migrations.Migration):
    dependencies = [("labels", "0008_what_examiners_answered")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
