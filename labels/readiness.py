"""What an application must be to come before an examiner: sent by its organiser, or taken back into the queue."""

from django.utils import timezone

from events import changes as event_changes
from labels.models import Application, State
from labels.moves import MoveRefused, Request, refuse_unmet

# Why nothing is sent now, by what ``sending`` finds.
_WHY_NOT = {
    "unpublished": "Cette édition n’est plus publiée\u00a0: votre brouillon est conservé mais ne peut pas partir.",
    "early": "Les demandes ne sont pas encore ouvertes pour cette édition.",
    "late": "La date limite de dépôt est passée\u00a0: votre brouillon est conservé mais ne peut plus partir.",
    "over": "Cette édition est terminée\u00a0: aucune demande ne peut plus être déposée.",
}


def sending(application: Application, source: State) -> str:
    """``open`` if what stands at ``source`` may be sent now, else what keeps it; a return may come past a deadline."""
    edition, now = application.event.edition, timezone.now()
    is_draft = source == State.DRAFT
    if is_draft and not edition.is_published:
        return "unpublished"
    if now < edition.applications_open_at:
        return "early"
    if not application.is_past_closing:
        return "open"
    if is_draft and not application.late_reason:
        return "late"
    return "over" if edition.window_ends_on < timezone.localdate(now) else "open"


def may_be_sent(application: Application, request: Request) -> None:
    """The edition takes applications, and no condition is plainly unmet."""
    if why_not := _WHY_NOT.get(sending(application, request.source)):
        raise MoveRefused(why_not)
    if application.are_dates_proposed:
        raise MoveRefused("Confirmez les dates proposées, ou changez-les, avant de déposer la demande.")
    refuse_unmet(application.assess(request.changes))


def is_as_returned(application: Application, request: Request) -> None:
    """What its organiser has begun to correct is theirs to send: half of it was neither checked nor sworn."""
    if request.source != State.RETURNED:
        return
    returned = application.last_decision
    if returned is None or returned.snapshot is None:
        # Those of before snapshots were kept.
        refuse_unmet(application.assess())
    elif returned.snapshot != event_changes.snapshot(application.event):
        raise MoveRefused(
            "L’organisateur a commencé à corriger sa demande\u00a0: elle reviendra quand il la déposera de nouveau."
        )
