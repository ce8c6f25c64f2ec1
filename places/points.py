"""Points on the globe and how far apart they are; conditions of queries have ``events.distances``."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS = 6371.0088  # km


@dataclass(frozen=True)
class Point:
    latitude: float
    longitude: float

    def kilometres_to(self, other: "Point") -> float:
        south, north = radians(self.latitude), radians(other.latitude)
        half_width = radians(other.longitude - self.longitude) / 2
        chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(half_width) ** 2
        return 2 * EARTH_RADIUS * asin(sqrt(chord))
