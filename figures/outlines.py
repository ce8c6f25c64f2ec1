"""The shipped outlines as paths to draw: the métropole on one plane, each overseas région on its own beside it.

Lengths are units of the drawing; a degree of longitude is shortened as it is at the middle of its frame.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import cos, radians
from typing import Any

Position = tuple[float, float]
Ring = list[tuple[int, int]]
WIDTH, HEIGHT = 1000, 960
INSET_HEIGHT = 110
# West, south, east, north.
METROPOLE = (-5.2, 41.3, 9.7, 51.15)
OVERSEAS = ("01", "02", "03", "04", "06")
INSET = WIDTH // len(OVERSEAS)


@dataclass(frozen=True)
class Shape:
    """A région as a path, with the point where its figure is written."""

    code: str
    path: str
    label: tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """A box of degrees laid in a box of the drawing, as large as it fits, in its middle."""

    box: tuple[float, float, float, float]
    left: float
    top: float
    width: float
    height: float

    @property
    def _shortening(self) -> float:
        return cos(radians((self.box[1] + self.box[3]) / 2))

    @property
    def _scale(self) -> float:
        west, south, east, north = self.box
        return min(self.width / ((east - west) * self._shortening), self.height / (north - south))

    def place(self, longitude: float, latitude: float) -> tuple[int, int]:
        west, south, east, north = self.box
        x = (longitude - (west + east) / 2) * self._shortening * self._scale
        y = ((south + north) / 2 - latitude) * self._scale
        return round(self.left + self.width / 2 + x), round(self.top + self.height / 2 + y)


@cache
def regions() -> tuple[Shape, ...]:
    """The eighteen, by code."""
    document = files("places").joinpath("data", "outlines", "regions-10.geojson").read_text("utf-8")
    features = json.loads(document)["features"]
    found = {feature["properties"]["code"]: feature["geometry"] for feature in features}
    return tuple(_shape(code, found[code]) for code in sorted(found))


def _shape(code: str, geometry: dict[str, Any]) -> Shape:
    outer = list(_rings(geometry))
    frame = _frame(code, outer)
    drawn = [ring for ring in (_drawn(frame, ring) for ring in outer) if len(ring) > 2]
    return Shape(code, "".join(map(_path, drawn)), _centroid(max(drawn, key=lambda ring: abs(_area(ring)))))


def _rings(geometry: dict[str, Any]) -> Iterator[list[Position]]:
    """The outer ring of each of its polygons: no région has a hole."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield [(longitude, latitude) for longitude, latitude in polygon[0]]


def _frame(code: str, rings: list[list[Position]]) -> Frame:
    if code not in OVERSEAS:
        return Frame(METROPOLE, 0, 0, WIDTH, HEIGHT)
    longitudes, latitudes = zip(*(position for ring in rings for position in ring), strict=True)
    box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    left, top = inset(code)
    return Frame(box, left + INSET / 8, top, INSET * 3 / 4, INSET_HEIGHT)


def inset(code: str) -> tuple[int, int]:
    """The upper left corner of the box in which an overseas région is drawn."""
    return OVERSEAS.index(code) * INSET, HEIGHT + 60


def _drawn(frame: Frame, ring: list[Position]) -> Ring:
    """Without the points that fall on the one before."""
    points: Ring = []
    for position in ring:
        point = frame.place(*position)
        if not points or points[-1] != point:
            points.append(point)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _path(ring: Ring) -> str:
    """Each point from the one before, which is half as long as where it stands."""
    steps = [(x - u, y - v) for (u, v), (x, y) in pairwise(ring)]
    return f"M{ring[0][0]} {ring[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


def _area(ring: Ring) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _centroid(ring: Ring) -> tuple[int, int]:
    pairs = [((x, y), (u, v), x * v - u * y) for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True)]
    area = sum(cross for _, _, cross in pairs) * 3
    x = sum((first[0] + second[0]) * cross for first, second, cross in pairs) / area
    y = sum((first[1] + second[1]) * cross for first, second, cross in pairs) / area
    return round(x), round(y)
