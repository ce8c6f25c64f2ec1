"""A search that names a place: a région, a département, a post code, as people call them."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from events.filters import EventFilter
from events.models import Event
from places.former import FORMER_REGIONS
from places.models import Commune, Departement
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
    # In Lot-et-Garonne, as is a second « La Réunion ».
    "agen": ("Le pruneau et ses lots", "47001"),
}
SEARCHES = {
    "Normandie": "havre dieppe caen",
    "en normandie": "havre dieppe caen",
    "robots Normandie": "dieppe caen",
    "Seine-Maritime": "havre dieppe",
    "seine maritime robots": "dieppe",
    "Seine-Maritime (76)": "havre dieppe",
    "Calvados 14": "caen",
    "Basse-Normandie": "caen",
    "Rhône-Alpes": "lyon bourg",
    "Auvergne-Rhône-Alpes": "lyon bourg",
    "Rhône": "lyon",
    "Ain": "bourg",
    "Mayotte": "mayotte",
    # The région, and the commune that bears its name.
    "La Réunion": "denis",
    "à la Réunion, le sucre": "denis",
    "76600": "havre",
    "robots 76200": "dieppe",
    "69001": "lyon",
    "97400": "denis",
    "Le Havre (76600)": "havre",
    "Le Havre 76": "havre",
    # A post code or a number that is of no such place stays a word.
    "Le Havre 14000": "",
    "99999": "",
    "76": "havre dieppe",
    "robots 76": "dieppe",
    "974": "denis",
    "robots 2024": "",
    # Where a word is found elsewhere above all, it is a word.
    '"Normandie"': "",
    "Auvergne": "",
    "PACA": "",
}


@pytest.fixture
def catalogue() -> dict[str, Event]:
    for code in ("76351", "97411"):
        factories.commune(code)
    Departement.objects.create(code="47", name="Lot-et-Garonne", region_id="28")
    for code, name in (("47001", "Agen"), ("47222", "La Réunion")):
        Commune.objects.create(code=code, name=name, departement_id="47", population=900, latitude=44.2, longitude=0.6)
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

    assert (place.label, place.query) == ("Lieu\u00a0: Seine-Maritime", "q=robots&edition=2024")
    assert (words.label, words.query) == ("«\u00a0robots\u00a0»", "q=Seine-Maritime&edition=2024")
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
    for rank in range(6):
        event = factories.event(
            edition=factories.edition(2024), title=f"La forge du Rhône {rank}", commune=factories.commune("76351")
        )
        event.publish()

    form = reading("forge du rhône")

    assert (form.reading.area, reading("rhône").queryset().count()) == (None, 6)  # type: ignore[union-attr]
    assert form.as_place == "q=forge&departement=69&edition=2024"
    page = client.get("/evenements/?q=rh%C3%B4ne&edition=2024").content.decode()
    assert (
        "«&nbsp;Rhône&nbsp;» est aussi un lieu. "
        '<a href="/evenements/?departement=69&amp;edition=2024">Voir plutôt ce qui s’y passe</a>'
    ) in page


def test_a_town_and_the_departement_of_its_name_are_found_both(catalogue: dict[str, Event]) -> None:
    vienne = Commune.objects.create(code="38544", name="Vienne", population=31_000, postcodes=" 38200")
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
