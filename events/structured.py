"""An event in the words of schema.org, for search engines: what Google's documentation of events asks and advises."""

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from events.models import Event, Slot

# What shows an event that has no image of its own, where it is shared: 1200 by 630.
DEFAULT_IMAGE = "img/partage.png"
_ATTENDANCE = {"sur-place": "Offline", "en-ligne": "Online", "hybride": "Mixed"}
# Inside a script element nothing but these could end it or open a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def json_ld(event: Event) -> SafeString:
    """The content of a ``script`` element of type application/ld+json, safe whatever the texts hold."""
    document = json.dumps(_without_blanks(_event(event)), ensure_ascii=False)
    return mark_safe(document.translate(_ESCAPES))  # noqa: S308 - escaped for a script element just above


def _event(event: Event) -> dict[str, Any]:
    slots = list(event.slots.all())
    page = settings.SITE_URL + event.get_absolute_url()
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": event.title,
        "description": event.description,
        "image": [settings.SITE_URL + (event.image.url if event.image else static(DEFAULT_IMAGE))],
        "startDate": min(slot.starts_at for slot in slots).isoformat() if slots else "",
        "endDate": max(slot.ends_at for slot in slots).isoformat() if slots else "",
        **_circumstances(event),
        "organizer": event.organisation
        and {"@type": "Organization", "name": event.organisation.name, "url": event.organisation.website},
        "audience": [{"@type": "Audience", "audienceType": a.label} for a in event.audiences.all()],
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": event.capacity,
        "offers": _offer(event, page),
        "subEvent": [_sub_event(event, slot) for slot in slots] if len(slots) > 1 else [],
        "inLanguage": "fr",
    }


def _circumstances(event: Event) -> dict[str, Any]:
    """What each of its meetings shares with the whole."""
    return {
        "eventStatus": f"https://schema.org/Event{'Cancelled' if event.cancelled_at else 'Scheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_ATTENDANCE[event.attendance]}EventAttendanceMode",
        "location": _locations(event),
    }


def _sub_event(event: Event, slot: Slot) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": event.title,
        "startDate": slot.starts_at.isoformat(),
        "endDate": slot.ends_at.isoformat(),
        "maximumAttendeeCapacity": slot.capacity,
        **_circumstances(event),
    }


def _offer(event: Event, page: str) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": "EUR",
        "url": (event.registration == Event.Registration.LINK and event.registration_url) or page,
        "validFrom": event.published_at and event.published_at.isoformat(),
        "availability": f"https://schema.org/{'SoldOut' if event.is_full else 'InStock'}",
    }


def _locations(event: Event) -> list[dict[str, Any]]:
    page = settings.SITE_URL + event.get_absolute_url()
    online = {"@type": "VirtualLocation", "url": event.online_url or page}
    return ([_place(event)] if event.is_on_site else []) + ([online] if event.is_online else [])


def _place(event: Event) -> dict[str, Any]:
    commune = event.commune
    return {
        "@type": "Place",
        "name": event.venue or (commune.name if commune else "Lieu à préciser"),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": event.address,
            "postalCode": commune.postcode if commune else "",
            "addressLocality": commune.name if commune else "",
            "addressRegion": event.region.name if event.region else "",
            "addressCountry": "FR",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": event.latitude, "longitude": event.longitude}
        if event.latitude is not None
        else None,
    }


def _without_blanks(value: Any) -> Any:
    """Without members that say nothing: what is unknown is left out, not empty."""
    if isinstance(value, dict):
        return {name: _without_blanks(item) for name, item in value.items() if item not in (None, "", [])}
    if isinstance(value, list):
        return [_without_blanks(item) for item in value]
    return value
