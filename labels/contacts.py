"""Whom to call about an application and its event, and how that is forgotten, in what its history tells too."""

from collections.abc import Iterable
from itertools import chain

from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from events.models import Edition, Event
from labels.models import Application, Note, Revision, Transition

_NAMES = ("registration_email", "registration_phone")
_BY_PERSON = (Event.Registration.EMAIL, Event.Registration.PHONE)


def forget(applications: QuerySet[Application]) -> int:
    """Forget all of these at once: who files them, whom to register with, what examiners noted; the label stays."""
    pks = list(applications.values_list("pk", flat=True))
    these = Application.objects.filter(pk__in=pks)
    _forget_history(Transition.objects.filter(application__in=pks), Revision.objects.filter(application__in=pks))
    Note.objects.filter(application__in=pks).delete()
    _forget_registrations(Event.objects.filter(application__in=pks))
    return these.update(contact_name="", contact_phone="", late_reason="", contacts_erased_at=timezone.now())


def _forget_history(*changed: Iterable[Transition | Revision]) -> None:
    """A history tells that a contact changed, no longer from what to what."""
    for row in chain(*changed):
        for name in ("changes", "before", "snapshot"):
            values = getattr(row, name, None) or {}
            if any(values.get(key) for key in _NAMES):
                kept = {key: "" if key in _NAMES else value for key, value in values.items()}
                type(row)._default_manager.filter(pk=row.pk).update(**{name: kept})


def _forget_registrations(events: QuerySet[Event]) -> None:
    """Whoever keeps a copy of their pages reads them again."""
    registration = Case(When(registration__in=_BY_PERSON, then=Value("")), default=F("registration"))
    named = events.exclude(registration_email="", registration_phone="")
    editions = Edition.objects.filter(pk__in=list(named.values("edition").distinct().values_list("edition", flat=True)))
    named.update(registration=registration, registration_email="", registration_phone="", updated_at=timezone.now())
    for edition in editions:
        edition.touch()
