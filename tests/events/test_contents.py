"""What hangs on an event, read in three questions, is what Django would read in seven."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db.models import prefetch_related_objects
from pytest_django import DjangoAssertNumQueries

from events import contents
from events.models import Audience, Event, Level, Picture, Sector, Slot
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = ("audiences", "levels", "sectors", "slots", "pictures")


def full() -> Event:
    event = factories.event(audiences=[])
    event.edition.audiences.set(Audience.objects.order_by("-pk")[:4])
    for name, model in (("audiences", Audience), ("levels", Level), ("sectors", Sector)):
        getattr(event, name).set(model.objects.order_by("-pk")[:3])
    Audience.objects.filter(events=event).update(position=7)
    Sector.objects.filter(events=event).update(is_active=False)
    for days, hour in ((0, 14), (-1, 16), (-1, 9)):
        day = event.edition.week_starts_on + timedelta(days=days)
        Slot.objects.create(event=event, date=day, start_time=time(hour), end_time=time(hour, 30), capacity=hour)
    for rank, kind in enumerate(("document", "image", "document")):
        values = {"alt": f"Mots {rank}", "file": f"{rank}.png", "digest": str(rank)}
        Picture.objects.create(event=event, kind=kind, width=1, height=1, size=1, **values)
    return event


def read(event: Event) -> dict[str, list[dict[str, Any]]]:
    lists = {name: getattr(event, name).all() for name in LISTS} | {"targets": event.edition.audiences.all()}
    lists["format"] = [event.format] if event.format else []
    return {
        name: [{field.name: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]
        for name, rows in lists.items()
    }


def stored(event: Event) -> Event:
    return Event.objects.select_related("edition").get(pk=event.pk)


@pytest.mark.parametrize("is_full", [True, False])
def test_all_is_there_as_django_reads_it_and_in_its_order(
    *, is_full: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Another's, of which nothing may come along.
    other = factories.event() if is_full else full()
    event = full() if is_full else Event.objects.create(edition=other.edition)
    expected = stored(event)
    prefetch_related_objects([expected], *LISTS, "edition__audiences")

    found = stored(event)
    with django_assert_num_queries(3):
        contents.read_ahead(found)
    with django_assert_num_queries(0):
        known = read(found)

    assert known == read(expected)
    assert bool(known["slots"]) == is_full


def test_what_was_read_ahead_may_still_be_asked_of_and_changed() -> None:
    event = stored(full())
    contents.read_ahead(event)
    first = event.audiences.all()[0]

    assert event.slots.filter(capacity=9).count() == 1
    assert {slot.event for slot in event.slots.all()} == {event}
    event.audiences.remove(first)
    assert first not in event.audiences.all()
    event.slots.all().delete()
    assert not Slot.objects.filter(event=event).exists()
