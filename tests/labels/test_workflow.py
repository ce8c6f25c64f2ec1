"""Every move of the state machine: who may make it, from where, and what follows."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership, User
from core import outbox
from core.outbox import Mail
from events.models import Edition, Event
from labels import rules
from labels.deadlines import promised_on
from labels.models import Action, Application, Condition, State, Transition
from labels.permissions import examines, examines_nationally
from labels.workflow import MOVES, MoveRefused, NotePending, StaleError, available, perform
from tests import factories

pytestmark = pytest.mark.django_db

REASONS: dict[str, Any] = {"note": "Une billetterie est annoncée.", "conditions": [Condition.FREE]}


@pytest.fixture
def owner() -> User:
    return factories.organiser()


@pytest.fixture
def examiner() -> User:
    return factories.regional("28")


@pytest.fixture
def national() -> User:
    return factories.national()


def actor(action: Action, owner: User, examiner: User, national: User) -> User:
    if action in (
        Action.SUBMIT,
        Action.WITHDRAW,
        Action.CANCEL,
        Action.EDIT,
        Action.REVISE,
        Action.DROP,
        Action.CONTACT,
        Action.AGREE,
    ):
        return owner
    return national if action == Action.REVERSE else examiner


LEGAL = {
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Action.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Action.APPROVE): State.APPROVED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.REFUSE): State.REFUSED,
    (State.SUBMITTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Action.REVOKE): State.REVOKED,
    (State.APPROVED, Action.CANCEL): State.CANCELLED,
    (State.APPROVED, Action.REVERSE): State.SUBMITTED,
    (State.REFUSED, Action.REVERSE): State.SUBMITTED,
    (State.RETURNED, Action.REVERSE): State.SUBMITTED,
}
# An undo has its own tests, and so have the move to another région (test_regions) and the changes of a labelled event
# (test_revisions, test_contact) and what staff put right (test_proposals, test_corrections): here they are but refused.
_CHANGES = (Action.EDIT, Action.REVISE, Action.ACCEPT, Action.DECLINE, Action.DROP, Action.CONTACT)
_CORRECTIONS = [
    (State.RETURNED, Action.AGREE),
    (State.APPROVED, Action.CORRECT),
    (State.SUBMITTED, Action.ILLUSTRATE),
    (State.APPROVED, Action.ILLUSTRATE),
]
ALL_PAIRS = [
    (state, action)
    for state in State
    for action in Action
    if action not in (Action.UNDO, Action.MOVE)
    and (state, action) not in [*((State.APPROVED, change) for change in _CHANGES), *_CORRECTIONS]
]


@pytest.mark.parametrize(("state", "action"), ALL_PAIRS, ids=str)
def test_a_move_leads_where_the_state_machine_says_or_is_refused_and_changes_nothing(
    state: State, action: Action, owner: User, examiner: User, national: User
) -> None:
    application = factories.application(state=state, by=owner)
    before = (application.version, application.transitions.count(), Mail.objects.count())
    by = actor(action, owner, examiner, national)

    if target := LEGAL.get((state, action)):
        perform(application, action, by=by, **REASONS)
        application.refresh_from_db()
        assert (application.state, application.version) == (target, before[0] + 1)
        assert application.transitions.count() == before[1] + 1
    else:
        with pytest.raises(StaleError):
            perform(application, action, by=by, **REASONS)
        application.refresh_from_db()
        assert (application.state, application.version) == (state, before[0])
        assert (application.transitions.count(), Mail.objects.count()) == before[1:]


def test_each_transition_keeps_who_when_why_and_the_verdict(owner: User, examiner: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner)

    transition = perform(
        application, Action.REFUSE, by=examiner, note=" Payant. ", conditions=[Condition.FREE, Condition.DATES]
    )

    transition.refresh_from_db()
    assert (transition.from_state, transition.to_state, transition.by) == (State.SUBMITTED, State.REFUSED, examiner)
    assert (transition.note, transition.conditions) == ("Payant.", ["dates", "free"])
    assert transition.condition_labels == ["Dates", "Gratuité"]
    assert transition.verdict == json.loads(json.dumps(application.verdict.as_json()))
    assert abs(timezone.now() - transition.at) < timedelta(minutes=1)


def test_a_transition_is_never_rewritten(owner: User) -> None:
    transition = factories.application(state=State.SUBMITTED, by=owner).transitions.get()
    transition.note = "Autre chose"

    with pytest.raises(TypeError):
        transition.save()


def test_a_deposit_promises_an_answer_in_four_working_days_and_says_so(owner: User, mailoutbox: list[Any]) -> None:
    application = factories.application(state=State.DRAFT, by=owner)

    perform(application, Action.SUBMIT, by=owner)

    application.refresh_from_db()
    assert application.promised_on == promised_on(timezone.localdate())
    mail = Mail.objects.get(to=owner.email)
    assert application.reference in mail.subject + mail.text
    assert f"{application.promised_on.day}" in mail.text


def test_an_approval_gives_a_label_number_and_publishes(owner: User, examiner: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner)
    version = Edition.objects.get().public_version

    perform(application, Action.APPROVE, by=examiner)

    event = Event.objects.published().get()
    assert event.label_number == f"{event.edition.year}-00001"
    assert (event.sequence, event.edition.public_version) == (1, version + 1)


def test_label_numbers_and_references_follow_one_another(owner: User, examiner: User) -> None:
    applications = [factories.application(state=State.APPROVED, by=owner, title=f"Visite {n}") for n in range(3)]

    year = applications[0].event.edition.year
    assert [a.event.label_number for a in applications] == [f"{year}-0000{n}" for n in (1, 2, 3)]
    assert [a.reference for a in applications] == [f"SI{year}-00000{n}" for n in (1, 2, 3)]


def test_a_refused_or_returned_event_is_not_public(owner: User) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.REFUSED, State.WITHDRAWN, State.REVOKED):
        factories.application(state=state, by=owner, title=state.label)
    shown = factories.application(state=State.CANCELLED, by=owner, title="Annulé")

    assert list(Event.objects.published()) == [shown.event]
    assert list(Event.objects.held()) == []


def test_a_cancellation_stays_public_with_its_message(owner: User) -> None:
    application = factories.application(state=State.APPROVED, by=owner)

    perform(application, Action.CANCEL, by=owner, note="L’atelier est fermé.")

    event = Event.objects.published().get()
    assert event.cancelled_at is not None
    assert (event.cancellation_message, event.sequence) == ("L’atelier est fermé.", 2)


@pytest.mark.parametrize("action", [Action.REFUSE, Action.RETURN])
@pytest.mark.parametrize(
    ("note", "conditions"),
    [("", [Condition.FREE]), ("  ", [Condition.FREE]), ("Payant.", []), ("Payant.", ["meteo"])],
)
def test_a_refusal_needs_a_known_condition_and_a_text(
    action: Action, note: str, conditions: list[str], owner: User, examiner: User
) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner)

    with pytest.raises(NotePending):
        perform(application, action, by=examiner, note=note, conditions=conditions)

    application.refresh_from_db()
    assert (application.state, application.transitions.count()) == (State.SUBMITTED, 1)


@pytest.mark.parametrize(
    "action", [action for action, move in MOVES.items() if move.who in (examines, examines_nationally)]
)
def test_only_an_examiner_of_the_region_decides(action: Action, owner: User) -> None:
    state = State.SUBMITTED if State.SUBMITTED in MOVES[action].sources else State.APPROVED
    application = factories.application(state=state, by=owner)
    strangers = [
        owner,
        factories.organiser(),
        factories.regional("84", email="ailleurs@exemple.gouv.fr"),
        factories.organiser(is_staff=True),
    ]

    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            perform(application, action, by=stranger, **REASONS)

    application.refresh_from_db()
    assert application.state == state


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.WITHDRAW])
def test_only_the_organiser_submits_and_withdraws(action: Action, owner: User, national: User) -> None:
    application = factories.application(by=owner)

    strangers: list[User] = [factories.organiser(), national]
    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            perform(application, action, by=stranger)


def test_a_colleague_of_the_organisation_may_act_for_it(owner: User) -> None:
    application = factories.application(by=owner)
    colleague = factories.organiser()
    Membership.objects.create(user=colleague, organisation=owner.organisations.get())

    perform(application, Action.SUBMIT, by=colleague)

    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_nobody_decides_for_their_own_organisation(examiner: User, owner: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner)
    Membership.objects.create(user=examiner, organisation=owner.organisations.get())

    assert available(application, examiner) == [Action.MOVE]
    with pytest.raises(PermissionDenied):
        perform(application, Action.APPROVE, by=examiner)


def test_an_online_event_belongs_to_the_national_team(owner: User, examiner: User, national: User) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner, attendance=Event.Attendance.ONLINE)

    assert available(application, examiner) == []
    assert Action.APPROVE in available(application, national)


def test_of_two_decisions_on_the_same_reading_the_second_is_refused(
    owner: User, examiner: User, national: User
) -> None:
    first = factories.application(state=State.SUBMITTED, by=owner)
    second = Application.objects.get(pk=first.pk)
    perform(first, Action.APPROVE, by=examiner)

    with pytest.raises(StaleError):
        perform(second, Action.REFUSE, by=national, **REASONS)

    assert Transition.objects.filter(application=first, action=Action.REFUSE).count() == 0
    assert Mail.objects.filter(to=owner.email).count() == 2  # receipt and approval


def test_an_examiner_undoes_a_decision_before_its_mail_leaves(
    owner: User, examiner: User, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    decision = perform(application, Action.APPROVE, by=examiner)
    number = Event.objects.get().label_number

    perform(application, Action.UNDO, by=examiner)

    assert Mail.objects.get(key=decision.mail_key).state == Mail.State.CANCELLED
    event = Event.objects.get()
    assert (application.state, event.is_published, event.label_number) == (State.SUBMITTED, False, number)
    perform(application, Action.APPROVE, by=examiner)
    assert Event.objects.published().get().label_number == number


def test_an_undo_is_the_same_examiners_alone(owner: User, examiner: User, national: User, settings: Any) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    perform(application, Action.APPROVE, by=examiner)

    with pytest.raises(PermissionDenied):
        perform(application, Action.UNDO, by=national)

    assert Event.objects.published().count() == 1


def test_a_decision_that_nobody_is_told_of_is_undone_as_any_other(examiner: User, settings: Any) -> None:
    settings.DECISION_MAIL_DELAY = 300
    owner = factories.organiser()
    application = factories.application(state=State.SUBMITTED, by=owner, organisation=factories.organisation())
    User.objects.filter(pk=owner.pk).update(is_active=False)
    application.refresh_from_db()
    decision = perform(application, Action.REFUSE, by=examiner, **REASONS)
    assert not Mail.objects.filter(key=decision.mail_key).exists()

    perform(application, Action.UNDO, by=examiner)

    assert Application.objects.get().state == State.SUBMITTED


def test_an_undo_comes_too_late_after_the_delay_or_once_the_mail_is_leaving(
    owner: User, examiner: User, settings: Any
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    decision = perform(application, Action.APPROVE, by=examiner)

    with time_machine.travel(timezone.now() + timedelta(seconds=301)), pytest.raises(MoveRefused):
        perform(Application.objects.get(pk=application.pk), Action.UNDO, by=examiner)

    Mail.objects.filter(key=decision.mail_key).update(state=Mail.State.SENDING)
    with pytest.raises(MoveRefused):
        perform(Application.objects.get(pk=application.pk), Action.UNDO, by=examiner)
    assert Event.objects.published().count() == 1


def test_a_reversal_is_the_national_teams_with_a_reason_and_a_correcting_mail(
    owner: User, examiner: User, national: User
) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner)
    perform(application, Action.REFUSE, by=examiner, **REASONS)

    with pytest.raises(PermissionDenied):
        perform(application, Action.REVERSE, by=examiner, note="Erreur.")
    with pytest.raises(NotePending):
        perform(application, Action.REVERSE, by=national)
    reversal = perform(application, Action.REVERSE, by=national, note="La gratuité a été établie.")

    assert application.state == State.SUBMITTED
    assert "La gratuité a été établie." in Mail.objects.get(key=reversal.mail_key).text


@pytest.mark.parametrize("keeps_snapshots", [True, False], ids=["now", "before snapshots were kept"])
@pytest.mark.parametrize("action", [Action.UNDO, Action.REVERSE])
def test_a_return_is_not_taken_back_once_its_organiser_has_begun_to_correct(
    action: Action, keeps_snapshots: bool, owner: User, national: User, settings: Any
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    decision = perform(application, Action.RETURN, by=national, **REASONS)
    if not keeps_snapshots:
        Transition.objects.update(snapshot=None)
    application.event.slots.all().delete()
    application.event.index()

    with pytest.raises(MoveRefused):
        perform(Application.objects.get(pk=application.pk), action, by=national, note="Renvoyée par erreur.")

    assert Application.objects.get(pk=application.pk).state == State.RETURNED
    assert Mail.objects.get(key=decision.mail_key).state == Mail.State.WAITING


@pytest.mark.parametrize("action", [Action.UNDO, Action.REVERSE])
def test_a_return_is_taken_back_while_nothing_was_corrected(
    action: Action, owner: User, national: User, settings: Any
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    perform(application, Action.RETURN, by=national, changes={"title": "Visite des ateliers"}, **REASONS)

    perform(Application.objects.get(pk=application.pk), action, by=national, note="Renvoyée par erreur.")

    assert Application.objects.get(pk=application.pk).state == State.SUBMITTED


def test_a_decision_reversed_before_its_mail_left_is_told_by_the_correction_alone(
    owner: User, examiner: User, national: User, settings: Any
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    decision = perform(application, Action.REFUSE, by=examiner, **REASONS)

    perform(application, Action.REVERSE, by=national, note="La gratuité a été établie.")

    assert Mail.objects.get(key=decision.mail_key).state == Mail.State.CANCELLED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("decision", "answer"),
    [(Action.RETURN, Action.SUBMIT), (Action.RETURN, Action.WITHDRAW), (Action.APPROVE, Action.CANCEL)],
)
def test_a_decision_that_its_organiser_answers_at_once_is_told_first(
    decision: Action, answer: Action, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    owner = factories.organiser()
    application = factories.application(state=State.SUBMITTED, by=owner)
    decided = perform(application, decision, by=factories.national(), **REASONS)
    mailoutbox.clear()

    answered = perform(Application.objects.get(pk=application.pk), answer, by=owner, note="Fermé.")

    mails = [Mail.objects.get(key=transition.mail_key) for transition in (decided, answered)]
    assert [mail.subject for mail in mailoutbox] == [mail.subject for mail in mails]


def test_a_deposit_is_refused_before_the_opening_and_after_the_deadline(owner: User) -> None:
    application = factories.application(by=owner)
    edition = application.event.edition
    now = timezone.now()

    for opening, closing in (
        (now + timedelta(days=1), now + timedelta(days=2)),
        (now - timedelta(days=2), now - timedelta(seconds=1)),
    ):
        Edition.objects.filter(pk=edition.pk).update(applications_open_at=opening, applications_close_at=closing)
        with pytest.raises(MoveRefused):
            perform(Application.objects.get(pk=application.pk), Action.SUBMIT, by=owner)

    application.refresh_from_db()
    assert (application.state, Mail.objects.count()) == (State.DRAFT, 0)


def test_what_was_returned_may_come_back_after_the_deadline(owner: User) -> None:
    application = factories.application(state=State.RETURNED, by=owner)
    Edition.objects.update(applications_close_at=timezone.now() - timedelta(days=1))

    perform(Application.objects.get(pk=application.pk), Action.SUBMIT, by=owner)

    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_a_deposit_that_plainly_misses_a_condition_is_refused_with_its_reason(owner: User) -> None:
    application = factories.application(by=owner, price=5)

    with pytest.raises(MoveRefused) as refusal:
        perform(application, Action.SUBMIT, by=owner)

    assert str(refusal.value) == Application.objects.get().verdict.of(rules.Condition.FREE).reason


def test_a_mail_is_posted_for_each_transition_but_an_undo(owner: User, examiner: User, settings: Any) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    perform(application, Action.APPROVE, by=examiner)
    perform(application, Action.UNDO, by=examiner)

    keys = {t.mail_key: t.action for t in Transition.objects.all()}
    posted = {keys[key] for key in Mail.objects.values_list("key", flat=True)}
    assert posted == {Action.SUBMIT, Action.APPROVE}


def test_a_decisions_mail_waits_for_its_delay(
    owner: User, examiner: User, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED, by=owner)
    decision = perform(application, Action.APPROVE, by=examiner)

    outbox.sweep()

    mail = Mail.objects.get(key=decision.mail_key)
    assert mail.state == Mail.State.WAITING
    assert timedelta(seconds=290) < mail.send_after - timezone.now() <= timedelta(seconds=300)
