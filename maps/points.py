"""What the map page filters by itself: events as columns of integers, titles and pages left to ``maps.cards``.

Not a contract: ``static/js/workers/points.js`` reads it, and decides by it as ``events.conditions`` does.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from events.models import Event, EventQuerySet

# Parts of a degree: about a metre. The page leaves to the server what a metre decides.
UNIT = 100_000
# As large a group as the filter asks for: that of an event without a limit.
ANY_SIZE = 100_000
PLACES = {
    Event.Attendance.ON_SITE: ["sur-place"],
    Event.Attendance.ONLINE: ["en-ligne"],
    Event.Attendance.MIXED: ["sur-place", "en-ligne"],
}
# Those of map-markers.js.
SCHEDULED, FULL, CANCELLED = range(3)

Codes = list[str]


class Row(NamedTuple):
    pk: int
    latitude: float | None
    longitude: float | None
    region: str | None
    departement: str | None
    format: str | None
    attendance: str
    group_size: int | None
    minimum_age: int | None
    is_full: bool
    cancelled_at: Any

    @property
    def is_located(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    @property
    def status(self) -> int:
        return CANCELLED if self.cancelled_at else FULL if self.is_full else SCHEDULED


_COLUMNS = (
    "pk", "latitude", "longitude", "region", "commune__departement", "format__slug", "attendance", "group_size",
    "minimum_age", "is_full", "cancelled_at",
)  # fmt: skip


def columns(events: EventQuerySet) -> bytes:
    """All of ``events``, the located ones first and those of a département together, which makes a smaller file."""
    events = events.order_by()
    rows = sorted((Row(*values) for values in events.values_list(*_COLUMNS)), key=_place)
    located = [row for row in rows if row.is_located]
    slots = _slots(events)
    document = {
        "id": steps(row.pk for row in rows),
        "latitude": steps(round(row.latitude * UNIT) for row in located),  # type: ignore[operator]
        "longitude": steps(round(row.longitude * UNIT) for row in located),  # type: ignore[operator]
        "status": [row.status for row in rows],
        "groupe": [_largest_group(row, slots[row.pk]) for row in rows],
        "age": [row.minimum_age or 0 for row in rows],
        "jours": _facet(sorted({day.isoformat() for day, _ in slots[row.pk]}) for row in rows),
        "region": _facet(_code(row.region) for row in rows),
        "departement": _facet(_code(row.departement) for row in rows),
        "format": _facet(_code(row.format) for row in rows),
        "lieu": _facet(PLACES[Event.Attendance(row.attendance)] for row in rows),
        **{name: _related(events, relation, rows) for name, relation in RELATIONS.items()},
    }
    return json.dumps(document, separators=(",", ":")).encode()


RELATIONS = {"public": "audiences", "filiere": "sectors", "niveau": "levels"}


def _place(row: Row) -> tuple[bool, str, float, int]:
    return (not row.is_located, row.departement or "", row.latitude or 0, row.pk)


def _code(code: str | None) -> Codes:
    return [code] if code else []


def steps(values: Iterable[int]) -> list[int]:
    """Each as its distance from the one before: shorter."""
    return [later - earlier for earlier, later in pairwise([0, *values])]


def _facet(held: Iterable[Codes]) -> dict[str, Any]:
    """Each distinct set of codes once, and for each event the rank of its own."""
    ranks: dict[tuple[str, ...], int] = {}
    of = [ranks.setdefault(tuple(codes), len(ranks)) for codes in held]
    return {"sets": list(ranks), "of": of}


def _related(events: EventQuerySet, relation: str, rows: list[Row]) -> dict[str, Any]:
    held: defaultdict[int, Codes] = defaultdict(list)
    pairs = events.filter(**{f"{relation}__isnull": False}).values_list("pk", f"{relation}__slug")
    for pk, slug in pairs.order_by(f"{relation}__slug"):
        held[pk].append(slug)
    return _facet(held[row.pk] for row in rows)


Slots = list[tuple[date, int | None]]


def _slots(events: EventQuerySet) -> defaultdict[int, Slots]:
    """The days of each event, with the places of each slot; no number where they have no limit."""
    held: defaultdict[int, Slots] = defaultdict(list)
    for pk, day, capacity in events.filter(slots__isnull=False).values_list("pk", "slots__date", "slots__capacity"):
        held[pk].append((day, capacity))
    return held


def _largest_group(row: Row, slots: Slots) -> int:
    """A group comes at once: what counts is the room of one slot. 0 where none may come."""
    if row.is_full or not slots:
        return 0
    roomiest = max(ANY_SIZE if capacity is None else capacity for _, capacity in slots)
    return min(ANY_SIZE if row.group_size is None else row.group_size, roomiest, ANY_SIZE)
