"""The features of the map: encoded once for all that they say, and never older than their event."""

import json
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from events import changes, features
from events.geojson import Point, encoded
from events.models import Event
from places.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db

DATA = "/carte/evenements.geojson?edition=2024"
SLOT = {"date": "2024-11-22", "start_time": "09:00", "end_time": "12:00", "capacity": None}


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def told() -> dict[str, Any]:
    """What the one feature of the edition says."""
    (found,) = json.loads(Client().get(DATA).content)["features"]
    return {**found["properties"], "coordinates": found["geometry"]["coordinates"]}


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"title": "Soierie"}, "title", "Soierie"),
        ({"slots": [SLOT]}, "starts_on", "2024-11-22"),
        ({"slots": [SLOT]}, "ends_on", "2024-11-22"),
        ({"commune": "69381"}, "town", "Lyon 1er Arrondissement"),
        ({"format": "atelier"}, "format", "atelier"),
        ({"is_full": True}, "status", "full"),
        ({"point": [49.5, 0.11, True]}, "coordinates", [0.11, 49.5]),
    ],
    ids=str,
)
def test_a_change_of_what_a_feature_says_is_read_at_once(change: dict[str, Any], name: str, value: Any) -> None:
    event = published(title="Forge")
    factories.commune("69381")
    before = told()
    with transaction.atomic():
        changes.apply(event, change)

    assert before[name] != value
    assert told()[name] == value


def test_a_cancellation_is_read_at_once() -> None:
    event = published()
    before = told()["status"]
    event.cancel("L’atelier est fermé.")

    assert (before, told()["status"]) == ("scheduled", "cancelled")


def test_only_what_changed_is_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [published(title=f"Forge {rank}") for rank in range(3)]
    features.features(Event.objects.published())
    made: list[str] = []

    def noted(point: Point) -> bytes:
        made.append(point.title)
        return encoded(point)

    monkeypatch.setattr(features, "encoded", noted)
    changes.apply(events[1], {"title": "Soierie"})
    read = features.features(Event.objects.published())

    assert (made, len(read)) == (["Soierie"], 3)


def test_a_process_keeps_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "MOST", 2)
    for rank in range(9):
        published(title=f"Forge {rank}")
        one = Event.objects.filter(title=f"Forge {rank}")
        assert len(features.features(one)) == 1
        assert features.count() <= features.MOST + 1
    kept = features.count()

    assert len(features.features(Event.objects.published())) == 9
    assert features.count() <= kept


def test_a_town_s_new_name_is_read_before_long() -> None:
    published()
    before = told()["town"]
    Commune.objects.update(name="Le Havre-de-Grâce")
    cache.clear()
    with time_machine.travel(timezone.now()) as traveller:
        traveller.shift(features.KEPT_FOR + 1)
        after = told()["town"]

    assert (before, after) == ("Le Havre", "Le Havre-de-Grâce")
