"""An event in the words of schema.org, held against what Google documents."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from tests import factories
from tests.events.google import document_of, faults

pytestmark = pytest.mark.django_db

MORNING = (date(2024, 11, 18), time(9), time(12))
AFTERNOON = (date(2024, 11, 19), time(14), time(16))
HOSTILE = ["Fonderie </script><b>", "<!--<script>", "\u2028 ' \" \\ &amp; {{ title }}", "Été à l’usine « de nuit »"]


def document(client: Client, **fields: Any) -> dict[str, Any]:
    event = factories.event(**{"edition": factories.edition(2024), "slots": [MORNING], **fields})
    event.publish()
    return document_of(client.get(event.get_absolute_url()).content.decode())


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"slots": [MORNING, AFTERNOON], "capacity": 30, "is_full": True},
        {"attendance": Event.Attendance.ONLINE},
        {"attendance": Event.Attendance.MIXED, "online_url": "https://exemple.fr/direct"},
        {"venue": "", "address": ""},
        {"venue": "", "commune": None},
        {"registration": Event.Registration.LINK, "registration_url": "https://exemple.fr/inscription"},
        {"registration": Event.Registration.LINK, "registration_url": ""},
        {"commune": "97801"},
    ],
    ids=str,
)
def test_a_search_engine_finds_all_that_it_documents(client: Client, fields: dict[str, Any]) -> None:
    if code := fields.get("commune"):
        fields = {"commune": factories.commune(code)}

    assert faults(document(client, **fields)) == []


def test_the_validator_finds_what_is_missing() -> None:
    assert faults({"@context": "https://schema.org", "location": [{"@type": "Place"}]}) == [
        "@type",
        "name",
        "startDate",
        "endDate",
        "eventStatus",
        "eventAttendanceMode",
        "location.name",
        "location.address",
        "description",
        "image",
        "organizer.name",
        "offers.price",
        "offers.availability",
        "offers.url",
        "offers.validFrom",
    ]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(client: Client, title: str) -> None:
    assert document(client, title=title)["name"] == title


@pytest.mark.parametrize(("code", "offset"), [("97411", "+04:00"), ("97105", "-04:00"), ("76351", "+01:00")])
def test_an_hour_is_that_of_its_place(client: Client, code: str, offset: str) -> None:
    read = document(client, commune=factories.commune(code))

    assert (read["startDate"], read["endDate"]) == (f"2024-11-18T09:00:00{offset}", f"2024-11-18T12:00:00{offset}")


def test_each_meeting_of_a_cancelled_event_is_cancelled_and_nobody_is_named(client: Client) -> None:
    event = factories.event(edition=factories.edition(2024), slots=[MORNING, AFTERNOON])
    event.publish()
    event.cancel("L’atelier est fermé.")

    read = document_of(client.get(event.get_absolute_url()).content.decode())

    assert faults(read) == []
    statuses = {item["eventStatus"] for item in (read, *read["subEvent"])}
    assert statuses == {"https://schema.org/EventCancelled"}
    assert "email" not in str(read) and "telephone" not in str(read)
