"""An application erased for good with its event: at the end of its time, or before it.

Before it by a superuser: for a content that the law forbids, or on a court's order.
"""

from django.db import transaction
from django.db.models import F, QuerySet

from accounts import audit
from accounts.models import Organisation, User
from core.outbox import Mail
from events import pictures
from events.models import Event, Picture, SearchWord
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
    said = event.searched_text
    take_out(Application.objects.filter(pk=application.pk))
    SearchWord.objects.unlearn(event.edition_id, said)
    event.edition.touch()


def take_out(applications: QuerySet[Application]) -> int:
    """Erase these with their events, pictures, mails and history; how many. Call in a transaction.

    An organisation that has neither members nor events any more goes with its last one.
    """
    rows = list(applications.values_list("pk", "reference", "event", "event__organisation"))
    pks, references, events, served = zip(*rows, strict=True) if rows else ((), (), (), ())
    Mail.objects.filter(about__in=references).delete()
    for picture in Picture.objects.filter(event__in=events):
        pictures.remove(picture)
    Application.objects.filter(pk__in=pks).delete()
    Event.objects.filter(pk__in=events).delete()
    Organisation.objects.filter(pk__in=served, members=None, events=None).delete()
    return len(rows)
