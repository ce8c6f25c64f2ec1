"""What is counted of an edition's events, from groups of them; no database, and every event in it once.

Audiences and days are the exception: an event that welcomes several, or lasts several days, counts in each.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from figures.places import NO_REGION, ONLINE, PLACELESS, place_of

NO_FORMAT = ""


class Group(NamedTuple):
    """``events`` alike in all the rest, ``located`` of them with a point on the map."""

    region: str | None
    attendance: str
    departement: str | None
    format: str | None
    events: int
    located: int


@dataclass(frozen=True)
class Counts:
    """``places`` by the code of a région, online or without région; the others by INSEE code, slug and local date."""

    total: int
    located: int
    places: Counter[str]
    departements: Counter[str]
    formats: Counter[str]
    audiences: Counter[str]
    days: Counter[date]

    @classmethod
    def of(cls, groups: Iterable[Group], audiences: Mapping[str, int], days: Mapping[date, int]) -> "Counts":
        places: Counter[str] = Counter()
        departements: Counter[str] = Counter()
        formats: Counter[str] = Counter()
        located = 0
        for group in groups:
            place = place_of(group.region, group.attendance)
            places[place] += group.events
            formats[group.format or NO_FORMAT] += group.events
            located += group.located
            if place not in PLACELESS and group.departement:
                departements[group.departement] += group.events
        return cls(places.total(), located, places, departements, formats, Counter(audiences), Counter(days))

    @property
    def online(self) -> int:
        return self.places[ONLINE]

    @property
    def without_region(self) -> int:
        return self.places[NO_REGION]

    @property
    def in_regions(self) -> int:
        return sum(count for place, count in self.places.items() if place not in PLACELESS)

    @property
    def regions(self) -> int:
        """In how many régions something takes place."""
        return sum(1 for place, count in self.places.items() if count and place not in PLACELESS)
