"""The map and its data: always the list's events, from the very next request on."""

import gzip
import json
import re
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from events.filters import EventFilter
from events.models import Event, Format
from labels.models import Action, State
from labels.workflow import perform
from semaine import theme
from tests import factories
from tests.events.test_filters import ERRORS
from tests.events.test_views import text

pytestmark = pytest.mark.django_db

STATIC = Path(settings.BASE_DIR) / "static"
MAP, DATA, LIST = "/carte/", "/carte/evenements.geojson", "/evenements/"


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def features(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{DATA}?{query}")
    assert response.status_code == 200
    found: list[dict[str, Any]] = json.loads(response.content)["features"]
    return found


def status_on_the_map(client: Client, event: Event) -> str | None:
    return next((f["properties"]["status"] for f in features(client) if f["id"] == str(event.uid)), None)


CHOICES = [
    "q=fonderie", "region=28", "region=28&region=04", "departement=69", "commune=97411", "format=atelier",
    "public=etudiants", "filiere=metallurgie", "du=2024-11-20", "au=2024-11-20", "lieu=sur-place", "lieu=en-ligne",
    "pres=76351&rayon=200", "groupe=25", "age=15", "bbox=-5,41,10,51", "edition=2023",
]  # fmt: skip


@pytest.fixture
def varied(client: Client) -> None:
    communes = ["76351", "69381", "97411", "98818"]
    for rank in range(24):
        published(
            edition=factories.edition(2023 if rank % 11 == 10 else 2024),
            title=f"{'Fonderie' if rank % 2 else 'Atelier'} {rank}",
            description="Découverte.",
            commune=factories.commune(communes[rank % 4]),
            format=Format.objects.get(slug="atelier" if rank % 3 else "job-dating"),
            audiences=["etudiants"] if rank % 5 else ["scolaires"],
            attendance=[Event.Attendance.ON_SITE, Event.Attendance.MIXED, Event.Attendance.ONLINE][rank % 7 % 3],
            slots=[(date(2024, 11, 18 + rank % 4), time(9), time(12))],
            group_size=20 + rank,
            minimum_age=10 + rank % 10,
        )


def announced(client: Client, address: str, query: str) -> str:
    """The words beneath the heading that say what was found."""
    body = client.get(f"{address}?{query}").content.decode()
    words = re.search(r'id="resultats">(.*?)</p>', body)
    assert words, body
    return re.sub(r"<[^>]+>", "", words[1]).replace("&nbsp;", " ")


def test_map_and_list_announce_what_they_hold_whatever_is_asked(client: Client, varied: None) -> None:
    searches = ["", *CHOICES]
    expected, actual = {}, {}
    for query in searches:
        events = list(EventFilter(QueryDict(query)).queryset())
        located = {str(event.uid) for event in events if event.latitude is not None}
        count = f"{len(events)} événement{'s' if len(events) > 1 else ''}"
        expected[query] = (count, f"{count}, dont {len(located)} sur la carte", located)
        on_the_map = {feature["id"] for feature in features(client, query)}
        actual[query] = (announced(client, LIST, query), announced(client, MAP, query), on_the_map)

    assert actual == expected
    assert len({str(answer) for answer in actual.values()}) > 10


def test_a_feature_leads_to_the_page_of_its_event(client: Client, settings: Settings) -> None:
    event = published(
        commune=factories.commune("97411"),
        slots=[(date(2024, 11, 20), time(9), time(10)), (date(2024, 11, 18), time(9), time(10))],
    )

    (feature,) = features(client)

    assert feature == {
        "type": "Feature",
        "id": str(event.uid),
        "geometry": {"type": "Point", "coordinates": [55.4481, -20.8789]},
        "properties": {
            "title": "Visite de la fonderie",
            "starts_on": "2024-11-18",
            "ends_on": "2024-11-20",
            "town": "Saint-Denis",
            "format": "visite-entreprise",
            "url": f"{settings.SITE_URL}{event.get_absolute_url()}",
            "status": "scheduled",
        },
    }


def test_an_approved_event_is_on_the_map_at_the_next_request_and_follows_each_decision(client: Client) -> None:
    owner, examiner = factories.organiser(), factories.regional("28")
    application = factories.application(state=State.SUBMITTED, by=owner)
    event = application.event
    assert status_on_the_map(client, event) is None

    perform(application, Action.APPROVE, by=examiner)
    assert status_on_the_map(client, event) == "scheduled"

    perform(application, Action.CANCEL, by=owner, note="L’atelier est fermé.")
    assert status_on_the_map(client, event) == "cancelled"


def test_a_revoked_label_leaves_the_map_at_the_next_request(client: Client) -> None:
    application = factories.application(state=State.APPROVED)
    assert status_on_the_map(client, application.event) == "scheduled"

    perform(application, Action.REVOKE, by=factories.national(), note="Payant.", conditions=["free"])

    assert status_on_the_map(client, application.event) is None


def test_an_approval_undone_leaves_the_map_at_the_next_request(client: Client, settings: Settings) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application, examiner = factories.application(state=State.SUBMITTED), factories.regional("28")
    perform(application, Action.APPROVE, by=examiner)
    assert status_on_the_map(client, application.event) == "scheduled"

    perform(application, Action.UNDO, by=examiner)

    assert status_on_the_map(client, application.event) is None


def test_a_full_event_says_so(client: Client) -> None:
    event = published(is_full=True)

    assert status_on_the_map(client, event) == "full"


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    event = published()
    first = client.get(DATA, headers={"accept-encoding": "br"})

    again = client.get(DATA, headers={"accept-encoding": "br", "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
        assert again[name] == first[name]

    event.revoke()
    assert client.get(DATA, headers={"accept-encoding": "br", "if-none-match": first["ETag"]}).status_code == 200


def test_each_search_and_encoding_has_a_tag_of_its_own(client: Client) -> None:
    published()

    tags = {
        client.get(f"{DATA}?{query}", headers={"accept-encoding": encoding})["ETag"]
        for query in ("", "q=fonderie", "q=atelier", "region=28")
        for encoding in ("br", "gzip", "")
    }

    assert len(tags) == 12
    assert client.get(DATA)["ETag"] == client.get(f"{DATA}?edition=2024&tri=date")["ETag"]


@pytest.mark.parametrize("query", ["", "q=fonderie"])
def test_the_document_is_compressed_open_to_all_and_never_stale(client: Client, query: str) -> None:
    published()

    plain = client.get(f"{DATA}?{query}")
    packed = client.get(f"{DATA}?{query}", headers={"accept-encoding": "gzip"})

    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert plain["Content-Type"] == "application/geo+json"
    assert plain["Access-Control-Allow-Origin"] == "*"
    assert plain["Cache-Control"] == "public, no-cache"
    assert plain["Vary"] == "Accept-Encoding"
    assert not plain.cookies


def test_the_whole_edition_is_read_once_for_each_change(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        published()
    client.get(f"{DATA}")

    with django_assert_num_queries(1):
        client.get(f"{DATA}")


@pytest.mark.parametrize(("query", "errors"), ERRORS)
def test_data_refuse_a_broken_value_in_json(client: Client, query: str, errors: dict[str, list[str]]) -> None:
    published()

    response = client.get(f"{DATA}?{query}")

    assert (response.status_code, response.json()) == (400, {"errors": errors})
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", [MAP, DATA])
def test_the_map_is_only_read(client: Client, address: str) -> None:
    published()

    assert client.head(address).status_code == 200
    assert [client.generic(method, address).status_code for method in ("POST", "PUT", "DELETE")] == [405, 405, 405]


@pytest.mark.parametrize("address", [MAP, DATA])
def test_an_unknown_year_has_no_map(client: Client, address: str) -> None:
    published()

    assert client.get(f"{address}?edition=1999").status_code == 404


def test_the_map_page_holds_the_first_of_the_list_and_the_way_to_the_others(client: Client) -> None:
    for rank in range(21):
        published(title=f"Visite {rank:02d}")

    body = client.get(f"{MAP}?lieu=sur-place").content.decode()

    assert re.findall(r">(Visite \d\d)</a>", body) == [f"Visite {rank:02d}" for rank in range(20)]
    assert 'href="/evenements/?lieu=sur-place">Voir les 21&nbsp;événements en liste</a>' in body
    data = json.loads(re.search(r'<script id="map-data" type="application/json">(.*?)</script>', body)[1])  # type: ignore[index]
    version = factories.edition(2024).public_version
    assert data == {
        "worker": "/static/js/workers/clusters.js",
        "points": f"/carte/points.json?edition=2024&version={version}",
        "ids": "/carte/ids.json",
        "cards": "/carte/fiches.json",
        "maxZoom": 18,
        "search": "lieu=sur-place",
    }


def imported(script: Path) -> set[Path]:
    """The module and all that it asks for, at whatever depth."""
    names = re.findall(r'^import .*?"(\..+?)";$', script.read_text(), re.MULTILINE)
    return {script}.union(*(imported((script.parent / name).resolve()) for name in names))


@pytest.mark.parametrize(
    ("address", "waited_for"),
    [(MAP, []), (f"{MAP}?lieu=sur-place", ["workers/clusters"]), ("/carte/integrer/", ["workers/clusters"])],
)
def test_no_module_that_markers_wait_for_is_found_out_late(client: Client, address: str, waited_for: list[str]) -> None:
    body = client.get(address).content.decode()

    named = re.findall(r'<link rel="modulepreload" href="/static/(.+?)"', body)
    asked_for = set().union(*(imported(STATIC / "js" / f"{script}.js") for script in waited_for))
    assert {str(module.relative_to(STATIC)) for module in asked_for} == set(named)
    assert ('as="fetch"' in body) == bool(waited_for)


@pytest.mark.parametrize(("address", "entry"), [(MAP, "map.js"), ("/carte/integrer/", "frame.js")])
def test_scripts_run_right_after_map_and_list_and_are_on_their_way_before(
    client: Client, address: str, entry: str
) -> None:
    head, body = client.get(address).content.decode().split("</head>")

    scripts = [f"/static/{name}" for name in ("leaflet/leaflet.js", "leaflet/leaflet.extras.js", f"js/linked/{entry}")]
    assert re.findall(r'<link rel="preload" as="script" href="(.+?)"', head) == scripts
    assert re.findall(r'<script src="(.+?)"></script>', body) == scripts
    first = body.index("<script src")
    assert body.index('id="carte"') < body.index('id="liste"') < first
    assert "<footer" not in body[:first]


def test_the_buttons_overseas_count_what_waits_there(client: Client) -> None:
    for code in ("97411", "97411", "97302", "76351"):
        published(commune=factories.commune(code))

    read = text(client.get(MAP))

    assert "Métropole Guadeloupe (0) Martinique (0) Guyane (1) La Réunion (2) Mayotte (0)" in read


def test_the_map_page_has_no_script_or_style_of_its_own_inside(client: Client) -> None:
    published()

    body = client.get(MAP).content.decode()

    inside = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", body.replace(f"<script>{theme.SCRIPT}</script>", ""))
    assert all('type="application/json"' in attributes for attributes in inside)
    assert not re.search(r"<style|\sstyle=|\son\w+=", body)


@pytest.mark.parametrize(("query", "queries"), [("", 25), ("edition=2024", 24)])
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_map_page_takes_the_same_few_queries_whatever_it_holds(
    client: Client, count: int, query: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        published(title=f"Visite {rank}")

    with django_assert_num_queries(queries):
        client.get(f"{MAP}?{query}")
