"""Events read for documents, in an order that lasts."""

from events.filters import EventFilter
from events.models import EventQuerySet


def lasting(form: EventFilter) -> EventQuerySet:
    """What a search finds, by distance where that is asked for, else by date: in no order that depends on the day."""
    events = form.queryset()
    return events if form.cleaned_data.get("tri") == "distance" else events.order_by("starts_on", "pk")


def for_calendars(events: EventQuerySet) -> EventQuerySet:
    """With all that a meeting in a calendar tells, in two queries."""
    return events.select_related("format", "commune", "organisation").prefetch_related("slots")
