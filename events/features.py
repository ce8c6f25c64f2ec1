"""The features of a map, each encoded once for all that it says of its event, and kept by this process.

What is kept is found by the very values that it was made of: no change can be missed. The town's name alone is not
among them, but its code: to join 35 000 communes costs more than the rest of the query.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from events.geojson import Point, encoded
from events.models import EventQuerySet, slug_of
from places.models import Commune

# Of about one kB each.
MOST = 12_000
# Seconds, for the name of a town, which a new gazetteer may change.
KEPT_FOR = 600


class Row(NamedTuple):
    """Named as the columns that are read."""

    uid: UUID
    title: str
    starts_on: date | None
    ends_on: date | None
    commune: str | None
    format__slug: str | None
    cancelled_at: datetime | None
    is_full: bool
    latitude: float
    longitude: float

    @property
    def status(self) -> str:
        """In schema.org's manner."""
        return "cancelled" if self.cancelled_at else "full" if self.is_full else "scheduled"


@dataclass
class _Memory:
    """Begun anew rather than emptied: who reads it goes on."""

    until: float = 0
    features: dict[tuple[object, ...], bytes] = field(default_factory=dict)


_memory = [_Memory()]


def features(events: EventQuerySet) -> list[bytes]:
    """Of the located ones of ``events``, by date."""
    kept = _kept()
    rows = list(events.located().order_by("starts_on", "pk").values_list(*Row._fields))
    found = [kept.get(row) for row in rows]
    made = dict(_made({row for row, feature in zip(rows, found, strict=True) if feature is None}))
    # What is more than may be kept is a whole edition, which is kept as a document.
    if len(made) <= MOST:
        kept.update(made)
    return [feature or made[row] for row, feature in zip(rows, found, strict=True)]


def _kept() -> dict[tuple[object, ...], bytes]:
    now, memory = time.time(), _memory[0]
    if now > memory.until or len(memory.features) > MOST:
        memory = _memory[0] = _Memory(now + KEPT_FOR)
    return memory.features


def count() -> int:
    """How many features this process keeps."""
    return len(_memory[0].features)


def _made(rows: Collection[tuple[object, ...]]) -> Iterator[tuple[tuple[object, ...], bytes]]:
    if not rows:
        return
    root = settings.SITE_URL + reverse("events:list")
    read = [Row(*row) for row in rows]  # type: ignore[arg-type]
    towns = dict(Commune.objects.filter(pk__in={row.commune for row in read}).values_list("pk", "name"))
    for row in read:
        yield row, encoded(_point(row, towns.get(row.commune or "", ""), root))


def _point(row: Row, town: str, root: str) -> Point:
    return Point(
        uid=str(row.uid),
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        town=town,
        format=row.format__slug or "",
        url=f"{root}{row.uid}/{slug_of(row.title, row.uid)}/",
        status=row.status,
        latitude=row.latitude,
        longitude=row.longitude,
    )
