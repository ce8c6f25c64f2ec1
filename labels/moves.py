"""What a move of the workflow is made of, and how it is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from labels.models import Application, State
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


Step = Callable[[Application, Request], None]


@dataclass(frozen=True)
class Move:
    """``check`` may refuse once the row is held, ``effect`` follows; both see the application as it will be.

    Without a ``target`` the application stays where it stands.
    """

    sources: tuple[State, ...]
    target: State | None
    who: Predicate
    effect: Step | None = None
    check: Step | None = None
    needs_note: bool = False
    needs_conditions: bool = False
    is_decision: bool = False


def refuse_unmet(verdict: Verdict, *, known: Sequence[Condition] = ()) -> None:
    """Refuse the move that would plainly miss a condition, those already ``known`` to be missed apart."""
    for finding in verdict.findings:
        if finding.outcome is Outcome.NOT_MET and finding.condition not in known:
            raise MoveRefused(finding.reason)
