"""How a labelled event changes: at once, or by a revision that waits while the approved version stays public."""

from django.utils import timezone

from core.whole import Gone
from events import changes as event_changes
from labels.deadlines import promised_on
from labels.models import Application, Revision
from labels.moves import MoveRefused, Request, StaleError, refuse_unmet
from labels.rules import Outcome


def is_worth_examining(application: Application, request: Request) -> None:
    """The change touches what was examined, with what follows it and nothing else, and misses no other condition."""
    if not are_known(request) or event_changes.examined(application.event, request.changes) != request.changes:
        raise MoveRefused("Aucun de ces changements ne demande un nouvel examen.")
    misses_no_more(application, request)


def needs_no_examination(application: Application, request: Request) -> None:
    if not are_known(request) or event_changes.examined(application.event, request.changes):
        raise MoveRefused("La date, le lieu, les publics, le prix et le titre ne changent qu’après un nouvel examen.")
    misses_no_more(application, request)


def are_known(request: Request) -> bool:
    return bool(request.changes) and set(request.changes) <= set(event_changes.NAMES)


def misses_no_more(application: Application, request: Request) -> None:
    """A condition missed before, by a rule or an edition that changed since, does not keep the rest from changing."""
    known = [finding.condition for finding in application.verdict.findings if finding.outcome is Outcome.NOT_MET]
    refuse_unmet(application.assess(request.changes), known=known)


def is_waited_for(application: Application, request: Request) -> None:
    if application.pending_revision is None:
        raise StaleError("Cette modification n’attend plus de décision.")


def edit(application: Application, request: Request) -> None:
    event_changes.apply(application.event, request.changes)


def file(application: Application, request: Request) -> None:
    """The latest wish counts: one that still waits is closed."""
    close(application)
    Revision.objects.create(
        application=application, changes=dict(request.changes), promised_on=promised_on(timezone.localdate())
    )


def accept(application: Application, request: Request) -> None:
    if revision := application.pending_revision:
        if event_changes.names_what_is_gone(revision.changes):
            raise Gone
        event_changes.apply(application.event, revision.changes)
        close(application, Revision.State.ACCEPTED)


def decline(application: Application, request: Request) -> None:
    close(application, Revision.State.DECLINED)


def drop(application: Application, request: Request) -> None:
    close(application)


def close(application: Application, state: Revision.State = Revision.State.CLOSED) -> None:
    """Nothing waits any more, and the application stands again under its own promise."""
    is_closed = application.revisions.filter(state=Revision.State.PENDING).update(state=state)
    if is_closed and application.submitted_at:
        own = promised_on(timezone.localdate(application.submitted_at))
        Application.objects.filter(pk=application.pk).update(promised_on=own)
