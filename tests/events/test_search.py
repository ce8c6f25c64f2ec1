"""A search by words: the same events on both databases, whatever way the words are written."""

from datetime import date, time
from importlib import import_module
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client

from core.text import fold
from events.filters import EventFilter
from events.models import Event, SearchEntry, SearchWord
from labels import organisations
from places.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/evenements/"
# Name of the event: title, description, INSEE code of its commune (None: online), organiser.
EVENTS = {
    "havre": ("Fonderie à cœur ouvert", "Les métiers de la soudure.", "76351", "Aciéries du Port"),
    "robots": ("Des robots au travail", "Robotique et cobotique.", "76351", "Méca Nord"),
    "lyon": ("Atelier de soierie", "Tissage, matériaux, l’usine ouverte.", "69381", "Soies & Cie"),
    "denis93": ("Les métaux", "La fonderie de Saint-Étienne expose.", "93066", "Aciéries du Port"),
    "denis974": ("La canne et le sucre", "Visite d’une sucrerie.", "97411", "Sucre Réunion"),
    "online": ("Webinaire : l’aéronautique", "Techniciennes et ingénieurs. Donner du sens.", None, "Aéro-Campus"),
    "tower": ("Tours et fraiseuses", "Usinage de précision sur des tours.", "14118", "Méca Nord"),
    "tower2": ("Tournage", "Des tours, encore des tours.", "14118", "Méca Nord"),
}

SEARCHES = {
    # accents, case, ligatures, apostrophes, hyphens
    "coeur": "havre",
    "CŒUR": "havre",
    "fonderie CŒUR": "havre",
    "metiers": "havre",
    "l'usine": "lyon tower",
    "l’usine": "lyon tower",
    "lusine": "lyon tower",
    "st-etienne": "denis93",
    "Saint Étienne": "denis93",
    "aéro-campus": "online",
    "aero campus": "online",
    # plural, feminine, what a word begins
    "fonderies": "havre denis93",
    "métal": "denis93",
    "matériau": "lyon",
    "technicien": "online",
    "ingénieure": "online",
    "travaux": "robots",
    "robot": "robots",
    "aéro": "online",
    "visiter": "denis974",
    # small typos
    "fondrie": "havre denis93",
    "fonderei": "havre denis93",
    "robotqiue": "robots",
    "soirie": "lyon",
    "aeronotique": "online",
    "xylophone": "",
    "fondrie xylophone": "",
    # organiser, description, several words, words that every text holds
    "aciéries": "havre denis93",
    "cobotique": "robots",
    "méca nord": "robots tower tower2",
    "les robots de la robotique": "robots",
    "fonderie soierie": "",
    # towns
    "Le Havre": "havre robots",
    "le havre robotique": "robots",
    "robotique près du Havre": "robots",
    "Le Harve robotique": "robots",
    "le havre robotqiue": "robots",
    "lyon": "lyon",
    "Lyon soierie": "lyon",
    "saint-denis": "denis93 denis974",
    "st denis sucrerie": "denis974",
    "tours": "tower tower2",
    "tours fraiseuses": "tower",
    "saint-étienne fonderie": "denis93",
    '"Le Havre"': "havre robots",
    '"fondrie"': "",
    # other editions' and drafts' words
    "brouillon": "",
    "confidentiel": "",
    "avant": "",
}

HOSTILE = [
    '"',
    "'",
    "fonderie'",
    'fonderie" OR "a',
    "fonderie*",
    "fonderie:*",
    "fonderie & !fonderie",
    "NOT fonderie",
    "fonderie NEAR(fonderie, 2)",
    "stems:fonderie",
    "{stems} : fonderie",
    "fonderie ^ -fonderie +fonderie",
    "fonderie -- ; DROP TABLE events_event",
    "fonderie\\",
    "%' OR 1=1",
    "fonderie <-> fonderie",
    "(" * 50,
    "a AND b OR c",
    "é" * 100,
    "1e5 0x1f -3 1.5",
    "\u202efonderie",
    "ﬁlière ½ ①",
]


@pytest.fixture
def catalogue() -> dict[str, Event]:
    factories.commune("76351")
    for insee, town in [("93066", "Saint-Denis"), ("37261", "Tours"), ("42218", "Saint-Étienne"), ("69123", "Lyon")]:
        Commune.objects.create(code=insee, name=town, population=150_000, latitude=48.9, longitude=2.3)
    organisers: dict[str, Any] = {}
    events = {}
    for name, (title, description, code, organiser) in EVENTS.items():
        if organiser not in organisers:
            organisers[organiser] = factories.organisation(name=organiser)
        commune = Commune.objects.filter(code=code).first() or factories.commune(code or "76351")
        events[name] = factories.event(
            edition=factories.edition(2024),
            title=title,
            description=description,
            organisation=organisers[organiser],
            commune=commune,
            attendance=Event.Attendance.ON_SITE if code else Event.Attendance.ONLINE,
        )
        events[name].publish()
    factories.event(edition=factories.edition(2024), title="Brouillon de fonderie", description="Confidentiel.")
    factories.event(edition=factories.edition(2023), title="Fonderie d’avant").publish()
    return events


def reading(query: str, **others: str) -> EventFilter:
    return EventFilter(QueryDict(urlencode({"edition": "2024", "q": query, **others})))


def found(catalogue: dict[str, Event], query: str, **others: str) -> set[str]:
    names = {event.pk: name for name, event in catalogue.items()}
    return {names[event.pk] for event in reading(query, **others).queryset()}


def test_a_search_finds_what_people_mean(catalogue: dict[str, Event]) -> None:
    assert {query: found(catalogue, query) for query in SEARCHES} == {
        query: set(expected.split()) for query, expected in SEARCHES.items()
    }


def test_tags_say_what_was_understood(catalogue: dict[str, Event]) -> None:
    expected = {
        "Le Havre robotique": ["Ville : Le Havre", "« robotique »"],
        "visite près du Havre de robotique": ["« visite près du Havre de robotique »"],
        "usine près de Le Havre, robotique": ["Ville : Le Havre", "« usine robotique »"],
        "st-denis": ["Ville : Saint-Denis"],
        "fondrie": ["« fonderie »"],
        '"Le Havre"': ["« Le Havre »"],
        "tours": ["« tours »"],
    }

    shown = {query: [tag.label.replace("\u00a0", " ") for tag in reading(query).tags[:-1]] for query in expected}

    assert shown == expected


def test_the_tag_of_a_town_leaves_the_words_and_the_other_way_round(catalogue: dict[str, Event]) -> None:
    town, words, _ = reading("robotique Le Havre", lieu="sur-place").tags[:3]

    assert town.query == "q=robotique&lieu=sur-place&edition=2024"
    assert words.query == "q=Le+Havre&lieu=sur-place&edition=2024"


def test_words_mean_the_same_whatever_else_is_asked(catalogue: dict[str, Event]) -> None:
    assert found(catalogue, "fondrie", lieu="en-ligne") == set()
    assert found(catalogue, "Le Havre", format="atelier") == set()
    assert found(catalogue, "fondrie", region="28") == {"havre"}


def test_a_correction_is_said_with_what_was_typed_one_click_away(client: Client, catalogue: dict[str, Event]) -> None:
    body = client.get(f"{LIST}?q=fondrie+<b>").content.decode()

    assert "Résultats pour <strong>«&nbsp;fonderie &lt;b&gt;&nbsp;»</strong>" not in body
    body = client.get(f"{LIST}?q=fondrie&lieu=sur-place&edition=2024").content.decode()
    assert "Résultats pour <strong>«&nbsp;fonderie&nbsp;»</strong>" in body
    assert 'href="/evenements/?q=%22fondrie%22&amp;lieu=sur-place&amp;edition=2024">Chercher plutôt' in body


def test_a_word_is_corrected_with_its_accents_and_to_what_is_found_most(catalogue: dict[str, Event]) -> None:
    corrected = reading("metirs").reading

    assert corrected and corrected.text == "métiers"


def test_words_that_every_text_holds_are_not_enough(catalogue: dict[str, Event]) -> None:
    for query in ("le", "de la", "à l’", "y"):
        form = reading(query)

        assert form.errors == {"q": ["Ces mots sont trop courants : ajoutez ce que vous cherchez."]}
        assert form.queryset().count() == len(EVENTS)


def test_operators_of_databases_are_words_or_nothing(catalogue: dict[str, Event]) -> None:
    for query in HOSTILE:
        form = reading(query)

        assert form.queryset().count() in range(len(EVENTS) + 1)
        assert set(form.errors) <= {"q"}
        if fold(query) == "fonderie":
            assert found(catalogue, query) == {"havre", "denis93"}


def test_numbers_are_words_whatever_a_database_would_make_of_them(catalogue: dict[str, Event]) -> None:
    Event.objects.filter(pk=catalogue["lyon"].pk).update(title="Industrie 4.0, 1e5 et 0x1f, 25 000 tours")
    catalogue["lyon"].index()

    for query in ("4.0", "1e5", "0x1f", "25 000", "industrie 4.0 1e5"):
        assert found(catalogue, query) == {"lyon"}


def test_what_changes_of_an_event_is_found_at_once_and_what_it_said_before_no_more(catalogue: dict[str, Event]) -> None:
    event = catalogue["havre"]
    event.title, event.description = "Forge", "Marteaux."
    event.save()
    event.index()

    assert found(catalogue, "marteau") == {"havre"}
    assert "havre" not in found(catalogue, "fonderie")


def test_an_event_is_found_while_it_is_public_alone(catalogue: dict[str, Event]) -> None:
    catalogue["havre"].revoke()
    catalogue["denis93"].unpublish()

    assert found(catalogue, "fonderie") == set()
    assert not SearchEntry.objects.filter(event__in=[catalogue["havre"], catalogue["denis93"]]).exists()

    catalogue["denis93"].publish()
    assert found(catalogue, "fonderie") == {"denis93"}


def test_a_cancelled_event_is_still_found(catalogue: dict[str, Event]) -> None:
    catalogue["havre"].cancel("Fermé.")

    assert "havre" in found(catalogue, "fonderie")


def test_an_organiser_who_changes_their_name_is_found_by_the_new_one(catalogue: dict[str, Event]) -> None:
    version = catalogue["havre"].edition.public_version
    organisation = catalogue["havre"].organisation
    assert organisation

    organisations.change(organisation, {"name": "Hauts-Fourneaux"})

    assert found(catalogue, "hauts fourneaux") == {"havre", "denis93"}
    assert type(catalogue["havre"].edition).objects.get(year=2024).public_version > version


def test_an_erased_event_leaves_the_index(catalogue: dict[str, Event]) -> None:
    event = catalogue["havre"]
    pk = event.pk
    event.slots.all().delete()
    event.delete()

    assert not SearchEntry.objects.filter(event=pk).exists()
    assert found(catalogue, "coeur") == set()


def test_the_index_is_made_anew_by_a_command(catalogue: dict[str, Event]) -> None:
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    SearchWord.objects.create(edition=factories.edition(2024), folded="revolu", spelling="révolu")
    assert found(catalogue, "fonderie") == set()

    output = StringIO()
    call_command("index_events", stdout=output)

    assert output.getvalue() == "9 événements publiés dans l’index de recherche.\n"
    assert found(catalogue, "fondrie") == {"havre", "denis93"}
    assert not SearchWord.objects.filter(folded="revolu").exists()


def test_what_was_published_before_there_was_an_index_is_put_into_it(catalogue: dict[str, Event]) -> None:
    SearchEntry.objects.exclude(event=catalogue["havre"]).delete()
    SearchWord.objects.all().delete()

    import_module("events.migrations.0008_fill_the_search").fill(apps, None)

    assert found(catalogue, "fondrie") == {"havre", "denis93"}
    assert SearchEntry.objects.count() == len(EVENTS) + 1
    assert not SearchWord.objects.filter(folded="confidentiel").exists()


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("query", "most"), [("fonderie", 7), ("Le Havre fonderie", 9)])
def test_a_search_takes_the_same_few_queries_whatever_it_finds(
    client: Client, count: int, query: str, most: int, django_assert_num_queries: Any
) -> None:
    for rank in range(count):
        factories.event(
            edition=factories.edition(2024),
            title=f"Fonderie {rank}",
            slots=[(date(2024, 11, 18), time(9), time(12))],
        ).publish()
    # At another address, or the page would be ready.
    client.get(LIST, {"q": query, "edition": "2024", "page": "1"})

    with django_assert_num_queries(most):
        client.get(LIST, {"q": query, "edition": "2024"})


def test_each_database_answers_from_its_own_index(catalogue: dict[str, Event]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # with so few rows it would rather read them all
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
            cursor.execute("SET LOCAL enable_nestloop = off")

    plan = reading("fonderie").queryset().explain()

    assert {
        "sqlite": "events_searchindex VIRTUAL TABLE INDEX",
        "postgresql": "Bitmap Index Scan on events_searchindex",
    }[connection.vendor] in plan
