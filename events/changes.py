"""What may change of a published event: at once, or after a new look; and how a change is written.

A change is a dict of JSON values by name: texts and numbers as they are, the price as a decimal string, the commune as
its INSEE code, lists as slugs, the point as ``[latitude, longitude, is_confirmed]``, slots (always as a whole) as
``{"date", "start_time", "end_time", "capacity"}``, the first three in ISO form; a change stored before slots had places
lacks the last.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import transaction

from events import pictures
from events.models import FAR, Audience, Event, Format, Level, Sector, Slot
from places.models import Commune
from places.points import Point

Changes = Mapping[str, Any]
SlotValue = Mapping[str, Any]

PLACE = ("attendance", "venue", "address", "commune")
# What the label was given for: a change of these is examined again, slots only when their days change.
EXAMINED = ("title", "price", "audiences", *PLACE, "slots")
# The rest is published at once.
IMMEDIATE = (
    "description",
    "purpose",
    "format",
    "sectors",
    "levels",
    "minimum_age",
    "group_size",
    "safety_equipment",
    "is_full",
    "is_accessible",
    "accessibility",
    "directions",
    "online_url",
    "registration",
    "registration_url",
    "registration_email",
    "registration_phone",
    "point",
    "pictures",
)
# In the order in which they are written: a commune brings its centre, which the point then moves.
NAMES = (*EXAMINED, *IMMEDIATE)
# What makes sense only with an examined change waits with it.
_FOLLOWS = {
    "point": PLACE,
    "directions": PLACE,
    "online_url": ("attendance",),
    "levels": ("audiences",),
    "group_size": ("audiences",),
}
# Kilometres: further, a confirmed point is another place.
NEAR = 2


def snapshot(event: Event) -> dict[str, Any]:
    """``event`` as it stands, in the values of a change."""
    return {name: _READERS[name](event) if name in _READERS else getattr(event, name) for name in NAMES}


def difference(event: Event, proposed: Changes) -> dict[str, Any]:
    """What of ``proposed`` is not so already. Raises KeyError for a name that cannot change."""
    current = snapshot(event)
    changed = {name: value for name, value in proposed.items() if current[name] != value}
    if "commune" in changed and "point" in proposed:
        changed["point"] = proposed["point"]
    return changed


def examined(event: Event, changes: Changes) -> dict[str, Any]:
    """What of ``changes`` asks for a new look, with what follows it; the rest may be published at once."""
    return {name: value for name, value in changes.items() if _asks_a_new_look(event, name, changes)}


def _asks_a_new_look(event: Event, name: str, changes: Changes) -> bool:
    if name == "slots":
        return {slot.date for slot in slots_of(changes[name])} != {slot.date for slot in event.slots.all()}
    if changes.keys() & set(_FOLLOWS.get(name, ())):
        return True
    return name in EXAMINED or (name == "point" and _is_elsewhere(event, changes[name]))


def _is_elsewhere(event: Event, point: list[Any] | None) -> bool:
    """Whether the point leaves its place: a confirmed one may move a little, the centre of a commune within it."""
    if event.latitude is None or event.longitude is None or point is None:
        return False
    moved = Point(event.latitude, event.longitude).kilometres_to(Point(point[0], point[1]))
    return moved > (NEAR if event.is_point_confirmed else FAR)


def apply(event: Event, changes: Changes) -> None:
    """Write ``changes`` and show them; call in a transaction. Raises KeyError for a name that cannot change."""
    write(event, changes)
    event.show()


@contextmanager
def tried(event: Event, changes: Changes) -> Iterator[None]:
    """The stored event as ``changes`` would make it, until the block ends; what else the block writes is undone too.

    ``event`` itself is not to be used afterwards.
    """
    with transaction.atomic():
        if changes:
            write(event, changes)
        yield
        transaction.set_rollback(True)


def write(event: Event, changes: Changes) -> None:
    """Write ``changes`` of an event that nobody sees yet; call in a transaction."""
    if unknown := changes.keys() - set(NAMES):
        raise KeyError(*unknown)
    for name in NAMES:
        if name in changes:
            _WRITERS.get(name, _setter(name))(event, changes[name])
    event.save()
    if {"slots", "commune", "attendance"} & changes.keys():
        event.slots.update(time_zone=event.time_zone)
    event.index()


def names_what_is_gone(changes: Changes) -> bool:
    """Whether an entry of a list that ``changes`` name was deleted since they were asked for."""
    named = {
        name: {changes[name]} if name == "format" else set(changes[name])
        for name in _LISTS.keys() & changes.keys()
        if changes[name]
    }
    return any(_LISTS[name].objects.filter(slug__in=slugs).count() < len(slugs) for name, slugs in named.items())


def _setter(name: str) -> Callable[[Event, Any], None]:
    return lambda event, value: setattr(event, name, value)


def slots_of(values: list[SlotValue]) -> list[Slot]:
    """Unsaved slots of a change's value."""
    return [
        Slot(
            date=date.fromisoformat(value["date"]),
            start_time=time.fromisoformat(value["start_time"]),
            end_time=time.fromisoformat(value["end_time"]),
            capacity=value.get("capacity"),
        )
        for value in values
    ]


def _read_slots(event: Event) -> list[SlotValue]:
    return [
        {
            "date": slot.date.isoformat(),
            "start_time": slot.start_time.isoformat("minutes"),
            "end_time": slot.end_time.isoformat("minutes"),
            "capacity": slot.capacity,
        }
        for slot in event.slots.all()
    ]


def _write_slots(event: Event, values: list[SlotValue]) -> None:
    event.slots.all().delete()
    for slot in slots_of(values):
        slot.event = event
        slot.time_zone = event.time_zone
        slot.save()


def _slugs(name: str) -> Callable[[Event], list[str]]:
    return lambda event: sorted(item.slug for item in getattr(event, name).all())


def _read_point(event: Event) -> list[Any] | None:
    return None if event.latitude is None else [event.latitude, event.longitude, event.is_point_confirmed]


def _write_point(event: Event, point: list[Any] | None) -> None:
    event.latitude, event.longitude, event.is_point_confirmed = point or (None, None, False)


_LISTS: dict[str, type[Format | Audience | Sector | Level]] = {
    "format": Format,
    "audiences": Audience,
    "sectors": Sector,
    "levels": Level,
}
_READERS: dict[str, Callable[[Event], Any]] = {
    "price": lambda event: None if event.price is None else f"{event.price.normalize():f}",
    "format": lambda event: event.format.slug if event.format else None,
    "audiences": _slugs("audiences"),
    "sectors": _slugs("sectors"),
    "levels": _slugs("levels"),
    "commune": lambda event: event.commune_id,
    "point": _read_point,
    "slots": _read_slots,
    "pictures": pictures.as_values,
}
_WRITERS: dict[str, Callable[[Event, Any], None]] = {
    "price": lambda event, value: setattr(event, "price", None if value is None else Decimal(value)),
    "format": lambda event, slug: setattr(event, "format", Format.objects.filter(slug=slug).first()),
    "audiences": lambda event, slugs: event.audiences.set(Audience.objects.filter(slug__in=slugs)),
    "sectors": lambda event, slugs: event.sectors.set(Sector.objects.filter(slug__in=slugs)),
    "levels": lambda event, slugs: event.levels.set(Level.objects.filter(slug__in=slugs)),
    "commune": lambda event, code: event.set_place(Commune.objects.get(code=code) if code else None),
    "point": _write_point,
    "slots": _write_slots,
    "pictures": pictures.set_values,
}
