"""Which states let the organiser write and send, and what is sent: read once, signed, in time."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.outbox import Mail
from core.templatetags.french import moment
from events.models import Edition, Event
from labels.forms import EventForm, NoLongerEditable
from labels.models import Action, Application, Condition, Note, State, reading
from labels.readiness import sending
from labels.workflow import MoveRefused, perform
from tests import bad_input, factories
from tests.labels import answers
from tests.labels.answers import address, fresh, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.organiser(name="Camille Martin")


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT, State.RETURNED}))
def test_what_is_no_longer_the_organisers_is_shown_instead_of_its_form(
    client: Client, user: User, state: State
) -> None:
    application = factories.application(state=state, by=user, title="Avant")
    client.force_login(user)

    for step in (*answers.STEPS, "verification"):
        read = client.get(address(application, f"{step}/"))
        written = client.post(address(application, f"{step}/"), {"title": "Après", "action": "continue"})
        assert [response.headers["Location"] for response in (read, written)] == [address(application)] * 2
    assert fresh(application).event.title == "Avant"


def test_a_returned_application_is_corrected_and_sent_again(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})
    perform(fresh(draft), Action.RETURN, by=factories.national(), note="Le titre.", conditions=[Condition.INDUSTRY])

    page = client.get(address(draft, "evenement/")).content.decode()
    assert "Cette demande vous a été renvoyée pour correction." in page
    send(client, draft, "evenement", title="Visite guidée de la fonderie")
    client.post(address(draft, "verification/"), {"version": fresh(draft).version, "is_sworn": "on"})

    application = fresh(draft)
    assert (application.state, application.event.title) == (State.SUBMITTED, "Visite guidée de la fonderie")


def test_saving_while_the_application_leaves_changes_nothing(user: User) -> None:
    application = factories.application(by=user, title="Avant")
    form = EventForm(fresh(application), user, {**answers.EVENT, "title": "Après"})
    assert form.is_valid()
    perform(application, Action.SUBMIT, by=user)

    with pytest.raises(NoLongerEditable):
        form.save()

    assert fresh(application).event.title == "Avant"


def test_an_old_page_does_not_send_what_was_sent_and_returned(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    version = draft.version
    perform(draft, Action.SUBMIT, by=user)
    perform(draft, Action.RETURN, by=factories.national(), note="Le titre.", conditions=[Condition.INDUSTRY])
    mails = Mail.objects.count()

    response = client.post(address(draft, "verification/"), {"version": version, "is_sworn": "on"})

    assert response.status_code == 409
    assert "modifiée depuis que vous avez ouvert cette page" in response.content.decode()
    assert (fresh(draft).state, Mail.objects.count()) == (State.RETURNED, mails)


def test_what_is_sworn_is_what_was_read(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    read = client.get(address(draft, "verification/")).context["form"].initial["version"]
    # A colleague, or another tab.
    send(client, draft, "evenement", title="Un autre titre")

    stale = client.post(address(draft, "verification/"), {"version": read, "is_sworn": "on"})

    assert (stale.status_code, fresh(draft).state) == (409, State.DRAFT)
    assert "Un autre titre" in stale.content.decode()
    again = stale.context["form"].initial["version"]
    assert client.post(address(draft, "verification/"), {"version": again, "is_sworn": "on"}).status_code == 303
    assert fresh(draft).state == State.SUBMITTED


def test_the_last_page_and_its_sending_ask_each_question_once(
    client: Client, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = answers.filled(client, user)
    client.get(address(draft, "verification/"))

    # The session, the account, then the application with the three of what hangs on its event.
    with django_assert_num_queries(6):
        client.get(address(draft, "verification/"))
    # The same, its update, its three logs (the mail is one, read again), the session, and the transaction's two ends.
    with django_assert_num_queries(6 + 1 + 3 + 1 + 1 + 2):
        client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})
    assert (fresh(draft).state, Mail.objects.filter(about=draft.reference).count()) == (State.SUBMITTED, 1)


def test_a_refusal_changes_no_row(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    Event.objects.update(title="")

    for posted in ({"version": draft.version, "is_sworn": "on"}, {"version": draft.version + 1, "is_sworn": "on"}, {}):
        client.post(address(draft, "verification/"), posted)

    after = fresh(draft)
    assert (after.version, after.updated_at, after.state) == (draft.version, draft.updated_at, State.DRAFT)


def test_nothing_is_sent_unsigned_or_incomplete(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    unsigned = client.post(address(draft, "verification/"), {"version": draft.version})
    Event.objects.update(title="")
    incomplete = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    assert unsigned.context["form"].errors == {"is_sworn": ["Cochez cette case pour déposer la demande."]}
    assert [flaw.anchor for _, _, flaws in incomplete.context["flaws"] for flaw in flaws] == ["id_title"]
    assert (unsigned.status_code, incomplete.status_code, fresh(draft).state) == (200, 200, State.DRAFT)


def test_a_condition_plainly_unmet_is_listed_and_nothing_is_sent(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    send(client, draft, "publics", price="5")

    response = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    assert [flaw.anchor for _, _, flaws in response.context["flaws"] for flaw in flaws] == ["id_price"]
    assert fresh(draft).state == State.DRAFT


@bad_input.runs("date-030")
def test_a_draft_sent_after_the_deadline_is_refused_and_kept(client: Client, user: User) -> None:
    draft = answers.filled(client, user)

    with time_machine.travel(draft.event.edition.applications_close_at + timedelta(seconds=1)):
        client.force_login(user)
        response = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    assert response.status_code == 409
    assert "La date limite de dépôt est passée" in response.content.decode()
    application = fresh(draft)
    assert (application.state, application.event.title) == (State.DRAFT, "Visite de la fonderie")


def test_the_database_refuses_what_the_form_never_sends(user: User) -> None:
    event = factories.application(by=user).event
    slot = event.slots.get()

    with pytest.raises(IntegrityError):
        event.slots.create(date=slot.date, start_time=slot.end_time, end_time=slot.start_time)


@pytest.mark.parametrize(
    ("opens", "closes", "told"),
    [
        (5, 10, "Les dépôts ne sont pas encore ouverts"),
        (-10, -5, "La date limite de dépôt est passée"),
    ],
)
def test_out_of_season_every_page_says_so_with_its_dates_and_keeps_the_draft(
    client: Client, user: User, opens: int, closes: int, told: str
) -> None:
    draft = answers.filled(client, user)
    now = timezone.now()
    closes_at = now + timedelta(days=closes)
    Edition.objects.update(applications_open_at=now + timedelta(days=opens), applications_close_at=closes_at)

    for step in (*answers.STEPS, "verification"):
        page = client.get(address(draft, f"{step}/")).content.decode()
        assert told in page and moment(closes_at.astimezone(timezone.get_current_timezone())) in page
    assert "Déposer la demande</button>" not in page
    assert send(client, draft, "evenement", title="Un autre titre").status_code == 303
    sent = client.post(address(draft, "verification/"), {"version": fresh(draft).version, "is_sworn": "on"})

    assert (sent.status_code, fresh(draft).state) == (409, State.DRAFT)
    assert fresh(draft).event.title == "Un autre titre"


def test_in_season_no_page_speaks_of_the_dates(client: Client, user: User) -> None:
    draft = answers.begun(client, user)

    assert client.get(address(draft, "evenement/")).context["sending"] == "open"


def test_what_was_returned_may_come_late_and_is_told_no_deadline(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})
    perform(fresh(draft), Action.RETURN, by=factories.national(), note="Le titre.", conditions=[Condition.INDUSTRY])
    Edition.objects.update(applications_close_at=timezone.now() - timedelta(days=1))

    assert "La date limite de dépôt est passée" not in client.get(address(draft, "evenement/")).content.decode()
    sent = client.post(address(draft, "verification/"), {"version": fresh(draft).version, "is_sworn": "on"})
    assert (sent.status_code, fresh(draft).state) == (303, State.SUBMITTED)


def test_a_draft_of_an_edition_that_is_published_no_more_is_kept_and_not_sent(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    Edition.objects.update(is_published=False)

    page = client.get(address(draft, "verification/")).content.decode()
    assert "L’édition n’est plus publiée" in page and "Déposer la demande</button>" not in page
    assert "L’édition n’est plus publiée" in client.get(address(draft)).content.decode()
    sent = client.post(address(draft, "verification/"), {"version": fresh(draft).version, "is_sworn": "on"})

    assert (sent.status_code, fresh(draft).state) == (409, State.DRAFT)
    assert "Cette édition n’est plus publiée" in sent.content.decode()


def test_what_was_returned_is_sent_though_its_edition_is_published_no_more(user: User) -> None:
    returned = factories.application(state=State.RETURNED, by=user)
    Edition.objects.update(is_published=False)

    perform(fresh(returned), Action.SUBMIT, by=user)

    assert fresh(returned).state == State.SUBMITTED


def end_of_edition(days: int) -> None:
    """Everything of the edition was over ``days`` ago."""
    day = timezone.localdate() - timedelta(days=days)
    Edition.objects.update(
        window_starts_on=day,
        week_starts_on=day,
        week_ends_on=day,
        window_ends_on=day,
        applications_close_at=timezone.now() - timedelta(days=days, hours=1),
    )


def test_what_was_returned_is_told_that_its_edition_is_over_and_not_sent(client: Client, user: User) -> None:
    returned = factories.application(state=State.RETURNED, by=user)
    client.force_login(user)
    end_of_edition(1)

    for page in ("", "evenement/", "verification/"):
        shown = client.get(address(returned, page)).content.decode()
        assert ("L’édition est terminée" in shown, "Vérifier et déposer" in shown) == (True, False)
    sent = client.post(address(returned, "verification/"), {"version": fresh(returned).version, "is_sworn": "on"})
    with pytest.raises(MoveRefused, match="Cette édition est terminée"):
        perform(fresh(returned), Action.SUBMIT, by=user)

    assert (sent.status_code, fresh(returned).state) == (409, State.RETURNED)


@pytest.mark.parametrize(("days", "found"), [(0, "open"), (1, "over")])
def test_a_draft_opened_late_is_sent_until_the_edition_is_over(user: User, days: int, found: str) -> None:
    draft = factories.application(by=user)
    Application.objects.filter(pk=draft.pk).update(late_reason="Panne")
    end_of_edition(days)

    assert sending(fresh(draft), State.DRAFT) == found


@pytest.mark.fault
def test_an_edition_that_closes_between_the_page_and_the_button_takes_nothing(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    read = client.get(address(draft, "verification/"))
    assert read.context["sending"] == "open"
    Edition.objects.update(applications_close_at=timezone.now())
    mails = Mail.objects.count()

    response = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    assert (response.status_code, fresh(draft).state, Mail.objects.count()) == (409, State.DRAFT, mails)
    assert "<title>Erreur – Étape 5 sur 5" in response.content.decode()


def _send(application: Application, user: User, version: int, gate: Barrier, statuses: list[int]) -> None:
    try:
        client = Client()
        client.force_login(user)
        gate.wait(timeout=10)
        data = {"version": version, "is_sworn": "on"}
        statuses.append(client.post(address(application, "verification/"), data).status_code)
    finally:
        connection.close()


def _note(application: Application, written: list[str]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            Note.objects.create(application=application, text="À relire.")
        written.append("note")
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_only_names_an_application_does_not_wait_for_whoever_holds_it(user: User) -> None:
    draft, written = factories.application(by=user), list[str]()
    with transaction.atomic():
        held = reading.held(user, draft.reference, seen=draft.version)
        other = Thread(target=_note, args=(draft, written))
        other.start()
        other.join(timeout=10)

    assert (held, written) == (draft, ["note"])


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_sends(client: Client, user: User) -> None:
    """From two tabs, in two threads: one transition, one receipt, and both end on the application's page."""
    for round_ in range(5):
        draft = answers.filled(client, user)
        gate, statuses = Barrier(2), list[int]()
        threads = [Thread(target=_send, args=(draft, user, draft.version, gate, statuses)) for _ in range(2)]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert statuses == [303, 303]
        (transition,) = fresh(draft).transitions.all()
        assert (transition.to_state, fresh(draft).state) == (State.SUBMITTED, State.SUBMITTED)
        assert Mail.objects.count() == round_ + 1
