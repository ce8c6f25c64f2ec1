"""Events read for documents: in an order that lasts, and as columns where a document holds all of them."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from events.filters import EventFilter
from events.geojson import Point
from events.models import EventQuerySet, slug_of

_COLUMNS = (
    "uid", "title", "starts_on", "ends_on", "commune__name", "format__slug",
    "cancelled_at", "is_full", "latitude", "longitude",
)  # fmt: skip


def lasting(form: EventFilter) -> EventQuerySet:
    """What a search finds, by distance where that is asked for, else by date: in no order that depends on the day."""
    events = form.queryset()
    return events if form.cleaned_data.get("tri") == "distance" else events.order_by("starts_on", "pk")


def for_calendars(events: EventQuerySet) -> EventQuerySet:
    """With all that a meeting in a calendar tells, in two queries."""
    return events.select_related("format", "commune", "organisation").prefetch_related("slots")


def points(events: EventQuerySet) -> Iterator[Point]:
    """The located ones of ``events``; status in schema.org's manner: ``scheduled``, ``full`` or ``cancelled``."""
    root = settings.SITE_URL + reverse("events:list")
    rows = events.located().order_by("starts_on", "pk").values_list(*_COLUMNS)
    for uid, title, starts_on, ends_on, town, format_slug, cancelled_at, is_full, latitude, longitude in rows:
        status = "cancelled" if cancelled_at else "full" if is_full else "scheduled"
        url = f"{root}{uid}/{slug_of(title, uid)}/"
        yield Point(
            str(uid), title, starts_on, ends_on, town or "", format_slug or "", url, status, latitude, longitude
        )
