"""A search that names a place: a région, a département, a post code, as people call them."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from events.filters import EventFilter
from events.models import Event
from places.former import FORMER_REGIONS
from places.models import Commune, Departement, Region
from tests import factories

pytestmark = pytest.mark.django_db

# Name of the event: its title and the INSEE code of its commune.
EVENTS = {
    "havre": ("Fonderie ouverte", "76351"),
    "dieppe": ("Robots au travail", "76217"),
    "caen": ("Robots et forge", "14118"),
    "lyon": ("Soierie", "69381"),
    "bourg": ("Plasturgie", "01053"),
    "denis": ("La canne et le sucre", "97411"),
    "mayotte": ("Le lagon", "97608"),
    "clermont": ("Pneus", "63113"),
    "nice": ("Parfums", "06088"),
    "ajaccio": ("Liège", "2A004"),
    "lyon3": ("Soudure", "69383"),
    # In Lot-et-Garonne, as is a second « La Réunion ».
    "agen": ("Le pruneau et ses lots", "47001"),
}
SEARCHES = {
    "Normandie": "havre dieppe caen",
    "en normandie": "havre dieppe caen",
    "robots Normandie": "dieppe caen",
    "Seine-Maritime": "havre dieppe",
    "seine maritime robots": "dieppe",
    "Basse-Normandie": "caen",
    "Rhône-Alpes": "lyon lyon3 bourg",
    "Auvergne-Rhône-Alpes": "lyon lyon3 bourg clermont",
    "Rhône": "lyon lyon3",
    "Ain": "bourg",
    "Mayotte": "mayotte",
    "Auvergne": "clermont",
    "PACA": "nice",
    # The région, and the commune that bears its name.
    "La Réunion": "denis",
    "à la Réunion, le sucre": "denis",
    # Post codes, and the numbers of départements where something is found.
    "76600": "havre",
    "robots 76200": "dieppe",
    "97400": "denis",
    "99999": "",
    "76": "havre dieppe",
    "robots 76": "dieppe",
    "974": "denis",
    "2A": "ajaccio",
    "lagon 76": "",
    "robots 2024": "",
    # A place and where it is, on either side.
    "Seine-Maritime (76)": "havre dieppe",
    "76 Seine-Maritime": "havre dieppe",
    "Calvados 14": "caen",
    "Normandie 76": "havre dieppe",
    "Corse-du-Sud (2A)": "ajaccio",
    "Ajaccio 2A": "ajaccio",
    "Le Havre (76600)": "havre",
    "76600 Le Havre": "havre",
    "fonderie, 76600 Le Havre": "havre",
    "76 Le Havre": "havre",
    "Caen Calvados": "caen",
    "Caen, en Normandie": "caen",
    "Normandie, Caen": "caen",
    "Caen 14000 Calvados Normandie": "caen",
    "Le Havre 14000": "",
    "Caen Rhône": "",
    # The towns that have arrondissements.
    "Lyon": "lyon lyon3",
    "69001": "lyon",
    "69001 Lyon": "lyon",
    "Lyon 69003": "lyon3",
    "Lyon 3e": "lyon3",
    "Lyon 3, soudure": "lyon3",
    "Lyon 69": "lyon lyon3",
    "visite 18 Lyon": "",
    '"Normandie"': "",
}


@pytest.fixture
def catalogue() -> dict[str, Event]:
    for code in ("76351", "97411", "69381"):
        factories.commune(code)
    Region.objects.create(code="93", name="Provence-Alpes-Côte d’Azur")
    Region.objects.create(code="94", name="Corse")
    Region.objects.create(code="75", name="Nouvelle-Aquitaine")
    for code, name, region in [
        ("01", "Ain", "84"),
        ("47", "Lot-et-Garonne", "75"),
        ("63", "Puy-de-Dôme", "84"),
        ("06", "Alpes-Maritimes", "93"),
        ("2A", "Corse-du-Sud", "94"),
    ]:
        Departement.objects.create(code=code, name=name, region_id=region)
    for code, name, postcodes, departement in [
        ("47001", "Agen", " 47000", "47"),
        ("47222", "La Réunion", " 47700", "47"),
        ("63113", "Clermont-Ferrand", " 63000 63100", "63"),
        ("06088", "Nice", " 06000", "06"),
        ("2A004", "Ajaccio", " 20000 20090", "2A"),
        ("69123", "Lyon", " 69001 69003", "69"),
        ("69383", "Lyon 3e Arrondissement", " 69003", "69"),
    ]:
        place = Departement.objects.get(code=departement)
        names = {"code": code, "name": name, "postcodes": postcodes, "departement": place, "region": place.region}
        Commune.objects.create(**names, latitude=44.2, longitude=0.6, population=900)
    events = {}
    for name, (title, code) in EVENTS.items():
        commune = Commune.objects.filter(code=code).first() or factories.commune(code)
        events[name] = factories.event(edition=factories.edition(2024), title=title, commune=commune)
        events[name].publish()
    return events


def reading(query: str, **others: str) -> EventFilter:
    return EventFilter(QueryDict(urlencode({"edition": "2024", "q": query, **others})))


def test_the_name_of_a_place_finds_what_takes_place_there(catalogue: dict[str, Event]) -> None:
    names = {event.pk: name for name, event in catalogue.items()}

    found = {query: {names[event.pk] for event in reading(query).queryset()} for query in SEARCHES}

    assert found == {query: set(expected.split()) for query, expected in SEARCHES.items()}


def test_tags_say_which_place_was_understood_and_leave_the_words(catalogue: dict[str, Event]) -> None:
    place, words, _ = reading("robots en Seine-Maritime (76)").tags

    assert (place.label, place.query) == ("Lieu\u00a0: Seine-Maritime (76)", "q=robots&edition=2024")
    assert (words.label, words.query) == ("«\u00a0robots\u00a0»", "q=Seine-Maritime+76&edition=2024")
    assert next(tag.label for tag in reading("76600").tags) == "Lieu\u00a0: 76600"


def test_the_page_says_so_with_the_words_as_they_were_typed_one_click_away(
    client: Client, catalogue: dict[str, Event]
) -> None:
    page = client.get("/evenements/?q=mayotte&edition=2024").content.decode()

    assert "«&nbsp;Mayotte&nbsp;» est compris comme un lieu." in page
    assert 'href="/evenements/?q=%22mayotte%22&amp;edition=2024">Chercher plutôt ces mots dans les textes' in page


def test_a_word_that_texts_elsewhere_hold_above_all_is_a_word_and_the_place_one_click_away(
    client: Client, catalogue: dict[str, Event]
) -> None:
    for rank in range(9):
        event = factories.event(
            edition=factories.edition(2024), title=f"La forge du Rhône {rank}", commune=factories.commune("76351")
        )
        event.publish()

    found = {query: reading(query) for query in ("rhône", "soierie rhône", "forge du rhône")}

    assert [form.queryset().count() for form in found.values()] == [9, 1, 9]
    assert found["rhône"].as_place == "departement=69&edition=2024"
    # Nothing of the kind takes place there.
    assert found["forge du rhône"].as_place == ""
    page = client.get("/evenements/?q=rh%C3%B4ne&edition=2024").content.decode()
    assert (
        "«&nbsp;Rhône&nbsp;» est aussi un lieu. "
        '<a href="/evenements/?departement=69&amp;edition=2024">Voir plutôt ce qui s’y passe</a>'
    ) in page


def test_a_town_and_the_departement_of_its_name_are_found_both(catalogue: dict[str, Event]) -> None:
    Departement.objects.create(code="38", name="Isère", region_id="84")
    vienne = Commune.objects.create(code="38544", name="Vienne", departement_id="38", postcodes=" 38200")
    Departement.objects.create(code="86", name="Vienne", region_id="84")
    poitiers = Commune.objects.create(code="86194", name="Poitiers", departement_id="86", postcodes=" 86000")
    for commune in (vienne, poitiers):
        factories.event(edition=factories.edition(2024), title=commune.name, commune=commune).publish()

    expected = {"Vienne": ["38544", "86194"], "vienne 38": ["38544"], "vienne (86)": ["86194"]}
    found = {query: sorted(reading(query).queryset().values_list("commune", flat=True)) for query in expected}

    assert found == expected


def test_where_a_post_code_finds_nothing_its_town_is_looked_around(catalogue: dict[str, Event]) -> None:
    Commune.objects.create(
        code="76552", name="Sainte-Adresse", postcodes=" 76310", latitude=49.507, longitude=0.084, population=7_000
    )

    (nearest, *_) = reading("76310").suggestions

    assert (nearest.label, nearest.count) == ("À moins de 30 km de Sainte-Adresse", 1)
    assert nearest.query == "pres=76552&edition=2024"


def test_the_former_regions_are_made_of_departements_of_mainland_france_each_of_one() -> None:
    codes = [code for departements in FORMER_REGIONS.values() for code in departements]

    assert len(codes) == len(set(codes))
    assert {len(code) for code in codes} == {2}
