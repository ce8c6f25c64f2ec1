"""The workflow: one table of moves and one function that takes them; nobody else writes a state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core import outbox
from labels import emails
from labels.deadlines import promised_on
from labels.models import DECIDED, Action, Application, Condition, State, Transition
from labels.permissions import (
    Predicate,
    examines,
    examines_nationally,
    owns,
    owns_or_examines,
)


class MoveRefused(Exception):
    """This move cannot be made now; the message is French, for the person who tried."""


class StaleError(MoveRefused):
    """Somebody else was faster: the application is no longer as it was read."""


class NotePending(MoveRefused):
    """The move needs a text, or the conditions not met."""


@dataclass(frozen=True)
class Move:
    sources: tuple[State, ...]
    target: State
    who: Predicate
    effect: Callable[[Application, str], None] | None = None
    check: Callable[[Application, User, State], None] | None = None
    needs_note: bool = False
    needs_conditions: bool = False
    is_decision: bool = False


def _is_ready(application: Application, user: User, source: State) -> None:
    """The edition takes applications, no condition is plainly unmet; what was returned may come past the deadline."""
    edition = application.event.edition
    now = timezone.now()
    if now < edition.applications_open_at:
        raise MoveRefused("Les demandes ne sont pas encore ouvertes pour cette édition.")
    if source == State.DRAFT and not edition.is_open(now):
        raise MoveRefused("La date limite de dépôt est passée : votre brouillon est conservé mais ne peut plus partir.")
    unmet = [f for f in application.verdict.findings if f.outcome.value == "not_met"]
    if unmet:
        raise MoveRefused(unmet[0].reason)


def _is_within_undo(application: Application, user: User, source: State) -> None:
    """The same examiner, within the delay, and the mail has not left: it is withdrawn."""
    decision = application.last_decision
    if decision is None or decision.by_id != user.pk:
        raise PermissionDenied("Seule la personne qui a décidé peut annuler sa décision.")
    if timezone.now() - decision.at > timedelta(seconds=settings.DECISION_MAIL_DELAY) or not outbox.cancel(
        decision.mail_key
    ):
        raise MoveRefused("Le courriel est parti : seule l’équipe nationale peut revenir sur cette décision.")


def _withdraw_unsent_mail(application: Application, user: User, source: State) -> None:
    """A decision reversed before its mail left is told once, by the correction."""
    if decision := application.last_decision:
        outbox.cancel(decision.mail_key)


def _promise(application: Application, note: str) -> None:
    now = timezone.now()
    Application.objects.filter(pk=application.pk).update(
        submitted_at=now, promised_on=promised_on(timezone.localdate(now)), decided_at=None
    )


def _reopen(application: Application, note: str) -> None:
    """Back to the queue under the date already promised; what was shown is shown no more."""
    Application.objects.filter(pk=application.pk).update(decided_at=None)
    if application.event.is_published:
        application.event.unpublish()


def _publish(application: Application, note: str) -> None:
    application.event.publish()


def _revoke(application: Application, note: str) -> None:
    application.event.revoke()


def _cancel(application: Application, note: str) -> None:
    application.event.cancel(note)


MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move((State.DRAFT, State.RETURNED), State.SUBMITTED, owns, effect=_promise, check=_is_ready),
    Action.APPROVE: Move((State.SUBMITTED,), State.APPROVED, examines, effect=_publish, is_decision=True),
    Action.RETURN: Move(
        (State.SUBMITTED,), State.RETURNED, examines, needs_note=True, needs_conditions=True, is_decision=True
    ),
    Action.REFUSE: Move(
        (State.SUBMITTED,), State.REFUSED, examines, needs_note=True, needs_conditions=True, is_decision=True
    ),
    Action.WITHDRAW: Move((State.DRAFT, State.SUBMITTED, State.RETURNED), State.WITHDRAWN, owns),
    Action.CANCEL: Move((State.APPROVED,), State.CANCELLED, owns_or_examines, effect=_cancel, needs_note=True),
    Action.REVOKE: Move(
        (State.APPROVED,),
        State.REVOKED,
        examines,
        effect=_revoke,
        needs_note=True,
        needs_conditions=True,
        is_decision=True,
    ),
    Action.UNDO: Move(DECIDED, State.SUBMITTED, examines, effect=_reopen, check=_is_within_undo),
    Action.REVERSE: Move(
        DECIDED, State.SUBMITTED, examines_nationally, effect=_reopen, check=_withdraw_unsent_mail, needs_note=True
    ),
}


def available(application: Application, user: User) -> list[Action]:
    """What ``user`` may do to ``application`` now, in the table's order; checks of the moment apart."""
    return [
        action for action, move in MOVES.items() if application.state in move.sources and move.who(user, application)
    ]


@transaction.atomic
def perform(
    application: Application,
    action: Action,
    *,
    by: User,
    note: str = "",
    conditions: Sequence[str] = (),
) -> Transition:
    """Take ``action`` on ``application`` as it was read, log it, and tell the organiser once committed.

    The update carries the expected state and version in its WHERE clause: of two simultaneous decisions the second
    finds no row. Raises PermissionDenied, StaleError, NotePending, or MoveRefused with a French sentence.
    """
    move = MOVES[action]
    if not move.who(by, application):
        raise PermissionDenied("Vous ne pouvez pas prendre cette décision.")
    if application.state not in move.sources:
        raise StaleError("Cette demande a changé d’état depuis que vous l’avez ouverte.")
    if move.needs_note and not note.strip():
        raise NotePending("Indiquez le motif.")
    if move.needs_conditions and not conditions:
        raise NotePending("Indiquez au moins une condition non remplie.")
    if unknown := set(conditions) - set(Condition.values):
        raise NotePending(f"Condition inconnue : {', '.join(sorted(unknown))}.")

    from_state = State(application.state)
    now = timezone.now()
    changed = Application.objects.filter(pk=application.pk, state=from_state, version=application.version).update(
        state=move.target,
        version=F("version") + 1,
        updated_at=now,
        **({"decided_at": now} if move.is_decision else {}),
    )
    if not changed:
        raise StaleError("Une autre personne vient de traiter cette demande.")
    # From here on the row is ours until the transaction ends: what is checked is what is decided on.
    application.refresh_from_db()
    if move.check:
        move.check(application, by, from_state)
    if move.effect:
        move.effect(application, note)
        application.refresh_from_db()
    transition = Transition.objects.create(
        application=application,
        action=action,
        from_state=from_state,
        to_state=move.target,
        by=by,
        conditions=[value for value in Condition.values if value in conditions],
        note=note.strip(),
        verdict=application.verdict.as_json(),
    )
    emails.tell_organiser(transition, delay=settings.DECISION_MAIL_DELAY if move.is_decision else 0)
    return transition
