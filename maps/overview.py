"""What the map shows of metropolitan France before the browser has read the edition and clustered it by itself.

The page holds it, so that markers wait for neither the events nor the worker that clusters them
(``static/js/workers/clusters.js``), which takes over as soon as the view moves. Neighbours join as they do there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import atanh, floor, hypot, pi, radians, sin
from typing import NamedTuple

from django.db.models import Avg, Count, F, FloatField, Min, Q
from django.db.models.functions import Floor

from events.models import EventQuerySet
from maps.points import CANCELLED, FULL, SCHEDULED

# West, south, east, north; and the zooms at which it fills a map, from a telephone's to a desktop's.
METROPOLE = (-5.2, 41.3, 9.7, 51.1)
ZOOMS = (4, 5, 6)
# Those of clusters.js, in pixels.
RADIUS = 60
TILE = 256
# Events so near, in parts of a degree, are one from the start: five pixels at the largest of these zooms.
CELLS_A_DEGREE = 10
DECIMALS = 3

Marker = list[float]


class Cell(NamedTuple):
    """Events beside each other, at their middle; ``pk`` and ``status`` (those of points.py) are one's that is alone."""

    latitude: float
    longitude: float
    size: int
    pk: int = 0
    status: int = SCHEDULED

    @property
    def marker(self) -> Marker:
        place = [round(self.latitude, DECIMALS), round(self.longitude, DECIMALS), self.size]
        return [*place, self.pk, self.status] if self.size == 1 else place

    def pixels(self, zoom: int) -> tuple[float, float]:
        """East and south in the world's square of Mercator at this zoom."""
        side = TILE * 2**zoom
        south = 0.5 - atanh(sin(radians(self.latitude))) / (2 * pi)
        return (self.longitude / 360 + 0.5) * side, south * side


def overview(located: EventQuerySet) -> dict[int, list[Marker]]:
    """By zoom, each marker as latitude, longitude and how many it stands for; one that is alone, its key and status."""
    cells = sorted(_cells(located), key=lambda cell: (-cell.size, cell.pk))
    return {zoom: [cell.marker for cell in joined(cells, zoom)] for zoom in ZOOMS}


def _cells(located: EventQuerySet) -> Iterator[Cell]:
    west, south, east, north = METROPOLE
    grid = {
        f"_{name}": Floor(F(name) * CELLS_A_DEGREE, output_field=FloatField()) for name in ("latitude", "longitude")
    }
    found = (
        located.filter(latitude__range=(south, north), longitude__range=(west, east))
        .order_by()
        .annotate(**grid)
        .values(*grid)
        .annotate(
            size=Count("pk"),
            middle=Avg("latitude"),
            meridian=Avg("longitude"),
            first=Min("pk"),
            cancelled=Count("cancelled_at"),
            full=Count("pk", filter=Q(is_full=True)),
        )
    )
    for row in found:
        status = CANCELLED if row["cancelled"] else FULL if row["full"] else SCHEDULED
        yield Cell(row["middle"], row["meridian"], row["size"], row["first"], status)


def joined(cells: Iterable[Cell], zoom: int) -> Iterator[Cell]:
    """Each cell with those left that stand within ``RADIUS`` of it, at the middle of their events."""
    squares: defaultdict[tuple[int, int], dict[Cell, tuple[float, float]]] = defaultdict(dict)
    placed = [(cell, cell.pixels(zoom)) for cell in cells]
    for cell, (x, y) in placed:
        squares[floor(x / RADIUS), floor(y / RADIUS)][cell] = x, y
    for cell, (x, y) in placed:
        column, line = floor(x / RADIUS), floor(y / RADIUS)
        if cell not in squares[column, line]:
            continue
        near = [squares[column + right, line + down] for right in (-1, 0, 1) for down in (-1, 0, 1)]
        members = [
            (square, other)
            for square in near
            for other, (east, south) in square.items()
            if hypot(east - x, south - y) <= RADIUS
        ]
        for square, other in members:
            del square[other]
        yield _middle([other for _, other in members])


def _middle(cells: list[Cell]) -> Cell:
    if len(cells) == 1:
        return cells[0]
    size = sum(cell.size for cell in cells)
    latitude = sum(cell.latitude * cell.size for cell in cells) / size
    return Cell(latitude, sum(cell.longitude * cell.size for cell in cells) / size, size)
