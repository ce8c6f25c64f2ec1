"""Working mornings: a digest to each examiner of what waits in their régions; to organisers, reminders of drafts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from core.outbox import Mail
from events.models import Edition, Event
from labels.models import Action, Application, State
from labels.tasks import send_digests, send_reminders
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
ARMISTICE = datetime(2026, 11, 11, 6, 30, tzinfo=UTC)


def digests() -> dict[str, Mail]:
    return {mail.to: mail for mail in Mail.objects.filter(key__startswith="digest-")}


@pytest.fixture
def waiting() -> Application:
    return factories.application(state=State.SUBMITTED, title="Visite en Normandie")


def test_each_examiner_reads_what_waits_in_their_regions_alone(waiting: Application) -> None:
    here, elsewhere = factories.regional("28"), factories.regional("84")
    national = factories.national()
    online = factories.application(state=State.SUBMITTED, attendance="en-ligne", title="Webinaire")

    with time_machine.travel(MONDAY):
        sent = send_digests()

    mails = digests()
    # The examiner who stands in the factories decides nationally too.
    assert set(mails) == {here.email, national.email, "traits@exemple.gouv.fr"}
    assert sent == len(mails)
    assert elsewhere.email not in mails
    assert waiting.reference in mails[here.email].text
    assert online.reference not in mails[here.email].text
    assert online.reference in mails[national.email].text


def test_a_change_of_a_labelled_event_that_waits_is_in_the_digest_even_alone() -> None:
    owner, examiner = factories.organiser(), factories.regional("28")
    application = factories.application(state=State.APPROVED, by=owner)
    perform(application, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})

    with time_machine.travel(MONDAY):
        send_digests()

    mail = digests()[examiner.email]
    assert mail.subject == "1 modification à examiner"
    assert "1 modification d’événement labellisé attend votre examen" in mail.text
    assert "etat=modification" in mail.text and "etat=modification" in mail.html


def test_a_morning_run_twice_sends_one_digest(waiting: Application) -> None:
    examiner = factories.regional("28")

    with time_machine.travel(MONDAY):
        send_digests()
        send_digests()

    assert Mail.objects.filter(key__startswith="digest-", to=examiner.email).count() == 1


@pytest.mark.parametrize("day", [SATURDAY, ARMISTICE])
def test_nobody_is_written_to_on_a_day_off(day: datetime, waiting: Application) -> None:
    factories.regional("28")

    with time_machine.travel(day):
        assert send_digests() == 0

    assert digests() == {}


def test_what_is_decided_waits_no_more_and_a_disabled_account_is_left_alone(waiting: Application) -> None:
    User.objects.filter(pk=factories.regional("28").pk).update(is_active=False)
    factories.regional("84", email="sans-rien@exemple.gouv.fr")
    Application.objects.update(state=State.APPROVED)

    with time_machine.travel(MONDAY):
        assert send_digests() == 0

    assert digests() == {}


@pytest.mark.parametrize(("days", "is_late"), [(-3, True), (0, False)])
def test_what_is_late_is_said(days: int, is_late: bool, waiting: Application) -> None:
    examiner = factories.regional("28")
    Application.objects.update(promised_on=timezone.localdate(MONDAY) + timedelta(days=days))

    with time_machine.travel(MONDAY):
        send_digests()

    assert ("en retard" in digests()[examiner.email].text) is is_late


# Reminders: applications close on Thursday 12 November 2026, the day after a holiday.

CLOSES_AT = datetime(2026, 11, 12, 22, 59, tzinfo=UTC)
WEEK_BEFORE = datetime(2026, 11, 5, 7, tzinfo=UTC)
EVE = datetime(2026, 11, 10, 7, tzinfo=UTC)


def closing_edition() -> Edition:
    opens_at = datetime(2026, 9, 1, tzinfo=UTC)
    return factories.edition(2026, applications_open_at=opens_at, applications_close_at=CLOSES_AT)


def draft(**fields: Any) -> Application:
    """One left alone since October."""
    with time_machine.travel(datetime(2026, 10, 1, tzinfo=UTC)):
        return factories.application(edition=closing_edition(), **fields)


def remind(at: datetime) -> int:
    with time_machine.travel(at):
        return send_reminders()


def reminders() -> list[Mail]:
    return list(Mail.objects.filter(key__startswith="reminder-").order_by("pk"))


def test_a_draft_is_recalled_a_week_before_the_close_and_on_the_last_working_eve() -> None:
    application = draft(title="Visite de la forge")
    told = {}
    for day in range(1, 14):
        at = datetime(2026, 11, day, 7, tzinfo=UTC)
        told[day] = remind(at)

    assert [day for day, count in told.items() if count] == [5, 10]
    application.refresh_from_db()
    assert application.reminders == 2
    first, second = reminders()
    assert first.subject == "Un brouillon à déposer avant le 12 novembre 2026 à 23 h 59"
    assert (
        f"- Visite de la forge\n  http://127.0.0.1:8000/organisateurs/demandes/{application.reference}/" in first.text
    )
    assert (first.to, first.key) != (second.to, second.key)


def test_one_mail_names_all_the_drafts_of_a_person() -> None:
    owner = factories.organiser()
    titles = {"Visite de la forge", "Atelier de fonderie"}
    for title in titles:
        draft(by=owner, title=title)
    draft(title="D’un autre")

    assert remind(WEEK_BEFORE) == 2

    (mail,) = [mail for mail in reminders() if mail.to == owner.email]
    assert {title for title in (*titles, "D’un autre") if title in mail.text and title in mail.html} == titles
    assert mail.subject.startswith("2 brouillons à déposer")


def test_a_worker_that_missed_a_morning_reminds_the_next_and_never_twice() -> None:
    draft()

    assert [remind(WEEK_BEFORE + timedelta(days=1, hours=hour)) for hour in range(3)] == [1, 0, 0]


def test_who_works_on_a_draft_is_left_alone_until_the_eve() -> None:
    application = draft()
    Application.objects.filter(pk=application.pk).update(updated_at=WEEK_BEFORE - timedelta(hours=20))

    assert (remind(WEEK_BEFORE), remind(EVE)) == (0, 1)


def test_nothing_typed_is_nothing_to_recall() -> None:
    with time_machine.travel(datetime(2026, 10, 1, tzinfo=UTC)):
        edition = closing_edition()
        Application.objects.create(
            reference=edition.next_reference(),
            event=Event.objects.create(edition=edition),
            created_by=factories.organiser(),
        )

    assert remind(EVE) == 0


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_only_drafts_are_recalled(state: State) -> None:
    draft(state=state)

    assert remind(EVE) == 0


@pytest.mark.parametrize("at", [CLOSES_AT + timedelta(hours=10), datetime(2026, 11, 8, 7, tzinfo=UTC)])
def test_nobody_is_reminded_on_a_day_off_nor_once_it_is_too_late(at: datetime) -> None:
    draft()

    assert remind(at) == 0


def test_owners_are_reminded_of_a_draft_whose_author_is_gone() -> None:
    application = draft()
    organisation = application.event.organisation
    assert organisation
    Membership.objects.filter(organisation=organisation).delete()
    owners = [factories.organiser(), factories.organiser()]
    for owner in owners:
        Membership.objects.create(user=owner, organisation=organisation)
    User.objects.filter(applications=application).delete()

    assert remind(EVE) == 2
    assert {mail.to for mail in reminders()} == {owner.email for owner in owners}


def test_who_stopped_the_reminders_by_the_link_of_one_gets_no_more(client: Client) -> None:
    owner = factories.organiser()
    draft(by=owner)
    remind(WEEK_BEFORE)
    (mail,) = reminders()
    assert mail.unsubscribe_url in mail.text and mail.unsubscribe_url in mail.html
    link = mail.unsubscribe_url.removeprefix("http://127.0.0.1:8000")

    with time_machine.travel(WEEK_BEFORE):
        assert "Ne plus recevoir de rappel" in client.get(link).content.decode()
        owner.refresh_from_db()
        assert owner.accepts_reminders
        stopped = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert (stopped.status_code, "Vous ne recevrez plus de rappel" in stopped.content.decode()) == (200, True)
    assert remind(EVE) == 0

    with time_machine.travel(WEEK_BEFORE):
        client.post(link, {"again": "on"})
    assert remind(EVE) == 1
