"""Places of slots: what the event has in all, and how what it had before slots had any is shared."""

from datetime import date, time
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from events import changes
from events.diffs import in_words
from events.models import Event, Slot
from tests import factories

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON = (time(9), time(12)), (time(14), time(17))


def on_two_days(**fields: Any) -> Event:
    return factories.event(
        edition=factories.edition(2024),
        slots=[(date(2024, 11, 19), *MORNING), (date(2024, 11, 20), *AFTERNOON)],
        label_number="2024-00001",
        published_at="2024-10-01T00:00Z",
        **fields,
    )


@pytest.mark.parametrize(("places", "total"), [([30, 12], 42), ([30, None], None), ([None, None], None)])
def test_an_event_has_the_places_of_its_slots_unless_one_has_no_limit(
    places: list[int | None], total: int | None
) -> None:
    event = on_two_days()
    for slot, capacity in zip(event.slots.all(), places, strict=True):
        Slot.objects.filter(pk=slot.pk).update(capacity=capacity)

    event.index()

    assert Event.objects.get().capacity == total


@pytest.mark.parametrize(("total", "shared"), [(None, [None, None]), (60, [30, 30]), (61, [31, 30]), (1, [1, 1])])
def test_what_an_event_had_in_all_is_shared_between_its_slots(total: int | None, shared: list[int | None]) -> None:
    event = on_two_days()
    Event.objects.update(capacity=total)

    import_module("events.migrations.0003_slot_capacity").share(apps, None)

    assert [slot.capacity for slot in event.slots.all()] == shared


def test_a_change_stored_before_slots_had_places_sets_no_limit() -> None:
    event = on_two_days(capacity=12)
    old = [{"date": "2024-11-21", "start_time": "09:00", "end_time": "12:00"}]
    new = [{"date": "2024-11-22", "start_time": "09:00", "end_time": "12:00", "capacity": 25}]

    changes.apply(event, {"slots": old})
    assert (changes.snapshot(event)["slots"], Event.objects.get().capacity) == ([{**old[0], "capacity": None}], None)
    changes.apply(event, {"slots": new})
    assert (changes.snapshot(event)["slots"], Event.objects.get().capacity) == (new, 25)
    assert in_words("slots", new) == "Vendredi 22 novembre 2024, de 9\u00a0h à 12\u00a0h – 25 places"


def test_the_calendar_and_search_engines_are_told_the_places_of_each_slot(client: Client) -> None:
    event = on_two_days(capacity=1200)

    calendar = client.get(f"/evenements/{event.uid}.ics").content.decode().replace("\r\n ", "")
    page = client.get(event.get_absolute_url()).content.decode()

    assert calendar.count("1\u202f200 places") == 2
    assert page.count('"maximumAttendeeCapacity": 1200') == 2
    assert page.count('"maximumAttendeeCapacity": 2400') == 1
