"""What a move of the workflow is made of, and how it is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core.whole import Gone, whole
from events.models import Format
from labels.models import Answer, Application, State
from labels.permissions import Predicate
from labels.rules import Condition, Outcome, Verdict


class MoveRefused(Exception):
    """This move cannot be made now; the message is French, for the person who tried."""


class StaleError(MoveRefused):
    """Somebody else was faster: the application is no longer as it was read."""


class NotePending(MoveRefused):
    """The move needs a text, or the conditions not met."""


@dataclass(frozen=True)
class Request:
    """What somebody asks for, beside the action itself."""

    by: User
    source: State
    note: str = ""
    conditions: Sequence[str] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    # The conditions that the examiner says are met, beside those that are not.
    met: Sequence[str] = ()


@contextmanager
def as_one() -> Iterator[None]:
    """All that the block does in one transaction, or nothing: what was chosen may be gone when it commits."""
    try:
        with whole():
            yield
    # A format that goes once it is written shows as soon as its event is read again.
    except (Gone, Format.DoesNotExist) as error:
        raise MoveRefused(
            "Ce que vous aviez choisi vient d’être supprimé des listes du portail\u00a0: rien n’est fait. Recommencez."
        ) from error


Step = Callable[[Application, Request], None]
Columns = dict[str, Any]


def _nothing(now: datetime) -> Columns:
    return {}


@dataclass(frozen=True)
class Move:
    """``check`` may refuse once the row is held, ``effect`` follows; both see the application as it will be.

    Without a ``target`` the application stays where it stands.
    """

    sources: tuple[State, ...]
    target: State | None
    who: Predicate
    # What it writes of the application itself, with the state.
    columns: Callable[[datetime], Columns] = _nothing
    effect: Step | None = None
    check: Step | None = None
    needs_note: bool = False
    needs_conditions: bool = False
    is_decision: bool = False
    # It shows the event to the public: whoever takes it answers that all four conditions are met.
    grants: bool = False

    def answers(self, request: Request) -> dict[str, str]:
        """What ``request`` answers for each of the four conditions; nothing where the move asks for no answer."""
        if self.grants:
            return {condition.value: Answer.MET.value for condition in Condition}
        if not self.needs_conditions:
            return {}
        said = {**dict.fromkeys(request.met, Answer.MET), **dict.fromkeys(request.conditions, Answer.NOT_MET)}
        return {condition.value: said.get(condition.value, Answer.OPEN).value for condition in Condition}


def refuse_unmet(verdict: Verdict, *, known: Sequence[Condition] = ()) -> None:
    """Refuse the move that would plainly miss a condition, those already ``known`` to be missed apart."""
    for finding in verdict.findings:
        if finding.outcome is Outcome.NOT_MET and finding.condition not in known:
            raise MoveRefused(finding.reason)


def take(as_read: QuerySet[Application], columns: Columns) -> None:
    """Compare and swap: the row moves only if it still is as it was read."""
    if not as_read.update(**columns):
        raise StaleError("Une autre personne vient de traiter cette demande.")


def keep(application: Application, columns: Columns) -> None:
    """What is written of it, in what was read of it."""
    for name, value in columns.items():
        setattr(application, name, value)
