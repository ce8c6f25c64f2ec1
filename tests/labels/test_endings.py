"""An event that will not take place stays readable, and those who follow its calendar learn it."""

from datetime import date, time, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from events.models import Event
from labels.models import Action, Application, Revision, State
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    user = factories.organiser(name="Élodie Müller")
    client.force_login(user)
    return user


def around_now(*days: int) -> list[tuple[date, time, time]]:
    return [(timezone.localdate() + timedelta(days=day), time(9), time(12)) for day in days]


def cancel(client: Client, application: Application, **data: object) -> HttpResponse:
    address = f"/organisateurs/demandes/{application.reference}/annuler/"
    version = Application.objects.get(pk=application.pk).version
    return client.post(address, {"version": version, "message": "L’atelier est fermé.", **data})  # type: ignore[return-value]


def followed(event: Event) -> list[tuple[str, str, int]]:
    """What a calendar that follows the event reads of each slot: its identity, status and sequence."""
    answer = Client().get(f"/evenements/{event.uid}.ics")
    meetings = Calendar.from_ical(answer.content).walk("VEVENT")
    return [(str(item["UID"]), str(item["STATUS"]), int(str(item["SEQUENCE"]))) for item in meetings]


def test_who_follows_the_calendar_learns_of_a_cancellation(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user, slots=around_now(1, 2))
    before = followed(application.event)

    cancel(client, application)

    after = followed(application.event)
    assert [(status, uid) for uid, status, _ in after] == [("CANCELLED", uid) for uid, _, _ in before]
    assert [status for _, status, _ in before] == ["CONFIRMED", "CONFIRMED"]
    assert all(late > early for (_, _, early), (_, _, late) in zip(before, after, strict=True))
    page = Client().get(application.event.get_absolute_url())
    assert (page.status_code, "L’atelier est fermé." in page.content.decode()) == (200, True)


def test_who_follows_the_calendar_learns_of_new_hours_and_that_it_is_full(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user)
    (uid, _, sequence) = followed(application.event)[0]
    perform(application, Action.REVISE, by=user, changes={"title": "Visite de nuit"})
    assert followed(application.event) == [(uid, "CONFIRMED", sequence)]

    perform(application, Action.EDIT, by=user, changes={"is_full": True})

    assert followed(application.event) == [(uid, "CONFIRMED", sequence + 1)]
    assert "Complet" in Client().get(f"/evenements/{application.event.uid}.ics").content.decode()
    perform(application, Action.ACCEPT, by=factories.national())
    assert followed(application.event) == [(uid, "CONFIRMED", sequence + 2)]


def test_an_event_that_did_not_take_place_is_cancelled_even_afterwards(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user, slots=around_now(-3))
    asked = client.post(f"/organisateurs/demandes/{application.reference}/annuler/").content.decode()

    cancel(client, application)

    assert "annulez-le seulement s’il n’a pas eu lieu" in asked
    assert [Event.objects.held().count(), Event.objects.published().count()] == [0, 1]


def test_who_cancels_what_is_half_past_is_told_how_to_keep_that_half(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user, slots=around_now(-3, 3))

    page = client.post(f"/organisateurs/demandes/{application.reference}/annuler/").content.decode()

    assert f"/organisateurs/demandes/{application.reference}/modifier/dates-et-lieu/" in page


def test_a_cancellation_closes_the_change_that_waits(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user)
    perform(application, Action.REVISE, by=user, changes={"title": "Visite de nuit"})

    cancel(client, application)

    assert Revision.objects.get().state == Revision.State.CLOSED


def test_a_message_is_kept_when_the_event_changed_meanwhile(client: Client, user: User) -> None:
    application = factories.application(state=State.APPROVED, by=user)
    perform(application, Action.EDIT, by=user, changes={"is_full": True})

    response = cancel(client, application, version=application.version - 1)

    page = response.content.decode()
    assert (response.status_code, "L’atelier est fermé." in page) == (409, True)
    assert Application.objects.get().state == State.APPROVED
    cancel(client, application)
    assert Application.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
def test_what_is_not_decided_is_withdrawn(state: State, client: Client, user: User) -> None:
    application = factories.application(state=state, by=user)

    client.post(
        f"/organisateurs/demandes/{application.reference}/retirer/",
        {"version": Application.objects.get().version},
    )

    assert Application.objects.get().state == State.WITHDRAWN
