"""Events as a GeoJSON FeatureCollection (RFC 7946); no Django, no clock, made for ten thousand rows.

Part of the public contract: names of members may be added, never changed.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

PRECISION = 6  # decimals: about ten centimetres


class Point(NamedTuple):
    """What a feature says of an event; dates are local, ``url`` is the absolute address of its page."""

    uid: str
    title: str
    starts_on: date | None
    ends_on: date | None
    town: str
    format: str
    url: str
    status: str
    latitude: float
    longitude: float


def feature(point: Point) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": point.uid,
        "geometry": {
            "type": "Point",
            "coordinates": [round(point.longitude, PRECISION), round(point.latitude, PRECISION)],
        },
        "properties": {
            "title": point.title,
            "starts_on": point.starts_on and point.starts_on.isoformat(),
            "ends_on": point.ends_on and point.ends_on.isoformat(),
            "town": point.town,
            "format": point.format,
            "url": point.url,
            "status": point.status,
        },
    }


def encoded(point: Point) -> bytes:
    """Its feature, UTF-8."""
    return json.dumps(feature(point), ensure_ascii=False, separators=(",", ":")).encode()


def collection(features: Iterable[bytes]) -> bytes:
    """The whole document, of features as ``encoded`` gives them."""
    return b'{"type":"FeatureCollection","features":[%b]}' % b",".join(features)
