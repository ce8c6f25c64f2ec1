"""The map's document: RFC 7946, whatever the texts hold."""

import json
from datetime import date

import pytest

from events.geojson import Point, collection, encoded

pytestmark = pytest.mark.pure

HAVRE = Point(
    uid="6f1d0a52-6d4c-4a8e-9f0e-3f0f5c1d2b3a",
    title='« Fonderie » <script> & "cœur"\nouvert',
    starts_on=date(2024, 11, 18),
    ends_on=date(2024, 11, 20),
    town="Le Havre",
    format="visite-entreprise",
    url="https://exemple.fr/evenements/6f1d0a52-6d4c-4a8e-9f0e-3f0f5c1d2b3a/fonderie/",
    status="scheduled",
    latitude=49.49380000001,
    longitude=0.10771234567,
)


def test_a_feature_puts_longitude_first_with_six_decimals_at_most() -> None:
    document = json.loads(collection([encoded(HAVRE)]))

    assert document == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": HAVRE.uid,
                "geometry": {"type": "Point", "coordinates": [0.107712, 49.4938]},
                "properties": {
                    "title": HAVRE.title,
                    "starts_on": "2024-11-18",
                    "ends_on": "2024-11-20",
                    "town": "Le Havre",
                    "format": "visite-entreprise",
                    "url": HAVRE.url,
                    "status": "scheduled",
                },
            }
        ],
    }


def test_no_event_is_an_empty_collection() -> None:
    assert json.loads(collection([])) == {"type": "FeatureCollection", "features": []}


def test_an_event_without_dates_says_null() -> None:
    properties = json.loads(collection([encoded(HAVRE._replace(starts_on=None, ends_on=None))]))["features"][0][
        "properties"
    ]

    assert (properties["starts_on"], properties["ends_on"]) == (None, None)
