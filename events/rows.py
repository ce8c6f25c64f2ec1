"""Events as rows of plain values, some hundreds at a time: no model is made, no more is held however many there are.

Which events is settled first, by their keys alone (eight bytes each): what leaves slowly holds nothing of the database.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from events.models import Event, EventQuerySet, Slot, slug_of

CHUNK = 500
# By the names of columns as a queryset has them, and ``page``, ``slots`` and the lists below.
Row = dict[str, Any]

_COLUMNS = (
    "pk", "uid", "edition__year", "title", "description", "label_number", "starts_on", "ends_on", "is_full",
    "cancelled_at", "published_at", "updated_at", "attendance", "venue", "address", "directions", "online_url",
    "commune", "commune__name", "commune__postcodes", "commune__departement", "commune__departement__name",
    "region", "region__name", "latitude", "longitude", "format__slug", "organisation__name", "organisation__website",
    "minimum_age", "group_size", "capacity", "is_accessible", "accessibility", "safety_equipment", "registration",
    "registration_url",
)  # fmt: skip
_LISTS = ("audiences", "sectors", "levels")


def rows(events: EventQuerySet) -> Iterator[list[Row]]:
    """``events`` in their order, by chunks; as many queries a chunk whatever it holds."""
    keys = array("q", events.values_list("pk", flat=True).iterator(chunk_size=10_000))
    for start in range(0, len(keys), CHUNK):
        yield _loaded(keys[start : start + CHUNK])


def _loaded(keys: Sequence[int]) -> list[Row]:
    """Without those that were withdrawn meanwhile."""
    found = {row["pk"]: row for row in Event.objects.published().filter(pk__in=keys).order_by().values(*_COLUMNS)}
    slots, root = _slots(keys), settings.SITE_URL + reverse("events:list")
    for row in found.values():
        row["slots"] = slots[row["pk"]]
        row["page"] = f"{root}{row['uid']}/{slug_of(row['title'], row['uid'])}/"
    for name in _LISTS:
        slugs = _slugs(name, keys)
        for row in found.values():
            row[name] = slugs[row["pk"]]
    return [found[key] for key in keys if key in found]


def _slots(keys: Sequence[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """The instants at which each begins and ends, with the offset of their place, by event."""
    slots = defaultdict(list)
    columns = ("event", "date", "start_time", "end_time", "time_zone")
    for event, day, start, end, name in Slot.objects.filter(event__in=keys).values_list(*columns):
        zone = ZoneInfo(name)
        slots[event].append((datetime.combine(day, start, zone), datetime.combine(day, end, zone)))
    return slots


def _slugs(name: str, keys: Sequence[int]) -> dict[int, list[str]]:
    """The codes of a list's entries, in its order, by event."""
    entry = name.removesuffix("s")
    through = Event._meta.get_field(name).remote_field.through  # type: ignore[union-attr]
    links = through._default_manager.filter(event__in=keys).order_by(f"{entry}__position", f"{entry}__label")
    slugs = defaultdict(list)
    for event, slug in links.values_list("event", f"{entry}__slug"):
        slugs[event].append(slug)
    return slugs
