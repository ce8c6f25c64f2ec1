"""The purge: told before it is done, each period to the day, nothing of an edition that lives, safe at any moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.conf import settings as live
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import audit
from accounts.attempts import FactorAttempts
from accounts.models import Invitation, Membership, Organisation, User
from core import outbox, retention
from core.outbox import Mail
from core.retention import Retention
from events.models import Edition, Event, Picture
from labels.models import Action, Application, Note, State
from labels.workflow import perform
from pages import purge
from semaine.celery import app
from tests import factories
from tests.purging import purged

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ENDED = datetime(2024, 12, 10, 12, tzinfo=UTC)  # noon after the last day of the window of 2024


def told(*arguments: str) -> str:
    output = StringIO()
    call_command("purge", *arguments, stdout=output)
    return output.getvalue()


def edition_of_2024() -> Edition:
    edition = factories.edition(2024)
    assert edition.window_ends_on.isoformat() == "2024-12-09"
    return edition


# The command and the night -------------------------------------------------------------------------------------------


def session(ends_at: datetime, key: str = "a") -> Session:
    return Session.objects.create(session_key=key, session_data="", expire_date=ends_at)


def test_by_default_it_tells_and_changes_nothing() -> None:
    session(timezone.now() - DAY)

    output = told()

    assert Session.objects.count() == 1
    assert "rien n’est changé" in output
    today = timezone.localdate()
    assert f"       1  Session terminée – la nuit qui suit sa fin (avant le {today:%d/%m/%Y})" in output.splitlines()
    assert len(output.splitlines()) == 1 + len(retention.ALL)


def test_told_to_it_erases_and_a_second_time_finds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    session(timezone.now() - DAY)
    kept = session(timezone.now() + DAY, "b")

    with caplog.at_level("INFO", "pages.purge"):
        first, second = told("--yes"), told("--yes")

    assert Session.objects.get() == kept
    assert [output.count("\n       1  Session terminée") for output in (first, second)] == [1, 0]
    assert caplog.messages == ["purge: Session terminée: 1", "purge: nothing"]


def test_what_it_foretells_is_what_it_does() -> None:
    with time_machine.travel(ENDED - 30 * DAY):
        edition = edition_of_2024()
        for state in (State.DRAFT, State.REFUSED, State.APPROVED):
            factories.application(state=state, edition=edition)
    session(timezone.now() - DAY)

    foretold = purge.foresee()

    assert purge.run() == foretold
    assert sum(line.count for line in foretold) >= 8


def test_a_rule_that_fails_keeps_none_of_the_others_from_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("disk")

    files = purge.Files(retention.FILE, broken)
    monkeypatch.setattr(purge, "RULES", (files, *purge.RULES))
    monkeypatch.setattr(retention, "ALL", (retention.FILE, *retention.ALL[:-1]))
    session(timezone.now() - DAY)

    with pytest.raises(CommandError, match="Fichier que plus rien ne montre"):
        told("--yes")

    assert not Session.objects.exists()


def test_every_period_has_its_rule_and_every_rule_its_period() -> None:
    assert {rule.retention.what for rule in purge.RULES} == {kept.what for kept in retention.ALL}
    assert len({kept.what for kept in retention.ALL}) == len(retention.ALL)


def test_the_night_runs_the_same_and_names_no_task_that_is_gone() -> None:
    session(timezone.now() - DAY)
    app.loader.import_default_modules()
    nightly = {entry["task"] for entry in live.CELERY_BEAT_SCHEDULE.values()}

    assert nightly <= app.tasks.keys()
    assert "pages.tasks.purge" in nightly
    assert app.tasks["pages.tasks.purge"]() == 1


# To the day ----------------------------------------------------------------------------------------------------------


def aged(rows: Any, **instants: Any) -> None:
    type(rows)._base_manager.filter(pk=rows.pk).update(**instants)


def mail(state: str, at: datetime, **fields: Any) -> None:
    row = outbox.post(key=f"{state}-{at}", to="camille@exemple.fr", subject="Objet", text="Bonjour", **fields)
    aged(row, state=state, created_at=at, sent_at=at if state == Mail.State.SENT else None)


def log_entry(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        audit.record(None, "test.deed", "Fait")


def admin_entry(at: datetime) -> None:
    agent = factories.national()
    (entry,) = LogEntry.objects.log_actions(agent.pk, [agent], 2, "Nom", single_object=False)
    aged(entry, action_time=at)


def attempt(at: datetime) -> None:
    aged(AccessAttempt.objects.create(username="agent@exemple.gouv.fr", failures_since_start=1), attempt_time=at)


def factor(at: datetime) -> None:
    FactorAttempts.objects.create(user=factories.organiser(), failed_since=at, last_step=at.timestamp() // 30)


def invitation(at: datetime) -> None:
    Invitation.objects.create(organisation=factories.organisation(), email="camille@exemple.fr", sent_at=at)


MADE: list[tuple[Retention, Callable[[datetime], object]]] = [
    (retention.MAIL, lambda at: mail(Mail.State.SENT, at)),
    (retention.MAIL, lambda at: mail(Mail.State.CANCELLED, at)),
    (retention.FAILED_MAIL, lambda at: mail(Mail.State.FAILED, at)),
    (retention.CODE, lambda at: mail(Mail.State.SENT, at, is_secret=True)),
    (retention.CODE, lambda at: mail(Mail.State.FAILED, at, is_secret=True)),
    (retention.LOG, log_entry),
    (retention.ADMIN_LOG, admin_entry),
    (retention.SESSION, session),
    (retention.ATTEMPT, attempt),
    (retention.FACTOR, factor),
    (retention.INVITATION, invitation),
    (retention.NEVER_USED, lambda at: aged(factories.organiser(), created_at=at)),
]


@pytest.mark.parametrize(("kept", "make"), MADE, ids=[kept.what for kept, _ in MADE])
def test_what_is_past_its_time_goes_and_what_is_not_stays(kept: Retention, make: Callable[[datetime], object]) -> None:
    factories.national()
    make(timezone.now() - kept.kept + timedelta(minutes=5))
    assert purged(kept) == 0

    Session.objects.update(session_key="other")
    make(timezone.now() - kept.kept - timedelta(minutes=5))

    assert purged(kept) == 1


def test_a_mail_says_that_it_left_no_longer_to_whom_nor_what() -> None:
    mail(
        Mail.State.SENT,
        timezone.now() - 181 * DAY,
        html="<p>Bonjour</p>",
        unsubscribe_url="https://x.example/",
        about="SI",
    )
    mail(Mail.State.FAILED, timezone.now() - 366 * DAY, is_secret=True)
    Mail.objects.update(last_error="refusé : camille@exemple.fr")

    told("--yes")

    told_of = ("to", "text", "html", "last_error", "unsubscribe_url")
    assert set(Mail.objects.values_list(*told_of)) == {(Mail.FORGOTTEN, "", "", "", "")}
    assert list(Mail.objects.order_by("pk").values_list("subject", "about")) == [("Objet", "SI"), ("", "")]


def test_a_mail_that_is_forgotten_is_not_sent_again() -> None:
    mail(Mail.State.FAILED, timezone.now() - 366 * DAY)
    purge.run()

    assert outbox.retry(Mail.objects.get().pk) is False


@pytest.mark.parametrize("state", [Mail.State.WAITING, Mail.State.SENDING])
def test_a_mail_that_has_not_left_keeps_what_it_says(state: str) -> None:
    mail(state, timezone.now() - 800 * DAY)
    mail(state, timezone.now() - 801 * DAY, is_secret=True)

    purge.run()

    assert set(Mail.objects.values_list("text", flat=True)) == {"Bonjour"}


def test_a_code_used_a_moment_ago_stays_used() -> None:
    now = timezone.now()
    FactorAttempts.objects.create(
        user=factories.national(), failed_since=now - 9 * DAY, last_step=now.timestamp() // 30
    )

    assert purged(retention.FACTOR) == 0


# Editions ------------------------------------------------------------------------------------------------------------


def application(state: State, **fields: Any) -> Application:
    """Of the edition of 2024, as it was filed then."""
    with time_machine.travel(datetime(2024, 10, 1, 12, tzinfo=UTC)):
        contact = {"registration": Event.Registration.EMAIL, "registration_email": "inscriptions@exemple.fr"}
        made = factories.application(state=state, edition=edition_of_2024(), **{**contact, **fields})
        Note.objects.create(application=made, text="Rappelée.")
    return made


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        (State.DRAFT, retention.DRAFT),
        (State.REFUSED, retention.APPLICATION),
        (State.WITHDRAWN, retention.APPLICATION),
        (State.RETURNED, retention.APPLICATION),
        (State.SUBMITTED, retention.APPLICATION),
    ],
)
def test_what_was_not_labelled_goes_with_all_that_is_its_own(state: State, kept: Retention) -> None:
    made = application(state)
    organisation = made.event.organisation
    Picture.objects.create(event=made.event, kind="image", file="a.png", width=1, height=1, size=1, digest="a")
    Membership.objects.all().delete()

    with time_machine.travel(ENDED + kept.kept - DAY):
        assert purged(kept) == 0
    with time_machine.travel(ENDED + kept.kept):
        assert purged(kept) == 1

    assert not Application.objects.exists() and not Event.objects.exists() and not Picture.objects.exists()
    assert not Mail.objects.filter(about=made.reference).exists()
    assert not Organisation.objects.filter(pk=organisation.pk).exists()  # type: ignore[union-attr]


@pytest.mark.parametrize("state", [State.APPROVED, State.CANCELLED, State.REVOKED])
def test_what_was_labelled_stays_without_whom_to_call(state: State) -> None:
    made = application(state)
    before = Edition.objects.get().public_version

    with time_machine.travel(ENDED + retention.CONTACT.kept):
        assert purged(retention.CONTACT) == 1
        assert purged(retention.CONTACT) == 0

    made.refresh_from_db()
    event = made.event
    assert (made.state, made.contact_name, made.contact_phone, made.notes.count()) == (state, "", "", 0)
    assert (event.title, event.registration, event.registration_email) == ("Visite de la fonderie", "", "")
    assert "inscriptions@exemple.fr" not in str(list(made.transitions.values_list("snapshot", "changes", "before")))
    assert Edition.objects.get().public_version > before
    assert event.published_at is not None


def noted(made: Application, user: User) -> None:
    Note.objects.create(application=made, text="A rappelé au 06 12 34 56 78.")


def edited_twice(made: Application, user: User) -> None:
    for how, address in (("courriel", "durand@exemple.fr"), ("aucune", "")):
        changes = {"registration": how, "registration_email": address}
        perform(Application.objects.for_verdict().get(pk=made.pk), Action.EDIT, by=user, changes=changes)


@pytest.mark.parametrize("write", [noted, edited_twice])
def test_what_names_somebody_anew_after_it_was_forgotten_is_forgotten_too(
    write: Callable[[Application, User], None],
) -> None:
    user = factories.organiser()
    made = application(State.APPROVED, by=user)

    with time_machine.travel(ENDED + retention.CONTACT.kept):
        first = purged(retention.CONTACT)
    with time_machine.travel(ENDED + retention.CONTACT.kept + DAY):
        write(made, user)
    with time_machine.travel(ENDED + retention.CONTACT.kept + 2 * DAY):
        second, third = purged(retention.CONTACT), purged(retention.CONTACT)

    assert (first, second, third, made.notes.count()) == (1, 1, 0, 0)
    assert "durand@exemple.fr" not in str(list(made.transitions.values_list("changes", "before")))


def test_a_way_to_register_that_names_nobody_stays() -> None:
    made = application(
        State.APPROVED, registration="lien", registration_url="https://x.example/", registration_email=""
    )

    with time_machine.travel(ENDED + retention.CONTACT.kept):
        purge.run()

    made.event.refresh_from_db()
    assert (made.event.registration, made.event.registration_url) == ("lien", "https://x.example/")


def test_a_draft_that_somebody_is_at_stays() -> None:
    made = application(State.DRAFT)
    with time_machine.travel(ENDED + 40 * DAY):
        Application.objects.filter(pk=made.pk).update(updated_at=timezone.now() - DAY)

        assert purged(retention.DRAFT) == 0


def test_nothing_of_an_edition_that_lives_goes_however_old_it_is() -> None:
    for state in State:
        factories.application(state=state)
    long_ago = timezone.now() - 5000 * DAY
    Edition.objects.update(applications_open_at=long_ago)
    Application.objects.update(created_at=long_ago, updated_at=long_ago, submitted_at=long_ago, decided_at=long_ago)
    User.objects.filter(is_staff=False).update(created_at=long_ago, last_login=long_ago, warned_at=long_ago)
    Application.objects.first().transitions.model.objects.update(at=long_ago)  # type: ignore[union-attr]
    kept = Application.objects.count()

    assert [line for line in purge.run() if line.count] == []
    assert (Application.objects.count(), Application.objects.exclude(contact_name="").count()) == (kept, kept)


# Accounts ------------------------------------------------------------------------------------------------------------


def organiser(days: int) -> User:
    """Who came last so many days ago."""
    user = factories.organiser(last_login=timezone.now() - days * DAY)
    aged(user, created_at=timezone.now() - 1500 * DAY)
    return user


def test_an_account_is_warned_once_a_month_before_and_erased_after_two_years() -> None:
    user = organiser(701)
    organiser(699)

    assert (purged(retention.WARNED), purged(retention.WARNED)) == (1, 0)
    letter = Mail.objects.get()
    on = timezone.localdate() + 30 * DAY
    assert (letter.to, letter.subject) == (
        user.email,
        "Votre compte sera effacé, sauf si vous vous connectez – Semaine de l’industrie",
    )
    assert f"{on.day}" in letter.text and "/organisateurs/" in letter.text and "/donnees-personnelles/" in letter.text
    with time_machine.travel(timezone.now() + 29 * DAY):
        assert purged(retention.ACCOUNT) == 0
    with time_machine.travel(timezone.now() + 31 * DAY):
        assert purged(retention.ACCOUNT) == 1
    assert not User.objects.filter(pk=user.pk).exists()
    assert Mail.objects.filter(to=user.email).count() == 0


@pytest.mark.parametrize(
    ("name", "archived"),
    [
        ("Fonderie Martin", "Fonderie Martin"),
        ("MARTIN CAMILLE", "Organisateur supprimé"),
        ("Menuiserie Camille Martin", "Organisateur supprimé"),
    ],
)
def test_an_account_that_no_longer_serves_leaves_the_name_of_its_organisation_to_the_archive(
    name: str, archived: str
) -> None:
    user = organiser(760)
    known = {"siret": "35600000000048", "website": "https://x.example/", "address": "1 rue des Docks"}
    made = application(State.APPROVED, by=user, organisation=factories.organisation(member=user, name=name, **known))
    Application.objects.update(created_at=timezone.now() - 760 * DAY)
    made.transitions.model._base_manager.update(at=timezone.now() - 760 * DAY)
    aged(user, warned_at=timezone.now() - 31 * DAY)

    assert purged(retention.ACCOUNT) == 1

    kept = Organisation.objects.get()
    assert (kept.name, bool(kept.siret), kept.website, kept.address) == (archived, archived == name, "", "")
    page = Client().get(made.event.get_absolute_url()).content.decode()
    assert archived in page and "x.example" not in page and user.email not in page


def test_an_organisation_without_events_goes_with_an_account_that_no_longer_serves() -> None:
    user = organiser(760)
    factories.organisation(member=user)
    aged(user, warned_at=timezone.now() - 31 * DAY)

    assert purged(retention.ACCOUNT) == 1
    assert not Organisation.objects.exists()


def test_whoever_comes_back_is_spared_and_warned_anew_two_years_later() -> None:
    user = organiser(701)
    purge.run()
    with time_machine.travel(timezone.now() + 20 * DAY):
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())

    for days, line in ((31, 0), (20 + 699, 0), (20 + 701, 1)):
        with time_machine.travel(timezone.now() + days * DAY):
            lines = {line.retention.what: line.count for line in purge.run()}
        assert lines[retention.WARNED.what] == line
        assert User.objects.filter(pk=user.pk).exists()
    assert Mail.objects.filter(key__startswith="unused-").count() == 2


def test_nobody_is_erased_unwarned_however_long_the_purge_did_not_run() -> None:
    organiser(1400)

    assert (purged(retention.ACCOUNT), User.objects.exclude(warned_at=None).count()) == (0, 1)


@pytest.mark.parametrize("sign", ["filed", "acted", "staff"])
def test_other_signs_of_use_count_and_staff_is_not_concerned(sign: str) -> None:
    user = factories.national(last_login=timezone.now() - 900 * DAY) if sign == "staff" else organiser(900)
    aged(user, created_at=timezone.now() - 1500 * DAY)
    if sign != "staff":
        made = application(State.APPROVED, by=user)
        recently, long_ago = timezone.now() - 600 * DAY, timezone.now() - 900 * DAY
        Application.objects.update(created_at=recently if sign == "filed" else long_ago)
        transitions = made.transitions.model._base_manager
        transitions.update(at=recently if sign == "acted" else long_ago)

    assert purged(retention.WARNED) == 0


def test_who_keeps_their_session_by_coming_is_in_use() -> None:
    user = factories.organiser(last_login=timezone.now() - 400 * DAY)
    client = Client()
    client.force_login(user)
    long_ago = timezone.now() - 400 * DAY
    User.objects.update(last_login=long_ago)
    Session.objects.update(expire_date=timezone.now() + 5 * DAY)

    client.get("/mes-donnees/")

    user.refresh_from_db()
    assert user.last_login is not None and user.last_login > timezone.now() - DAY


def test_the_codes_of_an_account_never_used_name_nobody() -> None:
    user = factories.organiser(email="inconnue@exemple.fr")
    aged(user, created_at=timezone.now() - 2 * DAY)
    EmailAddress.objects.create(user=user, email=user.email)
    mail(Mail.State.SENT, timezone.now() - 2 * DAY, is_secret=True)
    Mail.objects.update(to=user.email)

    assert purged(retention.NEVER_USED) == 1
    assert Mail.objects.get().to == Mail.FORGOTTEN
    assert not EmailAddress.objects.exists()


# Many, and at once ---------------------------------------------------------------------------------------------------


def test_many_rows_go_by_small_transactions(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    over = timezone.now() - DAY
    Session.objects.bulk_create(Session(session_key=f"{n:05}", session_data="", expire_date=over) for n in range(1001))
    (rule,) = [rule for rule in purge.RULES if rule.retention is retention.SESSION]

    # Six batches: keys, savepoint, rows held, deletion, release.
    with django_assert_max_num_queries(6 * 6 + 2):
        assert rule.apply() == 1001


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_purges_at_once_erase_each_row_once_and_wait_for_none() -> None:
    from concurrent.futures import ThreadPoolExecutor

    over = timezone.now() - DAY
    Session.objects.bulk_create(Session(session_key=f"{n:05}", session_data="", expire_date=over) for n in range(2000))
    users = [factories.organiser(last_login=timezone.now() - 740 * DAY) for _ in range(6)]
    User.objects.update(created_at=over - 1500 * DAY, warned_at=timezone.now() - 40 * DAY)
    assert len(users) == 6

    def one(_: int) -> dict[str, int]:
        try:
            lines = purge.run()
            assert [line for line in lines if line.failed] == []
            return {line.retention.what: line.count for line in lines}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(one, range(2))

    assert first[retention.SESSION.what] + second[retention.SESSION.what] == 2000
    assert first[retention.ACCOUNT.what] + second[retention.ACCOUNT.what] == 6
    assert (Session.objects.count(), User.objects.filter(is_staff=False).count()) == (0, 0)
