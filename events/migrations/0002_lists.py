"""The lists that the application form offers, with the codes of the public contract; the DGE edits the labels."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LISTS = {
    "Format": [
        ("visite-entreprise", "Visite d’entreprise"),
        ("visite-formation", "Visite d’établissement de formation"),
        ("portes-ouvertes", "Portes ouvertes"),
        ("atelier", "Atelier"),
        ("escape-game", "Escape game"),
        ("webinaire", "Webinaire"),
        ("job-dating", "Job dating"),
        ("forum-metiers", "Forum des métiers"),
        ("conference", "Conférence ou table ronde"),
        ("exposition", "Exposition"),
        ("intervention-classe", "Intervention en classe"),
        ("autre", "Autre événement ludique"),
    ],
    "Audience": [
        ("scolaires", "Scolaires"),
        ("jeunes", "Jeunes"),
        ("etudiants", "Étudiants"),
        ("demandeurs-emploi", "Demandeurs d’emploi"),
        ("communaute-educative", "Communauté éducative"),
        ("professionnels-rh", "Professionnels des ressources humaines"),
        ("grand-public", "Grand public"),
    ],
    "Sector": [
        ("aeronautique", "Aéronautique et spatial"),
        ("agroalimentaire", "Agroalimentaire"),
        ("automobile", "Automobile et mobilités"),
        ("bois", "Bois et ameublement"),
        ("chimie", "Chimie et matériaux"),
        ("construction", "Construction"),
        ("dechets", "Recyclage et traitement des déchets"),
        ("eau", "Eau"),
        ("electronique", "Électronique"),
        ("energie", "Énergies"),
        ("ferroviaire", "Ferroviaire"),
        ("luxe", "Mode et luxe"),
        ("mecanique", "Mécanique et machines"),
        ("metallurgie", "Mines et métallurgie"),
        ("naval", "Construction navale et industries maritimes"),
        ("nucleaire", "Nucléaire"),
        ("numerique", "Numérique et robotique"),
        ("papier", "Papier, carton et imprimerie"),
        ("plasturgie", "Plasturgie et caoutchouc"),
        ("sante", "Santé"),
        ("securite", "Sécurité et défense"),
        ("textile", "Textile"),
        ("autre", "Autre filière industrielle"),
    ],
    "Level": [
        ("ecole", "École élémentaire"),
        ("college", "Collège"),
        ("lycee-general", "Lycée général et technologique"),
        ("lycee-professionnel", "Lycée professionnel et CFA"),
        ("superieur", "Enseignement supérieur"),
    ],
}


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, items in LISTS.items():
        for position, (slug, label) in enumerate(items, start=1):
            apps.get_model("events", model).objects.get_or_create(
                slug=slug, defaults={"label": label, "position": position}
            )


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
