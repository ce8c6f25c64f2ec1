"""Who has an application in hand: taken and released by compare-and-swap, logged, the application itself untouched."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from labels.models import Application
from labels.moves import MoveRefused, StaleError
from labels.permissions import examines, sees

# In nobody's hands: what a closed account had taken is free again.
FREE = Q(assigned_to=None) | Q(assigned_to__is_active=False) | Q(assigned_to__is_staff=False)


def is_free(application: Application) -> bool:
    holder = application.assigned_to
    return holder is None or not (holder.is_active and holder.is_staff)


def may_take(application: Application, user: User) -> bool:
    return application.due_on is not None and is_free(application) and examines(user, application)


def may_release(application: Application, user: User) -> bool:
    """Their own and a closed account's; the national team those of anyone."""
    if application.assigned_to is None or not sees(user, application):
        return False
    is_theirs = application.assigned_to_id == user.pk
    return is_theirs or is_free(application) or user.has_perm("labels.examine_everywhere")


@transaction.atomic
def take(application: Application, by: User) -> bool:
    """Have ``by`` decide it; False when they had it already.

    Raises PermissionDenied for those who may not examine it, MoveRefused naming the colleague who has it.
    """
    if not examines(by, application):
        raise PermissionDenied("Vous ne pouvez pas prendre cette demande en charge.")
    if application.assigned_to_id == by.pk:
        return False
    if application.due_on is None:
        raise MoveRefused("Cette demande n’attend pas de décision.")
    if not is_free(application):
        raise MoveRefused(_held(application))
    _swap(application, by)
    audit.record(by, "application.take", "Demande prise en charge", about=application.reference)
    return True


@transaction.atomic
def release(application: Application, by: User) -> bool:
    """Leave it to whoever takes it next; False when nobody had it. Raises PermissionDenied and MoveRefused."""
    if not sees(by, application):
        raise PermissionDenied("Vous ne pouvez pas rendre cette demande.")
    holder = application.assigned_to
    if holder is None:
        return False
    if not may_release(application, by):
        raise MoveRefused(_held(application))
    _swap(application, None)
    audit.record(by, "application.release", "Demande rendue", about=application.reference, details={"from": holder.pk})
    return True


def _swap(application: Application, to: User | None) -> None:
    """Only if it still is in the hands and the région it was read in, and to be taken only while it waits."""
    as_read = {"assigned_to": application.assigned_to_id, "region": application.region_id}
    mine = Application.objects.filter(pk=application.pk, **as_read)
    if to is not None:
        mine = mine.waiting()
    if not mine.update(assigned_to=to):
        application.refresh_from_db()
        raise StaleError(_held(application) if application.assigned_to else "Cette demande vient de changer de mains.")
    application.assigned_to = to


def _held(application: Application) -> str:
    return f"Cette demande est prise en charge par {application.assigned_to}."
