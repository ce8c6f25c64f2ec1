"""The calendar of an event, read back by a real parser."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from events.models import Event
from labels.models import Action, State
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db

TWO_DAYS = [(date(2024, 11, 20), time(14), time(15, 30)), (date(2024, 11, 18), time(9), time(12))]


def published(**fields: Any) -> Event:
    event = factories.event(edition=factories.edition(2024), **fields)
    event.publish()
    return event


def fetch(client: Client, event: Event) -> Any:
    response = client.get(reverse("events:calendar", args=[event.uid]))
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content)


def test_each_slot_is_an_event_of_its_own_at_its_local_hours(client: Client) -> None:
    event = published(slots=TWO_DAYS)

    meetings = fetch(client, event).walk("VEVENT")

    paris = ZoneInfo("Europe/Paris")
    assert [(m["uid"], m.start, m.end) for m in meetings] == [
        (
            f"{event.uid}-1@127.0.0.1",
            datetime(2024, 11, 18, 9, tzinfo=paris),
            datetime(2024, 11, 18, 12, tzinfo=paris),
        ),
        (
            f"{event.uid}-2@127.0.0.1",
            datetime(2024, 11, 20, 14, tzinfo=paris),
            datetime(2024, 11, 20, 15, 30, tzinfo=paris),
        ),
    ]
    assert [(m["status"], m["sequence"]) for m in meetings] == [("CONFIRMED", 1)] * 2


def test_an_event_overseas_keeps_its_hour_and_brings_its_time_zone(client: Client) -> None:
    event = published(commune=factories.commune("97411"), slots=TWO_DAYS[1:])

    calendar = fetch(client, event)

    (meeting,) = calendar.walk("VEVENT")
    assert meeting.start.utcoffset() == timedelta(hours=4)
    assert meeting.start.replace(tzinfo=None) == datetime(2024, 11, 18, 9)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Indian/Reunion"]


def test_the_same_event_gives_the_same_bytes_and_a_change_moves_the_sequence(client: Client) -> None:
    owner = factories.organiser()
    application = factories.application(state=State.APPROVED, by=owner)
    address = reverse("events:calendar", args=[application.event.uid])
    first = client.get(address).content

    assert client.get(address).content == first

    perform(application, Action.CANCEL, by=owner, note="L’atelier est fermé.")
    before: Any = icalendar.Calendar.from_ical(first).walk("VEVENT")[0]
    (after,) = fetch(client, application.event).walk("VEVENT")
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert (after["status"], str(after["summary"])) == ("CANCELLED", "Annulé : Visite de la fonderie")


def test_texts_cannot_add_a_line_of_their_own(client: Client) -> None:
    event = published(title="Fonderie\r\nSTATUS:CANCELLED", description="Un, deux ; trois\r\nBEGIN:VALARM\nfin")

    calendar = fetch(client, event)

    (meeting,) = calendar.walk("VEVENT")
    assert meeting["status"] == "CONFIRMED"
    assert calendar.walk("VALARM") == []
    assert str(meeting["description"]).startswith("Un, deux ; trois\nBEGIN:VALARM\nfin\n\nOrganisateur : ")


def test_every_line_ends_in_crlf_and_holds_75_bytes_at_most(client: Client) -> None:
    event = published(description="Découverte des métiers. " * 20)

    body = client.get(reverse("events:calendar", args=[event.uid])).content

    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_the_file_is_named_after_the_event(client: Client) -> None:
    event = published(title="Fonderie « à cœur ouvert »")

    response = client.get(reverse("events:calendar", args=[event.uid]))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="fonderie-a-cur-ouvert.ics"'


def test_no_contact_is_in_it_but_where_it_takes_place_is(client: Client) -> None:
    event = published(
        registration=Event.Registration.EMAIL, registration_email="inscription@exemple.fr", is_accessible=True
    )

    body = client.get(reverse("events:calendar", args=[event.uid])).content.decode()

    assert "@exemple.fr" not in body.replace("\r\n ", "")
    assert "LOCATION:Fonderie du Port\\, 12 rue des Docks\\, 76600 Le Havre\r\n" in body


@pytest.mark.parametrize(("state", "status"), [(State.SUBMITTED, 404), (State.REVOKED, 410), (State.CANCELLED, 200)])
def test_a_calendar_is_given_for_what_is_public(client: Client, state: State, status: int) -> None:
    event = factories.application(state=state).event

    assert client.get(reverse("events:calendar", args=[event.uid])).status_code == status


def test_one_slot_is_added_alone_under_the_name_that_the_whole_gives_it(client: Client) -> None:
    event = published(slots=TWO_DAYS, commune=factories.commune("97105"))

    response = client.get(f"/evenements/{event.uid}/20241120T1400.ics")

    meetings: list[Any] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    (meeting,) = meetings
    assert meeting["uid"] in {whole["uid"] for whole in fetch(client, event).walk("VEVENT")}
    assert meeting.start == datetime(2024, 11, 20, 14, tzinfo=ZoneInfo("America/Guadeloupe"))
    assert response["Content-Disposition"] == f'attachment; filename="{event.slug}-20241120t1400.ics"'
    assert client.get(f"/evenements/{event.uid}/20241120T1401.ics").status_code == 404
