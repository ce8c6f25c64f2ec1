"""What may change of a published event: at once, or after a new look; and how a change is written.

A change is a dict of JSON values by name: texts and numbers as they are, the price as a decimal string, the commune as
its INSEE code, audiences as slugs, slots (always as a whole) as ``{"date", "start_time", "end_time"}`` in ISO form.
"""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from events.models import Audience, Event, Slot
from places.models import Commune

Changes = Mapping[str, Any]

# What the label was given for: a change of these is examined again.
EXAMINED = ("title", "price", "audiences", "attendance", "venue", "address", "commune", "slots")
# The rest is published at once.
IMMEDIATE = (
    "description",
    "capacity",
    "is_full",
    "is_accessible",
    "accessibility",
    "online_url",
    "registration",
    "registration_url",
    "registration_email",
    "registration_phone",
    "latitude",
    "longitude",
)


def snapshot(event: Event) -> dict[str, Any]:
    """``event`` as it stands, in the values of a change."""
    values = {name: getattr(event, name) for name in (*EXAMINED, *IMMEDIATE) if name not in _READERS}
    return values | {name: read(event) for name, read in _READERS.items()}


def difference(event: Event, proposed: Changes) -> dict[str, Any]:
    """What of ``proposed`` is not so already. Raises KeyError for a name that cannot change."""
    current = snapshot(event)
    return {name: value for name, value in proposed.items() if current[name] != value}


def apply(event: Event, changes: Changes) -> None:
    """Write ``changes`` and show them; call in a transaction. Raises KeyError for a name that cannot change."""
    for name, value in changes.items():
        if name in _WRITERS:
            _WRITERS[name](event, value)
        elif name in EXAMINED or name in IMMEDIATE:
            setattr(event, name, value)
        else:
            raise KeyError(name)
    event.save()
    if {"slots", "commune", "attendance"} & changes.keys():
        event.slots.update(time_zone=event.time_zone)
    event.index()
    event.show()


def slots_of(values: list[dict[str, str]]) -> list[Slot]:
    """Unsaved slots of a change's value."""
    return [
        Slot(
            date=date.fromisoformat(value["date"]),
            start_time=time.fromisoformat(value["start_time"]),
            end_time=time.fromisoformat(value["end_time"]),
        )
        for value in values
    ]


def _read_slots(event: Event) -> list[dict[str, str]]:
    return [
        {
            "date": slot.date.isoformat(),
            "start_time": slot.start_time.isoformat("minutes"),
            "end_time": slot.end_time.isoformat("minutes"),
        }
        for slot in event.slots.all()
    ]


def _write_slots(event: Event, values: list[dict[str, str]]) -> None:
    event.slots.all().delete()
    for slot in slots_of(values):
        slot.event = event
        slot.time_zone = event.time_zone
        slot.save()


_READERS = {
    "price": lambda event: None if event.price is None else f"{event.price.normalize():f}",
    "audiences": lambda event: sorted(audience.slug for audience in event.audiences.all()),
    "commune": lambda event: event.commune_id,
    "slots": _read_slots,
}
_WRITERS = {
    "price": lambda event, value: setattr(event, "price", None if value is None else Decimal(value)),
    "audiences": lambda event, slugs: event.audiences.set(Audience.objects.filter(slug__in=slugs)),
    "commune": lambda event, code: event.set_place(Commune.objects.get(code=code) if code else None),
    "slots": _write_slots,
}
