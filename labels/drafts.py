"""An application begun: by an organiser, or by staff in an organiser's name."""

from django.db import transaction

from accounts.models import User
from events.models import Edition, Event
from labels.models import Application


@transaction.atomic
def begin(edition: Edition, user: User, *, late_reason: str = "") -> Application:
    """A draft, for the user's organisation where they have but one; one begun and not yet touched is taken up.

    With a ``late_reason`` it may be filed once applications are closed.
    """
    User.objects.select_for_update().get(pk=user.pk)  # the second of two clicks waits here, and finds the first's draft
    untouched = Application.objects.untouched(user).filter(event__edition=edition).first()
    if untouched is None:
        organisations = list(user.organisations.all()[:2])
        event = Event.objects.create(
            edition=edition, organisation=organisations[0] if len(organisations) == 1 else None
        )
        return Application.objects.create(
            reference=edition.next_reference(), event=event, created_by=user, late_reason=late_reason
        )
    if late_reason:
        Application.objects.filter(pk=untouched.pk).update(late_reason=late_reason)
        untouched.late_reason = late_reason
    return untouched
