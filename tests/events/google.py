"""What Google's documentation of events asks and advises of a JSON-LD document, as a validator of our own.

Required: name, startDate, location with its address. Advised: description, endDate, eventStatus, image, offers with
their availability, currency, price, date and address, organizer with its name. Types and formats are schema.org's.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
STATUSES = {f"https://schema.org/Event{name}" for name in ("Scheduled", "Cancelled", "Postponed", "Rescheduled")}
MODES = {f"https://schema.org/{name}EventAttendanceMode" for name in ("Offline", "Online", "Mixed")}
AVAILABILITIES = {f"https://schema.org/{name}" for name in ("InStock", "SoldOut", "PreOrder")}
URL = re.compile(r"https?://[^\s<>\"]+")


def document_of(body: str) -> dict[str, Any]:
    """The one document of a page."""
    (found,) = SCRIPT.findall(body)
    read: dict[str, Any] = json.loads(found)
    return read


def faults(event: dict[str, Any], path: str = "") -> list[str]:
    """What is missing or of another type, of the event and of its meetings."""
    return [f"{path}{fault}" for fault in _faults(event)]


def _faults(event: dict[str, Any]) -> Iterator[str]:
    if event.get("@type") != "Event":
        yield "@type"
    yield from _text(event, "name")
    yield from _instants(event)
    if event.get("eventStatus") not in STATUSES:
        yield "eventStatus"
    if event.get("eventAttendanceMode") not in MODES:
        yield "eventAttendanceMode"
    locations = event.get("location") or []
    if not locations:
        yield "location"
    for location in locations:
        yield from _location(location)
    # A meeting says of itself only what is its own.
    if "@context" in event:
        yield from _whole(event)


def _whole(event: dict[str, Any]) -> Iterator[str]:
    if event["@context"] != "https://schema.org":
        yield "@context"
    yield from _text(event, "description")
    if not event.get("image") or not all(URL.fullmatch(image) for image in event["image"]):
        yield "image"
    yield from _text(event.get("organizer") or {}, "name", "organizer.")
    yield from _offer(event.get("offers") or {})
    for rank, meeting in enumerate(event.get("subEvent", [])):
        yield from faults(meeting, f"subEvent[{rank}].")


def _instants(event: dict[str, Any]) -> Iterator[str]:
    """With an offset, the end after the start."""
    instants = []
    for name in ("startDate", "endDate"):
        try:
            instants.append(datetime.fromisoformat(event.get(name, "")))
        except ValueError:
            yield name
    if any(instant.tzinfo is None for instant in instants):
        yield "offset"
    elif len(instants) == 2 and instants[0] >= instants[1]:
        yield "endDate before startDate"


def _location(location: dict[str, Any]) -> Iterator[str]:
    if location.get("@type") == "VirtualLocation":
        if not URL.fullmatch(location.get("url", "")):
            yield "location.url"
        return
    if location.get("@type") != "Place":
        yield "location.@type"
    yield from _text(location, "name", "location.")
    address = location.get("address") or {}
    if address.get("@type") != "PostalAddress" or not re.fullmatch("[A-Z]{2}", address.get("addressCountry", "")):
        yield "location.address"


def _offer(offer: dict[str, Any]) -> Iterator[str]:
    if offer.get("@type") != "Offer" or float(offer.get("price", "nan")) != 0 or offer.get("priceCurrency") != "EUR":
        yield "offers.price"
    if offer.get("availability") not in AVAILABILITIES:
        yield "offers.availability"
    if not URL.fullmatch(offer.get("url", "")):
        yield "offers.url"
    try:
        datetime.fromisoformat(offer.get("validFrom", ""))
    except ValueError:
        yield "offers.validFrom"


def _text(holder: dict[str, Any], name: str, path: str = "") -> Iterator[str]:
    if not isinstance(holder.get(name), str) or not holder[name].strip():
        yield f"{path}{name}"
