"""Working mornings: a digest to each examiner of what waits in their régions; to organisers, reminders of drafts."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from core.outbox import Mail
from events.models import Edition, Event
from labels import reassessment, tasks
from labels.digests import SENT_AT, Morning
from labels.emails import send_digest
from labels.models import Action, Application, State
from labels.permissions import COMMUNICATION
from labels.tasks import reassess_waiting, send_digests, send_reminders
from labels.workflow import perform
from places.models import Region
from semaine.celery import app
from tests import factories
from tests.labels.admin.desk import QUEUE

pytestmark = pytest.mark.django_db

PORTAL_QUEUE = f"http://127.0.0.1:8000{QUEUE}"
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
ARMISTICE = datetime(2026, 11, 11, 6, 30, tzinfo=UTC)


def digests_sent() -> dict[str, Mail]:
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

    mails = digests_sent()
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

    mail = digests_sent()[examiner.email]
    assert mail.subject == "1 demande à décider"
    assert "Modifications d’événements labellisés à examiner\u00a0: 1" in mail.text
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

    assert digests_sent() == {}


def test_what_is_decided_waits_no_more_and_a_disabled_account_is_left_alone(waiting: Application) -> None:
    User.objects.filter(pk=factories.regional("28").pk).update(is_active=False)
    factories.regional("84", email="sans-rien@exemple.gouv.fr")
    perform(waiting, Action.APPROVE, by=factories.national())

    with time_machine.travel(MONDAY):
        assert send_digests() == 0

    assert digests_sent() == {}


@pytest.mark.parametrize(("days", "is_late"), [(-3, True), (0, False)])
def test_what_is_late_is_said(days: int, is_late: bool, waiting: Application) -> None:
    examiner = factories.regional("28")
    Application.objects.update(promised_on=timezone.localdate(MONDAY) + timedelta(days=days))

    with time_machine.travel(MONDAY):
        send_digests()

    assert ("en retard" in digests_sent()[examiner.email].text) is is_late


def test_accounts_that_examine_nothing_get_none(waiting: Application) -> None:
    chief = User.objects.create_superuser("chef@exemple.gouv.fr")
    examining_chief = factories.national(email="examine@exemple.gouv.fr", is_superuser=True)
    figures = factories.organiser(is_staff=True)
    figures.groups.add(Group.objects.get(name=COMMUNICATION))

    with time_machine.travel(MONDAY):
        send_digests()

    assert {user.email for user in (chief, figures, waiting.created_by) if user}.isdisjoint(digests_sent())
    assert examining_chief.email in digests_sent()


def test_each_section_counts_what_its_link_shows(client: Client) -> None:
    examiner = factories.regional("28")
    owner = factories.organiser()
    today = timezone.localdate(MONDAY)
    opened, closed = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    factories.edition(2026, applications_open_at=opened, applications_close_at=closed)
    with time_machine.travel(MONDAY - timedelta(days=20)):
        late, due, early, mine, _ = (factories.application(state=State.SUBMITTED) for _ in range(5))
        revised = factories.application(state=State.APPROVED, by=owner)
    # Friday, 7:29 and 7:31 in Paris.
    with time_machine.travel(datetime(2026, 11, 20, 6, 29, tzinfo=UTC)):
        factories.application(state=State.SUBMITTED)
    with time_machine.travel(datetime(2026, 11, 20, 6, 31, tzinfo=UTC)):
        factories.application(state=State.SUBMITTED)
        perform(revised, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})
    far = today + timedelta(days=9)
    Application.objects.update(promised_on=far, due_on=far)
    Application.objects.filter(pk=late.pk).update(promised_on=today - timedelta(days=1), due_on=today)
    Application.objects.filter(pk=due.pk).update(promised_on=today, due_on=today)
    Application.objects.filter(pk=early.pk).update(due_on=today)
    Application.objects.filter(pk=mine.pk).update(assigned_to=examiner)
    Application.objects.filter(state=State.DRAFT).update(due_on=None)

    with time_machine.travel(MONDAY):
        send_digests()
        client.force_login(examiner)
        text = digests_sent()[examiner.email].text.replace("\u00a0", " ")
        shown = {
            name: len(client.get(f"{QUEUE}?{query}").context["cl"].result_list)
            for name, query in re.findall(r"- (.+) : \d+\n  \S+/application/\?(\S+)", text.partition("PAR ÉCH")[0])
        }

    assert dict(re.findall(r"^- (.+) : (\d+)$", text, re.MULTILINE)) == {
        "En retard": "1",
        "À décider aujourd’hui": "1",
        "L’événement commence avant la réponse promise": "1",
        "Nouvelles depuis le dernier matin ouvré": "2",
        "Modifications d’événements labellisés à examiner": "1",
        "Prises en charge par vous": "1",
    }
    assert list(shown.values()) == [1, 1, 1, 1, 1]


def test_the_national_team_reads_where_nobody_examines_what_is_late_and_what_has_no_region() -> None:
    national = factories.national()
    factories.commune()
    factories.regional("28")
    User.objects.filter(pk=factories.regional("84").pk).update(is_active=False)
    national.regions.add(Region.objects.get(code="84"))
    here = factories.application(state=State.SUBMITTED)
    factories.application(state=State.SUBMITTED, commune=factories.commune("69381"))
    factories.application(state=State.SUBMITTED, attendance="en-ligne")
    Application.objects.update(promised_on=date(2026, 12, 1))
    Application.objects.filter(pk=here.pk).update(promised_on=date(2026, 11, 18))

    with time_machine.travel(MONDAY):
        send_digests()

    told = digests_sent()[national.email].text.replace("\u00a0", " ")
    section = told.partition("RÉGIONS SANS EXAMINATEUR ACTIF")[2].partition("\nPAR ÉCHÉANCE")[0]
    assert [line for line in section.splitlines() if line] == [
        "- Région 84 : 1 en attente",
        f"  {PORTAL_QUEUE}?region=84",
        "RÉGIONS AU-DELÀ DU DÉLAI PROMIS",
        "- Normandie : 1 en retard, la plus ancienne depuis le mercredi 18 novembre 2026",
        f"  {PORTAL_QUEUE}?region=28&attente=en-retard",
        "SANS RÉGION (À L’ÉQUIPE NATIONALE)",
        "- 1 en attente",
        f"  {PORTAL_QUEUE}?region=aucune",
    ]
    readers = {to for to, mail in digests_sent().items() if "EXAMINATEUR ACTIF" in mail.text}
    # The examiner who stands in the factories is of the national team too.
    assert readers == {national.email, "traits@exemple.gouv.fr"}


def test_one_digest_that_fails_keeps_nobody_else_from_theirs(
    waiting: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, lucky = factories.regional("28"), factories.regional("28")

    def fail_for_one(examiner: User, morning: Morning) -> bool:
        posted = send_digest(examiner, morning)
        if examiner == unlucky:
            raise ValueError("a name that no mail can carry")
        return posted

    monkeypatch.setattr(tasks, "send_digest", fail_for_one)
    with time_machine.travel(MONDAY):
        send_digests()
        first = set(digests_sent())
        monkeypatch.undo()
        assert send_digests() == 1

    assert (lucky.email in first, unlucky.email in first) == (True, False)
    assert set(digests_sent()) == {*first, unlucky.email}


def test_an_examiner_costs_a_bounded_number_of_queries(waiting: Application) -> None:
    factories.regional("28")
    with time_machine.travel(MONDAY), CaptureQueriesContext(connection) as one:
        send_digests()
    Mail.objects.all().delete()
    for _ in range(3):
        factories.regional("28")
        factories.application(state=State.SUBMITTED)

    with time_machine.travel(MONDAY), CaptureQueriesContext(connection) as four:
        send_digests()

    each, rest = divmod(len(four) - len(one), 3)
    assert (rest, each <= 14) == (0, True), f"{each} queries an examiner"


def test_beat_runs_what_exists_at_the_hours_that_are_told() -> None:
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    app.loader.import_default_modules()

    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)
    digest = schedule["digest-for-examiners"]["schedule"]
    assert digest.hour | digest.minute == {SENT_AT.hour, SENT_AT.minute}
    assert digest.day_of_week == {1, 2, 3, 4, 5}
    assert settings.CELERY_TIMEZONE == settings.TIME_ZONE == "Europe/Paris"


# What waits, read anew


def test_what_waits_is_read_anew_by_batches_and_the_rest_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reassessment, "BATCH", 2)
    stale = [factories.application(state=State.SUBMITTED) for _ in range(3)]
    done, draft_of = factories.application(state=State.APPROVED), factories.application()
    Application.objects.update(doubts="free:not_met")

    assert reassess_waiting() == 3
    assert reassess_waiting() == 0

    assert {item.doubts for item in Application.objects.filter(pk__in=[item.pk for item in stale])} == {""}
    assert {item.doubts for item in Application.objects.filter(pk__in=[done.pk, draft_of.pk])} == {"free:not_met"}


def test_a_decision_taken_while_it_is_read_anew_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    application, examiner = factories.application(state=State.SUBMITTED), factories.national()
    Application.objects.update(doubts="free:not_met")
    read = Application.queue_columns

    def decide_meanwhile(self: Application) -> dict[str, Any]:
        columns = read(self)
        monkeypatch.undo()
        perform(Application.objects.get(pk=self.pk), Action.APPROVE, by=examiner)
        return columns

    monkeypatch.setattr(Application, "queue_columns", decide_meanwhile)
    assert reassess_waiting() == 0

    application.refresh_from_db()
    assert (application.state, application.due_on, application.doubts) == (State.APPROVED, None, "")


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
