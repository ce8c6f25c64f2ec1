"""A labelled event changes at once where its label does not depend on it, and after a new look where it does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from core.outbox import Mail
from events.changes import EXAMINED, IMMEDIATE, difference, snapshot
from events.models import Edition, Event
from labels.models import Action, Application, Condition, Revision, State
from labels.workflow import MoveRefused, NotePending, StaleError, available, perform
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return factories.organiser()


@pytest.fixture
def examiner() -> User:
    return factories.regional("28")


@pytest.fixture
def approved(owner: User) -> Application:
    return factories.application(state=State.APPROVED, by=owner)


def other_hours(application: Application) -> list[dict[str, Any]]:
    day = application.event.edition.week_starts_on
    return [{"date": day.isoformat(), "start_time": "10:00", "end_time": "12:00", "capacity": None}]


def another_day(application: Application) -> list[dict[str, Any]]:
    day = application.event.edition.week_starts_on + timedelta(days=1)
    return [{"date": day.isoformat(), "start_time": "14:00", "end_time": "16:00", "capacity": 12}]


def test_what_the_label_does_not_depend_on_changes_at_once_and_is_logged(approved: Application, owner: User) -> None:
    version = Edition.objects.get().public_version
    mails = Mail.objects.count()

    transition = perform(approved, Action.EDIT, by=owner, changes={"accessibility": "Ascenseur", "is_full": True})

    event = Event.objects.published().get()
    assert (event.accessibility, event.is_full, event.sequence) == ("Ascenseur", True, 2)
    # By one for what is shown and one for what is searched: either alone must move it.
    assert event.edition.public_version > version
    assert (transition.changes, Mail.objects.count()) == (
        {"accessibility": "Ascenseur", "is_full": True},
        mails,
    )


@pytest.mark.parametrize("changes", [{}, {"title": "Autre"}, {"is_full": True, "price": "5"}, {"label_number": "x"}])
def test_what_the_label_depends_on_never_changes_at_once(
    changes: dict[str, Any], approved: Application, owner: User
) -> None:
    before = snapshot(approved.event)

    with pytest.raises(MoveRefused):
        perform(approved, Action.EDIT, by=owner, changes=changes)

    assert snapshot(Event.objects.get()) == before


def test_a_revision_waits_while_the_approved_version_stays_public(approved: Application, owner: User) -> None:
    perform(approved, Action.REVISE, by=owner, changes={"title": "Visite de nuit", "slots": another_day(approved)})

    assert Event.objects.published().get().title == "Visite de la fonderie"
    revision = Revision.objects.get()
    assert (revision.state, set(revision.changes)) == (Revision.State.PENDING, {"title", "slots"})
    assert list(Application.objects.with_revision()) == [approved]


def test_an_accepted_revision_is_published_with_its_slots_in_local_time(
    owner: User, approved: Application, examiner: User
) -> None:
    changes = {
        "title": "Visite de nuit",
        "slots": another_day(approved),
        "commune": factories.commune("97302").code,
        "audiences": ["etudiants"],
        "price": "0",
    }
    perform(approved, Action.REVISE, by=owner, changes=changes)

    perform(approved, Action.ACCEPT, by=examiner)

    event = Event.objects.published().get()
    assert difference(event, changes) == {}
    assert [(str(slot), slot.time_zone) for slot in event.slots.all()] == [
        (f"{event.starts_on:%d/%m/%Y} 14:00–16:00", "America/Cayenne")
    ]
    assert (event.region_id, event.starts_on) == ("03", event.edition.week_starts_on + timedelta(days=1))
    assert "visite de nuit" in event.search_text
    assert Revision.objects.get().state == Revision.State.ACCEPTED


def test_a_declined_revision_changes_nothing_and_tells_why(owner: User, approved: Application, examiner: User) -> None:
    perform(approved, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})

    with pytest.raises(NotePending):
        perform(approved, Action.DECLINE, by=examiner)
    decision = perform(
        Application.objects.get(), Action.DECLINE, by=examiner, note="Hors sujet.", conditions=[Condition.INDUSTRY]
    )

    assert Event.objects.published().get().title == "Visite de la fonderie"
    assert Revision.objects.get().state == Revision.State.DECLINED
    assert "Hors sujet." in Mail.objects.get(key=decision.mail_key).text


def test_a_revision_that_plainly_misses_a_condition_is_refused_at_once(approved: Application, owner: User) -> None:
    long_ago = {"date": "2001-01-01", "start_time": "09:00", "end_time": "10:00"}
    refused: list[dict[str, Any]] = [{"price": "5"}, {"audiences": []}, {"slots": []}, {"slots": [long_ago]}]
    for changes in refused:
        with pytest.raises(MoveRefused):
            perform(Application.objects.get(), Action.REVISE, by=owner, changes=changes)

    assert Revision.objects.count() == 0


def test_the_latest_wish_replaces_one_that_waits(approved: Application, owner: User) -> None:
    perform(approved, Action.REVISE, by=owner, changes={"title": "Premier titre"})
    perform(approved, Action.REVISE, by=owner, changes={"title": "Second titre"})

    assert [(r.state, r.changes["title"]) for r in Revision.objects.all()] == [
        (Revision.State.CLOSED, "Premier titre"),
        (Revision.State.PENDING, "Second titre"),
    ]


@pytest.mark.parametrize("action", [Action.CANCEL, Action.REVOKE])
def test_an_event_that_ends_closes_its_revision(
    action: Action, approved: Application, owner: User, examiner: User
) -> None:
    perform(approved, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})

    perform(approved, action, by=examiner, note="Fermé.", conditions=[Condition.DATES])

    assert Revision.objects.get().state == Revision.State.CLOSED


def test_without_a_revision_there_is_nothing_to_accept(approved: Application, examiner: User) -> None:
    assert {Action.ACCEPT, Action.DECLINE} & set(available(approved, examiner)) == set()
    with pytest.raises(StaleError):
        perform(approved, Action.ACCEPT, by=examiner)


def test_only_the_organiser_changes_and_only_the_examiner_decides(
    approved: Application, owner: User, examiner: User
) -> None:
    tries: list[tuple[Action, User]] = [
        (Action.EDIT, examiner),
        (Action.REVISE, factories.organiser()),
        (Action.ACCEPT, owner),
        (Action.DECLINE, factories.regional("84", email="ailleurs@exemple.gouv.fr")),
    ]
    for action, stranger in tries:
        with pytest.raises(PermissionDenied):
            perform(approved, action, by=stranger, changes={"title": "Autre"}, note="x", conditions=[Condition.FREE])


@pytest.mark.parametrize(("price", "written"), [("0.00", "0"), ("10.00", "10"), ("2.50", "2.5"), (None, None)])
def test_a_price_is_written_as_people_write_it(price: str | None, written: str | None) -> None:
    event = factories.event(price=None if price is None else Decimal(price))

    assert snapshot(event)["price"] == written


def test_every_name_that_may_change_is_in_the_snapshot() -> None:
    event = factories.event()

    assert set(snapshot(event)) == {*EXAMINED, *IMMEDIATE}
    assert difference(event, snapshot(event)) == {}


def test_hours_of_the_same_days_change_at_once_and_other_days_do_not(approved: Application, owner: User) -> None:
    perform(approved, Action.EDIT, by=owner, changes={"slots": other_hours(approved)})

    assert [slot.start_time.hour for slot in Event.objects.get().slots.all()] == [10]
    for action, slots in [(Action.EDIT, another_day(approved)), (Action.REVISE, other_hours(approved))]:
        with pytest.raises(MoveRefused):
            perform(Application.objects.get(), action, by=owner, changes={"slots": slots})


def test_a_change_at_once_that_would_plainly_miss_a_condition_is_refused(owner: User) -> None:
    approved = factories.application(state=State.APPROVED, by=owner, title="Une journée pour tous")
    leisure = {"description": "Séance de yoga et concert de jazz.", "purpose": "Se détendre.", "sectors": []}

    with pytest.raises(MoveRefused):
        perform(approved, Action.EDIT, by=owner, changes=leisure)

    assert "Entrée libre" in Event.objects.get().description


def test_a_condition_already_missed_does_not_keep_an_event_from_being_full(approved: Application, owner: User) -> None:
    Edition.objects.update(window_starts_on="2001-01-01", week_starts_on="2001-01-02", week_ends_on="2001-01-03")
    Edition.objects.update(window_ends_on="2001-01-04")

    perform(approved, Action.EDIT, by=owner, changes={"is_full": True})

    assert Event.objects.get().is_full is True


def test_a_change_is_logged_with_what_it_was_made_from(approved: Application, owner: User) -> None:
    edited = perform(approved, Action.EDIT, by=owner, changes={"accessibility": "Ascenseur"})
    revised = perform(approved, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})

    assert (edited.before, revised.before) == ({"accessibility": ""}, {"title": "Visite de la fonderie"})


def test_an_organiser_takes_a_wish_back_and_nobody_is_written_to(
    approved: Application, owner: User, examiner: User
) -> None:
    perform(approved, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})
    mails = Mail.objects.count()
    with pytest.raises(PermissionDenied):
        perform(approved, Action.DROP, by=examiner)

    perform(approved, Action.DROP, by=owner)

    assert (Revision.objects.get().state, Mail.objects.count()) == (Revision.State.CLOSED, mails)
    assert approved.transitions.last() == approved.transitions.get(action=Action.DROP)
    with pytest.raises(StaleError):
        perform(approved, Action.DROP, by=owner)


@pytest.mark.parametrize("action", [Action.DROP, Action.DECLINE, Action.ACCEPT, Action.REVERSE])
def test_the_promise_of_a_change_ends_with_it(approved: Application, owner: User, action: Action) -> None:
    promised = approved.promised_on
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        perform(approved, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})
        later = approved.promised_on
        by = owner if action == Action.DROP else factories.national()

        perform(approved, action, by=by, note="Le titre suffit.", conditions=[Condition.INDUSTRY])

    assert promised and later and later > promised
    assert (approved.promised_on, Application.objects.get().promised_on) == (promised, promised)
