"""The feeds, read back by real parsers: the same event in each, hostile texts inert, unchanged answers short."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import brotli
import frictionless
import geojson
import icalendar
import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from events import open_data
from events.models import Event
from labels.models import Action, State
from labels.workflow import perform
from semaine import handed
from tests import factories
from tests.events.reading import ADDRESSES, content, entries, fetch, meetings, pages, table
from tests.events.test_filters import ERRORS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
DAY = (time(9), time(12))
each_format = pytest.mark.parametrize("name", sorted(ADDRESSES))


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def get(client: Client, name: str, query: str = "", **headers: str) -> Any:
    return client.get(f"{ADDRESSES[name]}?{query}", headers=headers)


# One event, everywhere ------------------------------------------------------------------------------------------------


def test_a_slot_in_la_reunion_shows_its_local_hour_in_each_format() -> None:
    published(commune=factories.commune("97411"), slots=[(date(2024, 11, 20), *DAY)])

    (row,) = table(fetch("csv"))
    ((event,),) = (page["events"] for page in pages())
    (meeting,) = meetings(fetch("ics"))
    (entry,) = entries(fetch("rss"))
    (feature,) = geojson.loads(fetch("geojson")).features

    start, end = "2024-11-20T09:00:00+04:00", "2024-11-20T12:00:00+04:00"
    assert (row["debut"], row["fin"], row["creneaux"]) == (start, end, f"{start}/{end}")
    assert row["fuseau_horaire"] == event["timezone"] == "Indian/Reunion"
    assert event["timings"] == [{"begin": start, "end": end}]
    assert (meeting.start.isoformat(), meeting["dtstart"].params["tzid"]) == (start, "Indian/Reunion")
    assert "de 9\u00a0h à 12\u00a0h, heure de La Réunion (UTC+4)" in entry.summary
    assert feature.properties["starts_on"] == "2024-11-20"


def test_a_slot_is_the_same_in_the_feed_and_in_the_calendar_of_its_event(client: Client) -> None:
    events = [
        published(title="À Caen", slots=[(date(2024, 11, 18), *DAY), (date(2024, 11, 20), *DAY)]),
        published(title="À Saint-Denis", commune=factories.commune("97411"), slots=[(date(2024, 11, 19), *DAY)]),
    ]
    events[1].cancel("L’atelier est fermé.")

    calendars = [client.get(f"/evenements/{event.uid}.ics").content for event in events]
    own = [meeting.to_ical() for calendar in calendars for meeting in meetings(calendar)]

    assert sorted(meeting.to_ical() for meeting in meetings(fetch("ics"))) == sorted(own)
    assert len(own) == 3
    assert b"STATUS:CANCELLED" in own[2]
    assert b"SEQUENCE:2" in own[2]


def test_the_feed_tells_calendars_its_name_its_source_when_to_ask_again_and_its_time_zones(settings: Settings) -> None:
    published(slots=[(date(2024, 11, 18), *DAY)])
    published(commune=factories.commune("97411"), slots=[(date(2024, 11, 19), *DAY)])

    calendar: Any = icalendar.Calendar.from_ical(fetch("ics", "region=28&region=04&page=2&q=visite"))

    assert calendar["name"] == "Semaine de l’industrie 2024 – «\u00a0visite\u00a0» – La Réunion – Normandie"
    assert calendar["x-wr-calname"] == calendar["name"]
    assert calendar["source"] == f"{settings.SITE_URL}/evenements.ics?q=visite&region=28&region=04"
    assert calendar["refresh-interval"].to_ical() == calendar["x-published-ttl"].encode() == b"PT12H"
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris", "Indian/Reunion"]
    # RFC 5545 wants the zones told before they are used, and no line of more than 75 bytes.
    assert fetch("ics").index(b"VTIMEZONE") < fetch("ics").index(b"VEVENT")
    assert max(map(len, fetch("ics").split(b"\r\n"))) <= 75


def test_an_hour_that_changes_in_summer_is_right_in_the_zone_that_the_feed_brings() -> None:
    published(slots=[(date(2024, 3, 30), *DAY), (date(2024, 4, 2), *DAY)])

    calendar: Any = icalendar.Calendar.from_ical(fetch("ics"))

    (zone,) = calendar.walk("VTIMEZONE")
    paris = zone.to_tz()
    hours = [datetime.combine(day, time(9), paris).utcoffset() for day in (date(2024, 3, 30), date(2024, 4, 2))]
    assert [offset and offset.total_seconds() / 3600 for offset in hours] == [1, 2]


def test_an_event_is_told_in_the_words_of_openagenda(settings: Settings) -> None:
    event = published(
        uid=UUID("0f8fad5b-d9cb-469f-a165-70867728950e"),
        title="Visite de la fonderie",
        slots=[(date(2024, 11, 18), *DAY), (date(2024, 11, 20), *DAY)],
        registration=Event.Registration.EMAIL,
        registration_email="contact@fonderie.example",
        minimum_age=12,
        is_full=True,
        capacity=15,
        organisation=factories.organisation(name="Fonderie du Port"),
    )

    ((found,),) = (page["events"] for page in pages())

    timings = [{"begin": f"2024-11-{day}T09:00:00+01:00", "end": f"2024-11-{day}T12:00:00+01:00"} for day in (18, 20)]
    description = "Entrée libre. Découverte des ateliers de moulage et des métiers de la fonderie."
    changing = {name: found.pop(name) for name in ("createdAt", "updatedAt")}
    assert datetime.fromisoformat(changing["createdAt"]) == event.published_at.replace(microsecond=0)  # type: ignore[union-attr]
    assert found == {
        "uid": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "slug": "visite-de-la-fonderie",
        "url": f"{settings.SITE_URL}{event.get_absolute_url()}",
        "title": {"fr": "Visite de la fonderie"},
        "description": {"fr": description},
        "longDescription": {"fr": description},
        "conditions": {"fr": "Gratuit"},
        "keywords": {"fr": ["Visite d’entreprise", "Scolaires", "Grand public"]},
        "dateRange": {"fr": "les 18 et 20 novembre 2024"},
        "timings": timings,
        "firstTiming": timings[0],
        "lastTiming": timings[1],
        "timezone": "Europe/Paris",
        "attendanceMode": 1,
        "onlineAccessLink": None,
        "location": {
            "name": "Fonderie du Port",
            "address": "12 rue des Docks",
            "postalCode": "76600",
            "insee": "76351",
            "city": "Le Havre",
            "department": "Seine-Maritime",
            "region": "Normandie",
            "adminLevel1": "Normandie",
            "adminLevel2": "Seine-Maritime",
            "adminLevel4": "Le Havre",
            "countryCode": "FR",
            "latitude": 49.4938,
            "longitude": 0.1077,
            "timezone": "Europe/Paris",
            "access": None,
        },
        "status": 5,
        "registration": [],
        "accessibility": {"mi": False},
        "age": {"min": 12, "max": None},
        "image": None,
        "label": event.label_number,
        "organisateur": "Fonderie du Port",
        "format": "visite-entreprise",
        "publics": ["scolaires", "grand-public"],
        "filieres": ["metallurgie"],
        "niveaux": [],
        "places": 30,
        "taille_groupe": None,
    }


@pytest.mark.parametrize("query", ["tri=date", "pres=76351&rayon=200&tri=distance", "tri=date&region=28"])
def test_the_pages_of_the_json_hold_each_event_once_in_the_order_of_the_table(query: str) -> None:
    communes = [factories.commune(code) for code in ("76351", "76217")]
    for rank in range(11):
        published(slots=[(date(2024, 11, 18 + rank % 3), *DAY)], commune=communes[rank % 2])

    found = pages(query, size=4)

    keys = [page["sort"] for page in found]
    uids = [event["uid"] for page in found for event in page["events"]]
    assert [len(page["events"]) for page in found] == [4, 4, 3]
    assert {page["total"] for page in found} == {11}
    assert len(set(uids)) == 11
    rows = table(fetch("csv", query))
    key = "code_commune" if keys[0] == "distance" else "premier_jour"
    told = {row["uid"]: row[key] for row in rows}
    assert [told[uid] for uid in uids] == [row[key] for row in rows]


def test_the_next_page_is_asked_for_as_openagenda_does_too() -> None:
    for _ in range(3):
        published()
    (first, second) = pages(size=2)

    again = json.loads(fetch("json", "size=2&" + "&".join(f"after[]={value}" for value in first["after"])))

    assert again == second


@pytest.mark.parametrize(
    "query",
    [
        "after=2024-11-18",
        "after=x&after=y",
        "after=2024-11-18&after=%00",
        f"tri=distance&pres=45,4&after=nan&after={UUID(int=0)}",
    ],
)
def test_a_page_that_no_page_led_to_is_refused(client: Client, query: str) -> None:
    response = get(client, "json", query)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["after"]


def test_the_news_are_the_fifty_events_published_last() -> None:
    events = [published(title=f"Visite {rank}") for rank in range(52)]

    titles = [entry.title for entry in entries(fetch("rss"))]

    assert titles == [event.title for event in events[:1:-1]]


# Hostile texts --------------------------------------------------------------------------------------------------------

HOSTILE = [
    "Visite\u000bguidée",
    "Visite\r\nSTATUS:CANCELLED\r\nguidée",
    "=cmd|'/C calc'!A0",
    "+33 1 23",
    "@SUM(1)",
    "-2+3",
    "\t=1+1",
    "<script>alert(1)</script>",
    "</title></textarea></script><script>alert(1)</script>",
    "]]><!-- & &amp; \"'",
    "\u202eegatsiV\u202c",
    "a,b;c|d\\n",
    "日本",
    "مصنع",
    "👩\u200d🏭 L’atelier « Été » – 100 %",
    "Usine\u2028x\ufffe",
    "e" + "\u0301" * 150,
]


@pytest.fixture
def hostile() -> dict[str, str]:
    """Texts that no form lets in, in all that an event says, by uid: stored as an older version may have."""
    organisation = factories.organisation(name="=cmd|' /C calc'!A0")
    events = {}
    for title in HOSTILE:
        event = published(organisation=organisation, venue=title[:150], address=title[:150])
        Event.objects.filter(pk=event.pk).update(title=title, description=title, accessibility=title)
        events[str(event.uid)] = title
    return events


def test_hostile_texts_stay_texts_in_a_calendar(hostile: dict[str, str]) -> None:
    found = {str(m["uid"])[:36]: m for m in meetings(fetch("ics"))}

    assert found.keys() == hostile.keys()
    assert {str(m["status"]) for m in found.values()} == {"CONFIRMED"}
    assert found_title(found, hostile, "=cmd") == "=cmd|'/C calc'!A0"
    assert found_title(found, hostile, "a,b") == "a,b;c|d\\n"


def found_title(found: dict[str, Any], hostile: dict[str, str], start: str) -> str:
    (uid,) = (uid for uid, title in hostile.items() if title.startswith(start))
    return str(found[uid]["summary"])


def test_hostile_texts_break_no_feed_of_news(hostile: dict[str, str]) -> None:
    found = {entry.id.removeprefix("urn:uuid:"): entry for entry in entries(fetch("rss"))}

    assert found.keys() == hostile.keys()
    # A reader takes a description for HTML: what is said there is text once more.
    assert "<script" not in "".join(entry.summary for entry in found.values())
    assert b"<script" not in fetch("rss")


def test_hostile_texts_break_neither_json_nor_geojson(hostile: dict[str, str]) -> None:
    ((*events,),) = (page["events"] for page in pages())
    features = json.loads(fetch("geojson"))["features"]
    again = geojson.loads(fetch("geojson"))

    assert {event["uid"]: event["title"]["fr"] for event in events} == hostile
    assert {feature["id"]: feature["properties"]["title"] for feature in features} == hostile
    assert again.is_valid
    assert {feature.id for feature in again.features} == hostile.keys()


def test_hostile_texts_are_no_formulas_and_the_table_keeps_to_its_schema(
    client: Client, hostile: dict[str, str], tmp_path: Path
) -> None:
    published(attendance=Event.Attendance.ONLINE, online_url="https://visio.example/salle", is_full=True)
    published(
        commune=factories.commune("01053"), registration=Event.Registration.LINK, registration_url="https://a.example/"
    )
    published(commune=factories.commune("97105"), is_accessible=True, minimum_age=10, group_size=12, capacity=30)
    published(commune=factories.commune("98818")).cancel("Fermé.")
    (tmp_path / "evenements.csv").write_bytes(fetch("csv"))
    (tmp_path / "schema.json").write_bytes(client.get("/evenements.schema.json").content)

    report = frictionless.validate("evenements.csv", schema="schema.json", basepath=str(tmp_path))

    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert report.tasks[0].stats["rows"] == len(HOSTILE) + 4
    rows = table(fetch("csv"))
    numbers = {"latitude", "longitude"}
    cells = [cell for row in rows for name, cell in row.items() if name not in numbers]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n"))] == []
    assert {row["code_commune"] for row in rows} >= {"01053", "97105"}
    assert {row["code_region"] for row in rows} >= {"01", "28", "84", ""}
    assert {row["code_postal"] for row in rows} >= {"01000"}


def test_a_table_that_leaves_its_schema_would_be_found(tmp_path: Path, client: Client) -> None:
    published()
    (tmp_path / "evenements.csv").write_bytes(fetch("csv").replace(b",prevu,", b",peut-etre,"))
    (tmp_path / "schema.json").write_bytes(client.get("/evenements.schema.json").content)

    assert not frictionless.validate("evenements.csv", schema="schema.json", basepath=str(tmp_path)).valid


# How they answer ------------------------------------------------------------------------------------------------------


@each_format
def test_what_has_not_changed_is_not_sent_again_and_a_withdrawn_event_is_a_change(client: Client, name: str) -> None:
    with time_machine.travel(datetime(2024, 11, 1, 10, tzinfo=UTC)):
        published()
        event = published()
    with time_machine.travel(datetime(2024, 11, 1, 11, tzinfo=UTC)):
        first = get(client, name)
        tag, moment = first["ETag"], first["Last-Modified"]
        assert moment == "Fri, 01 Nov 2024 10:00:00 GMT"
        for headers in ({"if-none-match": tag}, {"if-modified-since": moment}):
            again = get(client, name, **headers)
            assert (again.status_code, content(again)) == (304, b"")
            kept = ("ETag", "Last-Modified", "Vary", "Cache-Control", "Access-Control-Allow-Origin")
            assert [again[header] for header in kept] == [first[header] for header in kept]
        event.revoke()
    with time_machine.travel(datetime(2024, 11, 1, 12, tzinfo=UTC)):
        for headers in ({"if-none-match": tag}, {"if-modified-since": moment}):
            assert get(client, name, **headers).status_code == 200


def test_a_second_in_which_something_changed_is_not_told_before_it_is_over(client: Client) -> None:
    with time_machine.travel(datetime(2024, 11, 1, 10, tzinfo=UTC), tick=False):
        published()

        assert "Last-Modified" not in get(client, "json")


def test_another_edition_becomes_current_at_midnight_whatever_changed_before(client: Client) -> None:
    with time_machine.travel(datetime(2024, 11, 1, 10, tzinfo=UTC)):
        published()
    with time_machine.travel(datetime(2024, 11, 2, 10, tzinfo=UTC)):
        # Midnight in Paris.
        assert get(client, "json")["Last-Modified"] == "Fri, 01 Nov 2024 23:00:00 GMT"


@each_format
def test_every_encoding_holds_the_same_document(client: Client, name: str) -> None:
    for _ in range(3):
        published()
    plain = get(client, name)

    packed = {encoding: get(client, name, **{"accept-encoding": encoding}) for encoding in ("gzip", "br")}

    body = content(plain)
    assert gzip.decompress(content(packed["gzip"])) == brotli.decompress(content(packed["br"])) == body
    assert [response["Content-Encoding"] for response in packed.values()] == ["gzip", "br"]
    assert len({plain["ETag"], *(response["ETag"] for response in packed.values())}) == 3
    assert plain["Vary"] == "Accept-Encoding"
    assert not plain.cookies


def test_the_table_leaves_as_it_is_read(client: Client) -> None:
    published()

    assert get(client, "csv").streaming
    assert content(client.head(ADDRESSES["csv"])) == b""


@pytest.mark.parametrize("query", ["", "region=28"])
def test_a_feed_says_the_address_that_it_was_asked_at_whoever_asked_before(settings: Settings, query: str) -> None:
    published()
    addresses = {
        asked: "&".join(filter(None, [query, "edition=2024" if "edition" in asked else ""]))
        for asked in ("", "tri=date", "edition=2024", "edition=2024&edition=2024&tri=date", "page=2")
    }

    for asked, expected in addresses.items():
        asks = "&".join(filter(None, [query, asked]))
        calendar: Any = icalendar.Calendar.from_ical(fetch("ics", asks))
        news = fetch("rss", asks).decode().replace("&amp;", "&")
        address = f"{settings.SITE_URL}/evenements.{{}}" + (f"?{expected}" if expected else "")
        assert calendar["source"] == address.format("ics")
        assert f'href="{address.format("rss")}" rel="self"' in news


@pytest.mark.parametrize("address", [*ADDRESSES.values(), "/evenements.schema.json"])
def test_any_site_may_read_and_only_read(address: str) -> None:
    published()
    client = Client(enforce_csrf_checks=True)

    read, asked = client.get(address), client.options(address)
    written = [client.generic(method, address) for method in ("POST", "PUT", "PATCH", "DELETE")]

    assert (read.status_code, asked.status_code, client.head(address).status_code) == (200, 204, 200)
    assert [response.status_code for response in written] == [405] * 4
    assert {r["Access-Control-Allow-Origin"] for r in (read, asked, *written)} == {"*"}
    assert asked["Access-Control-Allow-Methods"] == asked["Allow"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert "licence-ouverte" in read["Link"]


@each_format
@pytest.mark.parametrize(("query", "errors"), ERRORS)
def test_a_broken_value_is_refused_in_json(client: Client, name: str, query: str, errors: dict[str, list[str]]) -> None:
    published()

    response = get(client, name, query)

    assert (response.status_code, response.json()) == (400, {"errors": errors})
    assert response["Access-Control-Allow-Origin"] == "*"


@each_format
def test_an_unknown_edition_is_not_found_in_json(client: Client, name: str) -> None:
    published()

    response = get(client, name, "edition=1999")

    assert (response.status_code, response.json()) == (404, {"errors": {"edition": ["Il n’y a pas d’édition 1999."]}})


@each_format
def test_before_any_edition_every_format_is_empty(client: Client, name: str) -> None:
    assert get(client, name).status_code == 200


# Limits ---------------------------------------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_data, "MOST", 2)
    published()

    answers = [get(client, name, "region=28") for name in ("ics", "json", "csv")]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert answers[2]["Access-Control-Allow-Origin"] == "*"
    assert list(answers[2].json()["errors"]) == ["__all__"]


def test_a_calendar_that_asks_again_or_for_a_whole_edition_is_never_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data, "MOST", 1)
    published()
    tag = get(client, "ics", "region=28")["ETag"]

    unchanged = {get(client, "ics", "region=28", **{"if-none-match": tag}).status_code for _ in range(5)}
    whole = {get(client, "ics").status_code for _ in range(5)}

    assert (unchanged, whole) == ({304}, {200})


def test_behind_a_proxy_each_visitor_is_counted_apart_and_none_hides(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(open_data, "MOST", 1)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    published()

    def status(*, forwarded: str) -> int:
        return int(get(client, "json", "region=28", **{"x-forwarded-for": forwarded}).status_code)

    assert [status(forwarded="192.0.2.1"), status(forwarded="192.0.2.2")] == [200, 200]
    # What a client writes itself stands before what the proxy adds.
    assert status(forwarded="198.51.100.7, 192.0.2.1") == 429


# Cost -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("csv", 7), ("json", 8), ("ics", 3), ("rss", 5), ("geojson", 3)])
def test_a_document_takes_the_same_few_queries_whatever_it_holds(
    client: Client, name: str, queries: int, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        published()

    with django_assert_num_queries(queries):
        content(get(client, name, "edition=2024"))


@pytest.mark.parametrize("name", ["ics", "rss", "json", "geojson"])
def test_a_whole_edition_is_made_once_for_each_change(
    client: Client, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = published()
    get(client, name, "edition=2024")

    with django_assert_num_queries(1):
        get(client, name, "edition=2024")
    event.revoke()
    assert str(event.uid).encode() not in get(client, name, "edition=2024").content


@pytest.mark.parametrize("name", ["ics", "rss", "json", "geojson"])
def test_a_part_of_it_is_made_once_for_those_who_ask_again_soon(
    client: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    event = published()
    query = "edition=2024&format=visite-entreprise"
    first = get(client, name, query)

    with django_assert_max_num_queries(3):  # the edition, and the format asked for
        again = get(client, name, query)
    event.revoke()
    after = get(client, name, query)

    assert again.content == first.content
    assert str(event.uid).encode() in first.content and str(event.uid).encode() not in after.content


def test_an_address_that_names_the_version_may_be_kept_until_the_next(client: Client) -> None:
    event = published()
    event.edition.refresh_from_db()
    version = event.edition.public_version

    named = get(client, "geojson", f"edition=2024&version={version}")
    event.revoke()
    handed.forget()  # as another process, or this one a minute later
    overtaken = get(client, "geojson", f"edition=2024&version={version}")

    assert named["Cache-Control"] == "public, max-age=86400, immutable"
    assert overtaken["Cache-Control"] == get(client, "geojson", "edition=2024")["Cache-Control"] == "public, no-cache"


def test_an_event_approved_is_in_every_feed_at_the_next_request_and_leaves_it_with_its_label() -> None:
    application = factories.application(state=State.SUBMITTED)
    read: dict[str, Callable[[], int]] = {
        "csv": lambda: len(table(fetch("csv"))),
        "json": lambda: pages()[0]["total"],
        "ics": lambda: len(meetings(fetch("ics"))),
        "rss": lambda: len(entries(fetch("rss"))),
    }

    def counts() -> set[int]:
        return {count() for count in read.values()}

    examiner = factories.national()
    assert counts() == {0}
    perform(application, Action.APPROVE, by=examiner)
    assert counts() == {1}
    perform(application, Action.REVOKE, by=examiner, note="Payant.", conditions=["free"])
    assert counts() == {0}
