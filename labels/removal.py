"""An application erased for good with its event: for a content that the law forbids, or on a court's order."""

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from core.outbox import Mail
from events import pictures
from labels.models import Application
from labels.moves import StaleError


@transaction.atomic
def erase(application: Application, *, by: User, reason: str) -> None:
    """Erase it as it was read, with its event, pictures, mails and history; the label's number stays consumed.

    What is kept of it is one entry of the log: its reference, its label and why; not its title, which may be what had
    to go. Raises StaleError.
    """
    event = application.event
    held = Application.objects.filter(pk=application.pk, version=application.version).update(version=F("version") + 1)
    if not held:
        raise StaleError("Une autre personne vient de traiter cette demande.")
    details = {"reason": reason, "label_number": event.label_number or "", "state": application.get_state_display()}
    audit.record(by, "application.erase", "Demande effacée", about=application.reference, details=details)
    Mail.objects.filter(about=application.reference).delete()
    for picture in event.pictures.all():
        pictures.remove(picture)
    application.delete()
    event.delete()
    event.edition.touch()
