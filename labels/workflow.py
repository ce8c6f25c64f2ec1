"""The workflow: one table of moves and one function that takes them; nobody else writes a state."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import audit
from accounts.models import User
from core import outbox
from core.whole import Gone
from events import changes as event_changes
from labels import corrections, emails, readiness, regions, revisions
from labels.deadlines import promised_on
from labels.models import DECIDED, DONE, PENDING, Action, Application, Condition, Preset, State, Transition, reading
from labels.moves import Columns, Move, MoveRefused, NotePending, Request, StaleError, as_one, keep, take
from labels.permissions import examines, examines_nationally, owns, owns_or_examines, sees

__all__ = ["MOVES", "MoveRefused", "NotePending", "StaleError", "available", "perform"]


def _is_within_undo(application: Application, request: Request) -> None:
    """The same examiner, within the delay, and the mail has not left: it is withdrawn."""
    readiness.is_as_returned(application, request)
    decision = application.last_decision
    if decision is None or decision.by_id != request.by.pk:
        raise PermissionDenied("Seule la personne qui a décidé peut annuler sa décision.")
    if timezone.now() - decision.at > timedelta(seconds=settings.DECISION_MAIL_DELAY) or not outbox.cancel(
        decision.mail_key
    ):
        raise MoveRefused("Le courriel est parti : seule l’équipe nationale peut revenir sur cette décision.")


def _may_be_reversed(application: Application, request: Request) -> None:
    """A decision reversed before its mail left is told once, by the correction."""
    readiness.is_as_returned(application, request)
    if decision := application.last_decision:
        outbox.cancel(decision.mail_key)


def _promised(now: datetime) -> Columns:
    return {"submitted_at": now, "promised_on": promised_on(timezone.localdate(now)), "decided_at": None}


def _reopened(now: datetime) -> Columns:
    """Back to the queue under the date already promised."""
    return {"decided_at": None}


def _may_be_accepted(application: Application, request: Request) -> None:
    corrections.is_still_proposed(application, request)
    readiness.may_be_sent(application, request)


def _reopen(application: Application, request: Request) -> None:
    """What was shown is shown no more."""
    revisions.close(application)
    if application.event.is_published:
        application.event.unpublish()


def _publish(application: Application, request: Request) -> None:
    application.event.publish()


def _revoke(application: Application, request: Request) -> None:
    revisions.close(application)
    application.event.revoke()


def _cancel(application: Application, request: Request) -> None:
    revisions.close(application)
    application.event.cancel(request.note)


_APPROVED = (State.APPROVED,)

MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move(
        (State.DRAFT, State.RETURNED), State.SUBMITTED, owns, columns=_promised, check=readiness.may_be_sent
    ),
    Action.APPROVE: Move((State.SUBMITTED,), State.APPROVED, examines, effect=_publish, is_decision=True, grants=True),
    Action.RETURN: Move(
        (State.SUBMITTED,),
        State.RETURNED,
        examines,
        check=corrections.may_be_proposed,
        needs_note=True,
        needs_conditions=True,
        is_decision=True,
    ),
    Action.REFUSE: Move(
        (State.SUBMITTED,), State.REFUSED, examines, needs_note=True, needs_conditions=True, is_decision=True
    ),
    Action.WITHDRAW: Move(PENDING, State.WITHDRAWN, owns),
    Action.CANCEL: Move(_APPROVED, State.CANCELLED, owns_or_examines, effect=_cancel, needs_note=True),
    Action.REVOKE: Move(
        _APPROVED, State.REVOKED, examines, effect=_revoke, needs_note=True, needs_conditions=True, is_decision=True
    ),
    Action.UNDO: Move(DECIDED, State.SUBMITTED, examines, columns=_reopened, effect=_reopen, check=_is_within_undo),
    Action.REVERSE: Move(
        DECIDED,
        State.SUBMITTED,
        examines_nationally,
        columns=_reopened,
        effect=_reopen,
        check=_may_be_reversed,
        needs_note=True,
    ),
    # A labelled event changes: at once, or examined while the approved version stays public.
    Action.EDIT: Move(_APPROVED, State.APPROVED, owns, effect=revisions.edit, check=revisions.needs_no_examination),
    Action.REVISE: Move(_APPROVED, State.APPROVED, owns, effect=revisions.file, check=revisions.is_worth_examining),
    Action.ACCEPT: Move(
        _APPROVED, State.APPROVED, examines, effect=revisions.accept, check=revisions.is_waited_for, grants=True
    ),
    Action.DECLINE: Move(
        _APPROVED,
        State.APPROVED,
        examines,
        effect=revisions.decline,
        check=revisions.is_waited_for,
        needs_note=True,
        needs_conditions=True,
    ),
    Action.DROP: Move(_APPROVED, State.APPROVED, owns, effect=revisions.drop, check=revisions.is_waited_for),
    # Its caller stores the name and the telephone: a history keeps neither.
    Action.CONTACT: Move(_APPROVED, State.APPROVED, owns),
    Action.MOVE: Move(tuple(State), None, sees, effect=regions.move, check=regions.is_another, needs_note=True),
    # What staff put right: its organiser agrees to it, or is told of it.
    Action.AGREE: Move(
        (State.RETURNED,), State.SUBMITTED, owns, columns=_promised, effect=corrections.write, check=_may_be_accepted
    ),
    Action.CORRECT: Move(
        _APPROVED, State.APPROVED, examines, effect=corrections.write, check=corrections.may_be_made, needs_note=True
    ),
    Action.ILLUSTRATE: Move(
        (State.SUBMITTED, State.APPROVED),
        None,
        examines,
        effect=corrections.write,
        check=corrections.may_be_illustrated,
    ),
}

# What was sent, and what was then read: what its organiser changes afterwards is told from it.
_KEPT_WHOLE = (Action.SUBMIT, Action.RETURN)
_ON_A_REVISION = (Action.ACCEPT, Action.DECLINE, Action.DROP)


def available(application: Application, user: User) -> list[Action]:
    """What ``user`` may do to ``application`` now, in the table's order; checks of the moment apart."""
    possible = [
        action
        for action, move in MOVES.items()
        if application.state in move.sources
        and (action not in _ON_A_REVISION or application.pending_revision is not None)
        and (action != Action.AGREE or corrections.proposal_of(application) is not None)
    ]
    # Many moves ask the same of their author: the database answers each question once.
    may = {who: who(user, application) for who in {MOVES[action].who for action in possible}}
    return [action for action in possible if may[MOVES[action].who]]


def perform(
    application: Application,
    action: Action,
    *,
    by: User,
    note: str = "",
    conditions: Sequence[str] = (),
    changes: Mapping[str, Any] | None = None,
    met: Sequence[str] = (),
    preset: Preset | None = None,
    is_held: bool = False,
) -> Transition:
    """Take ``action`` on ``application`` as it was read, log it, and tell the organiser once committed.

    The update carries the expected state and version in its WHERE clause: of two simultaneous decisions the second
    finds no row. It is read again once the row is ours, unless ``is_held``: its caller read it ``whole`` while
    holding it, ``as_one`` with this. Raises PermissionDenied, StaleError, NotePending, or MoveRefused with a French
    sentence.
    """
    request = Request(by, State(application.state), note.strip(), conditions, changes or {}, met)
    if is_held:
        return _carry_out(application, action, request, preset, is_held=True)
    with as_one():
        return _carry_out(application, action, request, preset)


def _carry_out(
    application: Application, action: Action, request: Request, preset: Preset | None, *, is_held: bool = False
) -> Transition:
    move, by = MOVES[action], request.by
    _may(application, move, request)
    as_read = Application.objects.filter(pk=application.pk, state=application.state, version=application.version)
    columns = _columns(application, move)
    # What its caller holds and no effect reads anew is written once, with its place in the queue.
    is_written_once = is_held and not move.effect
    if not is_written_once:
        take(as_read, columns)
    keep(application, columns)
    # From here on the row is ours until the transaction ends: what is checked is what is decided on.
    if not is_held:
        application.refresh_from_db()
    _check(application, move, request)
    before = _as_it_stands(application) if request.changes else {}
    if move.effect:
        move.effect(application, request)
    # What its caller holds keeps no list that was read ahead, but for theirs.
    moved = application if is_written_once else reading.whole(application.pk)
    if moved.created_by_id == by.pk:
        moved.created_by = by
    if is_written_once:
        placed = moved.queue_columns()
        take(as_read, {**columns, **placed})
        keep(moved, placed)
    else:
        moved.place_in_queue()
    if request.source not in {moved.state, State.DRAFT}:
        _release_mail_of_decision(moved)
    transition = Transition.objects.create(
        application=moved,
        action=action,
        from_state=request.source,
        to_state=moved.state,
        by=by,
        conditions=[value for value in Condition.values if value in request.conditions],
        answers=move.answers(request),
        note=request.note,
        preset=preset and Preset.objects.held(preset),
        verdict=moved.verdict.as_json(),
        changes=dict(request.changes),
        before={name: before[name] for name in request.changes},
        snapshot=event_changes.snapshot(moved.event) if action in _KEPT_WHOLE else None,
    )
    audit.record(by, f"application.{action}", DONE[action], about=moved.reference)
    emails.tell_organiser(transition, delay=settings.DECISION_MAIL_DELAY if move.is_decision else 0)
    if moved is not application:
        application.refresh_from_db()
    return transition


def _as_it_stands(application: Application) -> dict[str, Any]:
    return {**event_changes.snapshot(application.event), "region": application.region_id}


def _release_mail_of_decision(application: Application) -> None:
    """A decision that can no longer be undone is told before what followed it; one taken back is not told.

    Of a draft nothing was ever decided.
    """
    if decision := application.last_decision:
        outbox.hasten(decision.mail_key)


def _may(application: Application, move: Move, request: Request) -> None:
    if not move.who(request.by, application):
        raise PermissionDenied("Vous ne pouvez pas prendre cette décision.")
    if request.source not in move.sources:
        raise StaleError("Cette demande a changé d’état depuis que vous l’avez ouverte.")
    if move.needs_note and not request.note:
        raise NotePending("Indiquez le motif.")
    if move.needs_conditions and not request.conditions:
        raise NotePending("Indiquez au moins une condition non remplie.")
    if unknown := {*request.conditions, *request.met} - set(Condition.values):
        raise NotePending(f"Condition inconnue : {', '.join(sorted(unknown))}.")


def _check(application: Application, move: Move, request: Request) -> None:
    if move.check:
        move.check(application, request)
    if event_changes.names_what_is_gone(request.changes):
        raise Gone


def _columns(application: Application, move: Move) -> Columns:
    now = timezone.now()
    return {
        "state": move.target or application.state,
        "version": application.version + 1,
        "updated_at": now,
        **({"decided_at": now} if move.is_decision else {}),
        **move.columns(now),
    }
