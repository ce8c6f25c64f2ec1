"""Invented workplaces and words for demonstration events: places are real, organisers and events never are."""

from dataclasses import dataclass
from random import Random

NOTICE = "Événement fictif, créé pour la démonstration du portail."


@dataclass(frozen=True)
class Trade:
    """What one sector's workplaces are called, make and employ."""

    sector: str
    site: str
    makes: str
    jobs: str


TRADES = [
    Trade(
        "aeronautique", "l’atelier d’aérostructures", "des pièces de fuselage en composite", "ajusteurs et stratifieurs"
    ),
    Trade("agroalimentaire", "la conserverie", "des plats cuisinés et des légumes en bocal", "conducteurs de ligne"),
    Trade("agroalimentaire", "la biscuiterie industrielle", "des biscuits et des gaufrettes", "pilotes de four"),
    Trade("automobile", "l’usine d’équipements automobiles", "des faisceaux et des sièges", "monteurs et régleurs"),
    Trade("bois", "la scierie", "des charpentes et des panneaux", "scieurs et affûteurs"),
    Trade("chimie", "l’usine de peintures", "des résines et des pigments", "techniciens chimistes"),
    Trade("construction", "la cimenterie", "du ciment bas carbone", "opérateurs de four"),
    Trade("dechets", "le centre de recyclage industriel", "des granulés de plastique recyclé", "opérateurs de tri"),
    Trade("electronique", "l’usine de cartes électroniques", "des cartes et des capteurs", "câbleurs et testeurs"),
    Trade(
        "energie", "l’atelier de maintenance éolienne", "des pales et des nacelles remises à neuf", "électrotechniciens"
    ),
    Trade("ferroviaire", "le technicentre ferroviaire", "des bogies révisés", "chaudronniers et mécaniciens"),
    Trade("luxe", "la maroquinerie", "des sacs et de la petite maroquinerie", "piqueuses et coupeurs"),
    Trade("mecanique", "l’atelier d’usinage", "des pièces tournées et fraisées", "usineurs et programmeurs"),
    Trade("metallurgie", "la fonderie", "des pièces moulées en aluminium", "mouleurs et fondeurs"),
    Trade("metallurgie", "l’aciérie", "des barres d’acier spécial", "lamineurs et pontiers"),
    Trade("naval", "le chantier naval", "des coques et des ponts de navires", "soudeurs et charpentiers"),
    Trade("nucleaire", "l’usine de robinetterie nucléaire", "des vannes et des pompes", "soudeurs et contrôleurs"),
    Trade("numerique", "le laboratoire de robotique", "des cellules robotisées", "roboticiens et automaticiens"),
    Trade("papier", "la papeterie", "des cartons et des papiers d’emballage", "conducteurs de machine à papier"),
    Trade("plasturgie", "l’usine d’injection plastique", "des pièces injectées", "régleurs et moulistes"),
    Trade("sante", "l’usine de médicaments", "des comprimés et des flacons", "techniciens de production"),
    Trade("securite", "l’atelier d’optronique", "des optiques de précision", "opticiens de précision"),
    Trade("textile", "la filature", "des fils et des tissus techniques", "tisseurs et teinturiers"),
]

NAMES = [
    "Aubrac",
    "Beaulieu",
    "Carmin",
    "Delorme",
    "Escarpe",
    "Faubourg",
    "Garance",
    "Hautbois",
    "Ivoire",
    "Jasmin",
    "Kaolin",
    "Lavande",
    "Mistral",
    "Noroît",
    "Ormeaux",
    "Platane",
    "Quartz",
    "Ruisseau",
    "Saphir",
    "Tilleul",
    "Uranie",
    "Valmont",
    "Yonne",
    "Zénith",
]

# Format: (weight, title, opening of the description).
FORMATS: dict[str, tuple[int, str, str]] = {
    "visite-entreprise": (34, "Visite de {site} {name}", "Parcours guidé au cœur de la production"),
    "portes-ouvertes": (16, "Portes ouvertes de {site} {name}", "Une journée pour entrer dans l’usine"),
    "visite-formation": (8, "Visite des plateaux techniques – {town}", "Découverte des ateliers pédagogiques"),
    "atelier": (10, "Atelier « fabrique ta pièce » chez {name}", "Une heure pour fabriquer de ses mains"),
    "job-dating": (9, "Job dating industrie – {town}", "Dix minutes par entretien, avec les équipes qui recrutent"),
    "forum-metiers": (7, "Forum des métiers de l’industrie – {town}", "Les ateliers et bureaux d’études se présentent"),
    "conference": (5, "Table ronde : l’industrie qui recrute à {town}", "Échanges avec celles et ceux qui produisent"),
    "exposition": (3, "Exposition « La matière en mouvement » – {town}", "Objets, machines et récits d’ateliers"),
    "intervention-classe": (4, "Une ingénieure en classe – {town}", "Une professionnelle vient raconter son métier"),
    "escape-game": (
        2,
        "Escape game : panne à l’usine {name}",
        "Une énigme collective pour remettre la ligne en marche",
    ),
    "autre": (1, "Rallye industriel de {town}", "Un jeu de piste d’un atelier à l’autre"),
    "webinaire": (1, "Webinaire : les métiers de {site} {name}", "Une heure en ligne avec les équipes de production"),
}
AUDIENCES = [
    "scolaires",
    "jeunes",
    "etudiants",
    "demandeurs-emploi",
    "communaute-educative",
    "professionnels-rh",
    "grand-public",
]
SAFETY = (
    "",
    "Chaussures fermées et pantalon long ; casque, lunettes et gilet prêtés sur place.",
    "Chaussures plates et fermées, cheveux attachés.",
    "Blouse et charlotte fournies ; ni bijoux ni vernis.",
)
PURPOSE = "Faire découvrir les métiers de l’industrie et les savoir-faire d’un site de production."


def describe(random: Random, format_slug: str, trade: Trade, name: str, town: str) -> tuple[str, str]:
    """A title and a description that meet the conditions of the label."""
    _, title, opening = FORMATS[format_slug]
    title = title.format(site=trade.site, name=name, town=town).replace("de le ", "du ")
    visit = random.choice(
        [
            "Les participants suivent la fabrication, de la matière première au contrôle.",
            "La visite passe par les lignes, le bureau des méthodes et le laboratoire.",
            "Les équipes montrent leurs machines et répondent à toutes les questions.",
        ]
    )
    text = (
        f"{opening} : ici, on fabrique {trade.makes}. {visit} "
        f"Rencontre avec des {trade.jobs}, échanges sur les formations et les recrutements. "
        f"Participation gratuite.\n\n{NOTICE}"
    )
    return title[0].upper() + title[1:], text
