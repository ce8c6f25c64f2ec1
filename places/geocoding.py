"""Addresses as the Géoplateforme finds them: nothing of its answer is believed unread, and all goes on without it."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from core.calls import Service, Unavailable
from core.text import clean_text, fold
from places.models import Commune
from places.points import Point

SERVICE = Service("geocoder")
# Under this score the person is asked.
LOWEST = 0.5
SHOWN = 5
# The service refuses shorter and longer questions.
SHORTEST, LONGEST = 3, 200
_TOWNS = {"municipality"}


@dataclass(frozen=True)
class Place:
    """An address in a commune; without ``address``, the commune alone, by its centre."""

    commune: Commune
    point: Point
    address: str = ""

    @property
    def label(self) -> str:
        return ", ".join(part for part in (self.address, str(self.commune)) if part)


@dataclass(frozen=True)
class Suggestions:
    places: list[Place]
    # False where the communes stand in for addresses.
    are_addresses: bool


@dataclass(frozen=True)
class Located:
    """Where an address is: at ``point``, or it seems to be in the commune ``elsewhere``, or neither is known."""

    point: Point | None = None
    elsewhere: Commune | None = None


def suggest(text: str, commune: Commune | None = None) -> Suggestions:
    """What ``text`` may be the beginning of, in ``commune`` where it is known; communes when no address is found."""
    params = _question(text)
    if commune and commune.arrondissements:
        params["q"] = f"{params['q']} {commune.name}"[:LONGEST]
    elif commune:
        params["citycode"] = commune.code
    try:
        found = [place for place in _places(SERVICE.get(_address_of(params), params)) if place.address]
    except Unavailable:
        found = []
    if found:
        return Suggestions(found, are_addresses=True)
    communes = [commune] if commune else _communes_named_last(text)
    return Suggestions([Place(item, item.centre) for item in communes if item.centre], are_addresses=False)


def locate(address: str, commune: Commune, *, asks: bool = True) -> Located:
    """Where ``address`` of ``commune`` is; without ``asks``, as it was last answered. Raises Unavailable."""
    params = _question(f"{address} {commune.postcode} {commune.name}")
    answer = (SERVICE.get if asks else SERVICE.recall)(_address_of(params), params)
    found = [place for place in _places(answer) if place.address]
    here = next((place for place in found if commune.holds(place.commune)), None)
    if here:
        return Located(here.point)
    return Located(elsewhere=found[0].commune if found else None)


def _address_of(question: Mapping[str, str | int]) -> str:
    """Where to ask; nowhere without a service, or for a question that it would refuse."""
    is_asked = settings.GEOCODER_URL and len(str(question["q"])) >= SHORTEST
    return f"{settings.GEOCODER_URL}/search" if is_asked else ""


def _question(text: str) -> dict[str, str | int]:
    """The service wants a letter or a digit first."""
    return {"q": re.sub(r"^\W+|\s+(?=\s)", "", text)[:LONGEST], "limit": SHOWN}


def _places(answer: Any) -> list[Place]:
    """The places of an answer that are sure enough and where their communes are; whatever else it holds is left."""
    features = answer.get("features") if isinstance(answer, Mapping) else None
    read = list(filter(None, map(_read, features))) if isinstance(features, list) else []
    communes = Commune.objects.select_related("departement").in_bulk({code for code, _, _ in read})
    return [
        Place(communes[code], point, address)
        for code, point, address in read
        if code in communes and communes[code].is_within_reach(point)
    ]


def _read(feature: Any) -> tuple[str, Point, str] | None:
    """INSEE code, point and address of one answer; nothing where it is unsure or broken."""
    try:
        properties, (longitude, latitude) = feature["properties"], feature["geometry"]["coordinates"][:2]
        score, point = float(properties["score"]), Point(float(latitude), float(longitude))
        is_town = properties.get("type") in _TOWNS
        address = "" if is_town else clean_text(str(properties["name"]))[:LONGEST]
        code = str(properties["citycode"])
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError, ValidationError):
        return None
    is_sound = math.isfinite(point.latitude) and abs(point.latitude) <= 90 and abs(point.longitude) <= 180
    return (code, point, address) if score >= LOWEST and is_sound and re.fullmatch(r"\w{5}", code, re.ASCII) else None


def _communes_named_last(text: str) -> list[Commune]:
    """Those that the end of ``text`` names: an address is typed before its commune."""
    return next((found for found in _endings(text) if found), [])


def _endings(text: str) -> Iterator[list[Commune]]:
    words = fold(text).split()[-8:]
    for start in range(len(words)):
        ending = " ".join(words[start:])
        if len(ending) >= SHORTEST:
            yield list(Commune.objects.matching(ending).select_related("departement")[:SHOWN])
