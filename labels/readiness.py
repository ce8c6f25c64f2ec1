"""What an application must be to come before an examiner: sent by its organiser, or taken back into the queue."""

from django.utils import timezone

from events import changes as event_changes
from labels.models import Application, State
from labels.moves import MoveRefused, Request, refuse_unmet


def may_be_sent(application: Application, request: Request) -> None:
    """The edition takes applications, no condition is plainly unmet; what was returned may come past the deadline."""
    edition = application.event.edition
    now = timezone.now()
    if now < edition.applications_open_at:
        raise MoveRefused("Les demandes ne sont pas encore ouvertes pour cette édition.")
    if application.are_dates_proposed:
        raise MoveRefused("Confirmez les dates proposées, ou changez-les, avant de déposer la demande.")
    if request.source == State.DRAFT and application.is_past_closing and not application.late_reason:
        raise MoveRefused("La date limite de dépôt est passée : votre brouillon est conservé mais ne peut plus partir.")
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
