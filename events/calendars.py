"""Events as iCalendar (RFC 5545 and 7986): one VEVENT a slot, at the hour of its place, under one UID in every file."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Timezone, vDuration
from icalendar import Event as Component

from events.models import Event, Slot
from events.templatetags.event_text import places

PRODUCT = "-//Semaine de l’industrie//Portail//FR"
REFRESH_INTERVAL = timedelta(hours=12)


def calendar(event: Event, start: str = "") -> bytes:
    """The event with all its slots, or what begins at ``start``, and the time zones they need.

    The same bytes until the event changes.
    """
    result = _calendar(event.title, _page(event))
    result.add("uid", str(event.uid))
    result.add("last-modified", event.updated_at)
    return _document(result, [event], start)


def feed(events: Iterable[Event], *, name: str, address: str) -> bytes:
    """What a calendar subscribes to: all the slots of ``events``, those of the cancelled ones included.

    Each slot is written as soon as it is read: of a whole edition only the bytes are held.
    """
    result = _calendar(name, address)
    # Where it came from, for who was handed the file; how often Outlook asks again.
    result.add("source", address, parameters={"VALUE": "URI"})
    result.add("x-published-ttl", vDuration(REFRESH_INTERVAL))
    return _document(result, events)


def _calendar(name: str, url: str) -> Calendar:
    title = _line(name)
    result = Calendar()
    result.add("prodid", PRODUCT)
    result.add("version", "2.0")
    result.add("calscale", "GREGORIAN")
    result.add("name", title)
    result.add("x-wr-calname", title)
    result.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    result.add("url", url)
    return result


def _document(head: Calendar, events: Iterable[Event], start: str = "") -> bytes:
    """``head`` with the slots of ``events``, before them the time zones that these name."""
    meetings, zones, years = [], set(), set()
    for event in events:
        for rank, slot in enumerate(event.slots.all(), start=1):
            if start not in {"", slot.start}:
                continue
            meetings.append(_meeting(event, slot, rank).to_ical())
            zones.add(slot.time_zone)
            years.add(slot.date.year)
    opening, end = bytes(head.to_ical()).split(b"END:VCALENDAR")
    return b"".join(
        [opening, *(_zone(zone, min(years), max(years)) for zone in sorted(zones)), *meetings, b"END:VCALENDAR", end]
    )


@cache
def _zone(name: str, first: int, last: int) -> bytes:
    """The VTIMEZONE of an IANA zone, its changes of hour from the autumn before these years to the end of them."""
    zone = Timezone.from_tzinfo(ZoneInfo(name), name, date(first - 1, 1, 1), date(last + 1, 1, 1))
    return bytes(zone.to_ical())


def _meeting(event: Event, slot: Slot, rank: int) -> Component:
    """A slot's UID holds its rank, not its row: slots are rewritten as a whole, and a moved one must stay the same."""
    result = Component()
    result.add("uid", f"{event.uid}-{rank}@{urlsplit(settings.SITE_URL).hostname}")
    result.add("dtstamp", event.updated_at)
    result.add("last-modified", event.updated_at)
    result.add("sequence", event.sequence)
    result.add("dtstart", slot.starts_at)
    result.add("dtend", slot.ends_at)
    result.add("summary", _line(f"Annulé : {event.title}" if event.cancelled_at else event.title))
    result.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    result.add("description", _description(event, slot))
    result.add("url", _page(event))
    if location := _location(event):
        result.add("location", location)
    if event.latitude is not None and event.longitude is not None:
        result.add("geo", (round(event.latitude, 6), round(event.longitude, 6)))
    if event.format:
        result.add("categories", [event.format.label])
    return result


def _description(event: Event, slot: Slot) -> str:
    organiser = f"Organisateur : {event.organisation.name}" if event.organisation else ""
    full = "Complet : il n’y a plus de place." if event.is_full and not event.cancelled_at else ""
    parts = [event.cancellation_message, full, event.description, places(slot.capacity), organiser, _page(event)]
    return "\n\n".join("\n".join(part.splitlines()) for part in parts if part)


def _location(event: Event) -> str:
    if not event.is_on_site:
        return event.online_url or "En ligne"
    town = f"{event.commune.postcode} {event.commune.name}".strip() if event.commune else ""
    return _line(", ".join(part for part in [event.venue, event.address, town] if part))


def _line(text: str) -> str:
    """On one line, no-break spaces kept: a carriage return would end a property and begin another."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()


def _page(event: Event) -> str:
    return f"{settings.SITE_URL}{event.get_absolute_url()}"
