"""What staff put right: a correction proposed with a return, which waits for a yes, or made of a labelled event."""

from events import changes as event_changes
from events.diffs import label_of
from labels import revisions
from labels.models import Action, Application, State, Transition
from labels.moves import MoveRefused, Request, StaleError, refuse_unmet

_ON_THE_MAP = frozenset({*event_changes.PLACE, "point"})


def proposal_of(application: Application) -> Transition | None:
    """The return that proposed a correction, while the application waits for its organiser."""
    asked = application.asked
    return asked if asked and asked.changes else None


def outcome_of(proposal: Transition) -> Transition | None:
    """What ended the wait for an answer: the correction accepted, another one filed, the return taken back."""
    later = proposal.application.transitions.filter(pk__gt=proposal.pk, from_state=State.RETURNED)
    return later.exclude(to_state=State.RETURNED).order_by("pk").first()


def changed_since(application: Application, proposal: Transition) -> list[str]:
    """The fields that are no more as they were when the correction was proposed."""
    current = event_changes.snapshot(application.event)
    return [name for name in proposal.changes if current.get(name) != proposal.before.get(name)]


def in_french(names: list[str]) -> str:
    return ", ".join(f"«\u00a0{label_of(name)}\u00a0»" for name in names)


def may_be_proposed(application: Application, request: Request) -> None:
    """A return may come without a correction; one that comes with it needs but a yes."""
    if not request.changes:
        return
    _changes_something(application, request)
    refuse_unmet(application.assess(request.changes))


def is_still_proposed(application: Application, request: Request) -> None:
    proposal = application.last_decision
    if proposal is None or proposal.action != Action.RETURN or proposal.changes != request.changes:
        raise StaleError("Cette correction n’est plus proposée.")
    if names := changed_since(application, proposal):
        raise MoveRefused(f"Vous avez modifié {in_french(names)} depuis que cette correction a été proposée.")


def may_be_made(application: Application, request: Request) -> None:
    """The event meets what it met, and its organiser does not ask for something else of the same fields."""
    _changes_something(application, request)
    revision = application.pending_revision
    if revision and (names := _widened(revision.changes) & _widened(request.changes)):
        told = in_french([name for name in event_changes.NAMES if name in names & set(revision.changes)])
        raise MoveRefused(f"L’organisateur demande lui-même une modification ({told})\u00a0: répondez-lui d’abord.")
    revisions.misses_no_more(application, request)


def may_be_illustrated(application: Application, request: Request) -> None:
    if request.changes.keys() != {"pictures"}:
        raise MoveRefused("Seule l’image change ainsi.")


def write(application: Application, request: Request) -> None:
    """Shown at once where the public sees the event."""
    put = event_changes.apply if application.event.is_published else event_changes.write
    put(application.event, request.changes)


def _changes_something(application: Application, request: Request) -> None:
    is_known = revisions.are_known(request)
    if not is_known or event_changes.difference(application.event, request.changes) != request.changes:
        raise MoveRefused("Cette correction ne change rien de ce qui est déclaré, ou plus qu’elle ne peut.")


def _widened(changes: event_changes.Changes) -> frozenset[str]:
    """The names of ``changes``; a place is one answer, whatever part of it changes."""
    names = frozenset(changes)
    return names | _ON_THE_MAP if names & _ON_THE_MAP else names
