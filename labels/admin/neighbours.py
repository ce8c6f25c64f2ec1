"""The applications before and after one in a queue, at the same cost whatever its length."""

from dataclasses import dataclass

from django.db.models import Q

from labels.admin.changelist import LISTED_AT_MOST
from labels.admin.desk import BY_DUE_DATE, LATEST_FIRST
from labels.models import Application, ApplicationQuerySet


@dataclass(frozen=True)
class Neighbours:
    before: int | None
    after: int | None


def neighbours(queue: ApplicationQuerySet, application: Application) -> Neighbours:
    """Those that wait next to ``application`` in ``queue``, in its order, from the other end again at each end."""
    waiting = queue.waiting()
    if waiting.query.order_by not in (BY_DUE_DATE, LATEST_FIRST):
        return _listed(waiting, application)
    return Neighbours(_next(waiting.reverse(), application, forwards=False), _next(waiting, application, forwards=True))


def _next(waiting: ApplicationQuerySet, application: Application, *, forwards: bool) -> int | None:
    others = waiting.exclude(pk=application.pk).values_list("pk", flat=True)
    beyond = _beyond(application, by_due_date=waiting.query.order_by == BY_DUE_DATE, forwards=forwards)
    found: int | None = others.filter(beyond).first() if beyond else None
    return found or others.first()


def _beyond(application: Application, *, by_due_date: bool, forwards: bool) -> Q | None:
    """What stands further on; None for one that has no place, for it no longer waits.

    The first condition alone is a range of the index: an OR is none.
    """
    due, pk = application.due_on, application.pk
    if not by_due_date:
        return Q(pk__lt=pk) if forwards else Q(pk__gt=pk)
    if due is None:
        return None
    if forwards:
        return Q(due_on__gte=due) & (Q(due_on__gt=due) | Q(pk__gt=pk))
    return Q(due_on__lte=due) & (Q(due_on__lt=due) | Q(pk__lt=pk))


def _listed(waiting: ApplicationQuerySet, application: Application) -> Neighbours:
    """In an order of another column: among as many as the queue lists."""
    keys = list(waiting.values_list("pk", flat=True)[:LISTED_AT_MOST])
    others = [key for key in keys if key != application.pk]
    if not others:
        return Neighbours(None, None)
    place = keys.index(application.pk) if application.pk in keys else 0
    return Neighbours(others[place - 1], others[place % len(others)])
