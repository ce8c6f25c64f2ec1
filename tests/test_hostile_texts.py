"""Hostile titles wherever an event is told outside a browser: each sink, read by a parser of its format, says the text.

What a browser makes of them is tried in tests/e2e/test_hostile_titles.py.
"""

import json
import logging
import xml.etree.ElementTree as ET
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import geojson
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Organisation
from events.models import Event
from labels.models import Action, Application, State
from labels.workflow import perform
from semaine import theme
from tests import bad_input, factories
from tests.bad_input import CASES, Case
from tests.events.reading import content, entries, fetch, meetings, pages, table

pytestmark = pytest.mark.django_db

# The twelve that mean something to a program somewhere.
TITLES = [
    CASES[f"title-{number:03}"] for number in (19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39, 49)
]  # fmt: skip
TEXTS = [*TITLES, *(CASES[f"desc-{number:03}"] for number in (3, 7, 11))]


class Head(HTMLParser):
    """What a page says of itself to the programs that read its head, and whether it holds a script with code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.properties: dict[str, str | None] = {}
        self.title = self.data = ""
        self.code: list[str] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            self.properties[given.get("property") or given.get("name") or ""] = given.get("content")
        kind = given.get("type") or ""
        self._in = {"application/ld+json": "data", "application/json": ""}.get(kind, tag)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        match self._in:
            case "title":
                self.title += data
            case "data":
                self.data += data
            case "script":
                self.code.append(data)


def approved(case: Case) -> Application:
    """With the case in all that an organiser may write."""
    text = case.value
    result = factories.application(state=State.SUBMITTED, title=text, description=text, venue=text, address=text)
    Event.objects.filter(pk=result.event_id).update(accessibility=text, directions=text, safety_equipment=text)
    Organisation.objects.filter(events=result.event).update(name=text)
    result.refresh_from_db()
    perform(result, Action.APPROVE, by=factories.national())
    return Application.objects.get(pk=result.pk)


@pytest.fixture
def applications() -> dict[str, Application]:
    """By what each says."""
    return {case.value: approved(case) for case in TEXTS}


@pytest.fixture
def by_uid(applications: dict[str, Application]) -> dict[str, str]:
    return {str(application.event.uid): text for text, application in applications.items()}


def guarded(text: str) -> str:
    """As a spreadsheet must be given it."""
    return f"'{text}" if text.startswith(tuple("=+-@")) else text


@bad_input.runs("sink-009")
def test_the_head_of_an_events_page_says_its_title(client: Client, applications: dict[str, Application]) -> None:
    for text, application in applications.items():
        head = Head(client.get(application.event.get_absolute_url()).content.decode())

        assert head.properties["og:title"] == text
        assert head.title.startswith(text)
        assert json.loads(head.data)["name"] == text
        assert "".join(head.code).strip() == theme.SCRIPT, text


@bad_input.runs("sink-011")
def test_a_calendar_says_its_title(client: Client, by_uid: dict[str, str]) -> None:
    own = [client.get(f"/evenements/{uid}.ics").content for uid in by_uid]
    alone = [meeting for body in own for meeting in meetings(body)]

    for found in (alone, meetings(fetch("ics"))):
        assert {str(meeting["uid"])[:36]: str(meeting["summary"]) for meeting in found} == by_uid
        assert [m for m in found if str(m["summary"]) not in str(m["description"])] == []


@bad_input.runs("sink-013")
def test_tables_say_its_title_and_calculate_nothing(client: Client, by_uid: dict[str, str]) -> None:
    rows = table(fetch("csv"))
    client.force_login(factories.national())
    export = f"{reverse('admin:labels_application_export')}?etat=toutes"
    book = load_workbook(BytesIO(content(client.post(export, {"format": "xlsx", "contacts": "sans"}))))

    assert {row["uid"]: row["titre"] for row in rows} == {uid: guarded(text) for uid, text in by_uid.items()}
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None]
    assert {cell.value for cell in cells} >= set(by_uid.values())
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_data_news_and_the_map_say_its_title(client: Client, by_uid: dict[str, str]) -> None:
    events = [event for page in pages() for event in page["events"]]
    features = geojson.loads(fetch("geojson")).features
    keys = Event.objects.values_list("pk", flat=True)
    cards = client.get(f"/carte/fiches.json?ids={','.join(map(str, keys))}").json()["events"]
    news = ET.fromstring(fetch("rss"))

    assert {event["uid"]: event["title"]["fr"] for event in events} == by_uid
    assert {feature.id: feature.properties["title"] for feature in features} == by_uid
    assert {card["title"] for card in cards} == set(by_uid.values())
    assert {title.text for title in news.iterfind("channel/item/title")} == set(by_uid.values())
    assert {entry.id.removeprefix("urn:uuid:") for entry in entries(fetch("rss"))} == by_uid.keys()
    assert client.get("/sitemap-evenements.xml").content.count(b"<url>") >= len(by_uid)
    ET.fromstring(client.get("/sitemap-evenements.xml").content)


@bad_input.runs("sink-017", "sink-019")
def test_a_mail_says_its_title_on_one_line_and_to_nobody_else(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for case in TEXTS:
        with django_capture_on_commit_callbacks(execute=True):
            application = approved(case)
        message: Any = message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=default)

        title = " ".join(case.value.split())
        assert application.created_by
        assert title in " ".join(str(message["subject"]).split())
        assert title in " ".join(message.get_body("plain").get_content().split())
        assert message["to"].addresses[0].addr_spec == application.created_by.email
        assert {name.lower() for name in message.keys()} & {"bcc", "cc"} == set()  # noqa: SIM118 - no dictionary


@bad_input.runs("sink-023")
def test_no_log_line_holds_what_people_wrote(
    client: Client, applications: dict[str, Application], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    for text, application in applications.items():
        page = f"/signaler/{application.event.uid}/"
        for address in (application.event.get_absolute_url(), f"/evenements/?{urlencode({'q': text})}", page):
            client.get(address)
        client.post(page, {"reason": "autre", "text": text})
        perform(application, Action.REVOKE, by=factories.national(), note=text, conditions=["free"])
    client.get("/nulle-part%0d%0aINFO/")

    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [line for line in lines if "\n" in line or any(text in line for text in applications)] == []
    assert any("/nulle-part" in line for line in lines)
