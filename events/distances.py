"""Distances on the globe as conditions that SQLite and PostgreSQL compute alike, without a spatial database."""

import re
from dataclasses import dataclass
from math import cos, degrees, radians
from typing import Self

from django.db.models import F, FloatField, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

from core.text import fold
from places.points import EARTH_RADIUS, Point

DEFAULT_RADIUS = 30  # km


@dataclass(frozen=True)
class Box:
    """Degrees; ``west`` may exceed ``east``, across the antimeridian, as RFC 7946 has it."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, point: "Point | Place", kilometres: float) -> Self:
        """The smallest that holds all that is at most so far."""
        height = degrees(kilometres / EARTH_RADIUS)
        south, north = max(point.latitude - height, -90.0), min(point.latitude + height, 90.0)
        furthest = cos(radians(max(abs(south), abs(north))))
        width = degrees(kilometres / EARTH_RADIUS / furthest) if furthest > 0.001 else 180.0
        if width >= 180:
            return cls(-180.0, south, 180.0, north)
        return cls(_wrapped(point.longitude - width), south, _wrapped(point.longitude + width), north)

    def holds(self) -> Q:
        if self.west <= self.east:
            longitudes = Q(longitude__range=(self.west, self.east))
        else:
            longitudes = Q(longitude__gte=self.west) | Q(longitude__lte=self.east)
        return Q(latitude__range=(self.south, self.north)) & longitudes


# What « de » loses its vowel before: « d’Angers », « d’Yvetot », and of the towns in « H » those that are said so.
_ELIDED = re.compile(r"[aeiou]|y(?![aou])|(hazebrouck|henin|hennebont|herblay|herouville|hirson|hyeres)\b")


@dataclass(frozen=True)
class Place:
    """A named point to look around."""

    name: str
    latitude: float
    longitude: float

    @property
    def after_de(self) -> str:
        """Its name after « de »: « du Havre », « des Ulis », « d’Angers », « de Lyon »."""
        for article, joined in (("Le ", "du "), ("Les ", "des ")):
            if self.name.startswith(article):
                return joined + self.name.removeprefix(article)
        return f"d’{self.name}" if _ELIDED.match(fold(self.name)) else f"de {self.name}"

    def within(self, kilometres: float) -> Q:
        """Rows at most so far: first by a box, which an index answers, then by the haversine."""
        return Box.around(self, kilometres).holds() & Q(LessThanOrEqual(self.distance(), kilometres))

    def distance(self) -> Combinable:
        """Kilometres from a row's ``latitude`` and ``longitude``."""
        latitude = Radians(F("latitude"), output_field=FloatField())
        half_latitude = (latitude - radians(self.latitude)) / 2.0
        half_longitude = (Radians(F("longitude"), output_field=FloatField()) - radians(self.longitude)) / 2.0
        haversine = Power(Sin(half_latitude), 2) + Power(Sin(half_longitude), 2) * Cos(latitude) * cos(
            radians(self.latitude)
        )
        # Rounding may pass 1 at the very antipode, where no arcsine is.
        return ASin(Least(Sqrt(haversine), 1.0)) * (2 * EARTH_RADIUS)


def _wrapped(longitude: float) -> float:
    return (longitude + 180) % 360 - 180
