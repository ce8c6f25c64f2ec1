"""The events that a page leads on to, near by or alike: columns alone, two queries whatever the edition holds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import cos, radians
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from events.distances import Box
from events.models import Event, EventQuerySet, slug_of
from places.points import Point

AT_MOST = 4
# Kilometres that a visitor may be ready to go from one event to another.
NEAR = 30
_COLUMNS = (
    "pk", "uid", "title", "starts_on", "ends_on", "is_full", "attendance", "latitude", "longitude",
    "commune__name", "format__label",
)  # fmt: skip


@dataclass(frozen=True)
class Neighbour:
    """What one line tells of an event; ``kilometres`` only where it is what brought it here."""

    pk: int
    uid: Any
    title: str
    starts_on: date
    ends_on: date
    is_full: bool
    attendance: str
    latitude: float | None
    longitude: float | None
    town: str | None
    format: str | None
    kilometres: float | None = None

    @property
    def slug(self) -> str:
        return slug_of(self.title, self.uid)


def near(event: Event) -> list[Neighbour]:
    """Those to come within ``NEAR`` of it, the nearest first; none for an event without a place."""
    if event.latitude is None or event.longitude is None or not event.is_on_site:
        return []
    here = Point(event.latitude, event.longitude)
    # Enough to order by, and plain arithmetic: SQLite computes a haversine ten times slower.
    north, east = F("latitude") - here.latitude, (F("longitude") - here.longitude) * cos(radians(here.latitude))
    around = _others(event).filter(Box.around(here, NEAR).holds()).order_by(north * north + east * east, "pk")
    return list(_within_reach(around, here))


def alike(event: Event, shown: Collection[Neighbour] = ()) -> list[Neighbour]:
    """Those to come of its format, in its région or as it online; of its sectors first, ``shown`` left out."""
    sectors = [sector.pk for sector in event.sectors.all()]
    links = Event.sectors.through.objects.filter(event=OuterRef("pk"), sector__in=sectors)
    others = _others(event).filter(region=event.region_id, format=event.format_id)
    others = others.exclude(pk__in=[neighbour.pk for neighbour in shown])
    others = others.order_by(Exists(links).desc(), "starts_on", "pk")
    return [Neighbour(*row) for row in others.values_list(*_COLUMNS)[:AT_MOST]]


def _others(event: Event) -> EventQuerySet:
    return Event.objects.held().filter(edition=event.edition_id, ends_on__gte=timezone.localdate()).exclude(pk=event.pk)


def _within_reach(events: EventQuerySet, here: Point) -> Iterator[Neighbour]:
    for row in events.values_list(*_COLUMNS)[:AT_MOST]:
        neighbour = Neighbour(*row)
        kilometres = here.kilometres_to(Point(neighbour.latitude, neighbour.longitude))  # type: ignore[arg-type]
        if kilometres <= NEAR:
            yield replace(neighbour, kilometres=kilometres)
