"""The features of a map, each encoded once for all that it says of its event, and kept by this process.

What is kept is found by the very values that it was made of: no change can be missed. The town's name alone is not
among them, but its code: to join 35 000 communes costs more than the rest of the query. Those of an edition that is
looked at by parts are kept by place too, for the version that they are of.
"""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from math import floor
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from events.distances import Box
from events.geojson import Point, encoded
from events.models import Edition, Event, EventQuerySet, slug_of
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


class _Band(NamedTuple):
    """What lies in a tenth of a degree of latitude, from west to east; ``ranks`` are by date."""

    longitudes: tuple[float, ...]
    latitudes: tuple[float, ...]
    ranks: tuple[int, ...]


class _ByPlace:
    """Features by date, found by where they are."""

    def __init__(self, rows: list[tuple[Any, ...]], features: list[bytes]) -> None:
        self._features = features
        self._bands: dict[int, _Band] = {}
        places = sorted((_band(row[-2]), row[-1], row[-2], rank) for rank, row in enumerate(rows))
        for band, group in groupby(places, key=itemgetter(0)):
            self._bands[band] = _Band(*zip(*(place for _, *place in group), strict=True))

    def within(self, box: Box) -> list[bytes]:
        south, north = box.south, box.north
        lowest, highest = _band(south), _band(north)
        spans = [(box.west, box.east)] if box.west <= box.east else [(box.west, 180.0), (-180.0, box.east)]
        ranks: list[int] = []
        for number, band in self._bands.items():
            if not lowest <= number <= highest:
                continue
            for west, east in spans:
                inside = slice(bisect_left(band.longitudes, west), bisect_right(band.longitudes, east))
                if lowest < number < highest:
                    ranks += band.ranks[inside]
                else:
                    some = zip(band.latitudes[inside], band.ranks[inside], strict=True)
                    ranks += [rank for latitude, rank in some if south <= latitude <= north]
        ranks.sort()
        return list(map(self._features.__getitem__, ranks))


def _band(latitude: float) -> int:
    return floor(latitude * 10)


@dataclass
class _Version:
    """What an edition showed at one moment; one request puts it in order, which the others do not wait for."""

    moment: tuple[object, ...]
    turn: Lock = field(default_factory=Lock)
    by_place: _ByPlace | None = None


@dataclass
class _Memory:
    """Begun anew rather than emptied: who reads it goes on."""

    until: float = 0
    features: dict[tuple[object, ...], bytes] = field(default_factory=dict)
    # By the edition's key.
    versions: dict[int, _Version] = field(default_factory=dict)


_memory = [_Memory()]


def features(events: EventQuerySet) -> list[bytes]:
    """Of the located ones of ``events``, by date."""
    return _read(events)[1]


def features_within(edition: Edition, box: Box) -> list[bytes] | None:
    """Of the edition's located events in ``box``, by date; None where the database is to be asked for them.

    So it is for the first who asks after a change, who would pay for all others and may be the only one, and for an
    edition of more than a process keeps.
    """
    versions, moment = _begun().versions, (edition.public_version, edition.public_changed_at)
    version = versions.get(edition.pk)
    if version is None or version.moment != moment:
        versions[edition.pk] = _Version(moment)
        return None
    if version.turn.acquire(blocking=False):
        version.by_place = _by_place(edition)
    return version.by_place.within(box) if version.by_place else None


def _by_place(edition: Edition) -> _ByPlace | None:
    events = Event.objects.published().filter(edition=edition)
    return _ByPlace(*_read(events)) if events.located().count() <= MOST else None


def _read(events: EventQuerySet) -> tuple[list[tuple[Any, ...]], list[bytes]]:
    kept = _begun().features
    rows = list(events.located().order_by("starts_on", "pk").values_list(*Row._fields))
    found = [kept.get(row) for row in rows]
    made = dict(_made({row for row, feature in zip(rows, found, strict=True) if feature is None}))
    # What is more than may be kept is a whole edition, which is kept as a document.
    if len(made) <= MOST:
        kept.update(made)
    return rows, [feature or made[row] for row, feature in zip(rows, found, strict=True)]


def _begun() -> _Memory:
    now, memory = time.time(), _memory[0]
    if now > memory.until or len(memory.features) > MOST:
        memory = _memory[0] = _Memory(now + KEPT_FOR)
    return memory


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
