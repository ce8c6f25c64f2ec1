"""What each filter's value asks of an event: a table from name to condition. Words are ``events.search``'s."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q

from events.distances import Box
from events.models import Event, Slot
from places.models import Commune


def is_in_communes(communes: Collection[Commune]) -> Q:
    condition = Q(commune__in=communes)
    for commune in communes:
        if commune.arrondissements:
            condition |= Q(commune__code__startswith=commune.arrondissements)
    return condition


def _takes_place(place: str) -> Q:
    return Q(attendance__in=[place, Event.Attendance.MIXED])


def _has_slot(days: dict[str, Any], group: int | None) -> Q:
    """A group comes at once, on one of these days: what counts is the room of one slot."""
    slots = Slot.objects.filter(**days)
    if group:
        slots = slots.filter(Q(capacity__isnull=True) | Q(capacity__gte=group))
    return Q(pk__in=slots.values("event"))


def _one_of(relation: str) -> Callable[[Any], Q]:
    """Without a join, which would return an event once for each of its matches."""
    return lambda rows: Q(pk__in=Event.objects.filter(**{f"{relation}__in": rows}).values("pk"))


def _welcomes_group(size: int) -> Q:
    return Q(Q(group_size__isnull=True) | Q(group_size__gte=size), is_full=False)


def _welcomes_age(age: int) -> Q:
    return Q(minimum_age__isnull=True) | Q(minimum_age__lte=age)


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "region": lambda regions: Q(region__in=regions),
    "departement": lambda departements: Q(commune__departement__in=departements),
    "commune": is_in_communes,
    "format": lambda formats: Q(format__in=formats),
    "public": _one_of("audiences"),
    "filiere": _one_of("sectors"),
    "niveau": _one_of("levels"),
    "slot": lambda wanted: _has_slot(*wanted),
    "lieu": _takes_place,
    "circle": lambda circle: circle[0].within(circle[1]),
    "groupe": _welcomes_group,
    "age": _welcomes_age,
    "bbox": Box.holds,
}
