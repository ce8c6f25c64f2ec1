"""Events as OpenAgenda's reading API (version 2) writes them: ``total``, a page of ``events``, ``after`` for the next.

What OpenAgenda names is named and shaped so; what it has no name for (``organisateur``, ``label``, codes of our lists)
stands beside. Contacts for registration that are a person's stay on the event's page.
"""

import json
from datetime import date
from math import isfinite
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils.text import Truncator

from events.filters import EventFilter
from events.models import Event, Picture, Slot

_ATTENDANCE = {Event.Attendance.ON_SITE: 1, Event.Attendance.ONLINE: 2, Event.Attendance.MIXED: 3}
_SCHEDULED, _FULL, _CANCELLED = 1, 5, 6
_SHORT = 200
DEFAULT_SIZE, MOST = 20, 300
_STALE = (
    "Cette suite n’est pas lisible : reprenez les deux valeurs de « after » telles que la page précédente les donne."
)


class PageFilter(EventFilter):
    """The search, how many events a page holds, and the last of the page before."""

    size = forms.IntegerField(label="Événements par page", required=False, min_value=1, max_value=MOST)
    after = forms.CharField(label="Suite", required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: QueryDict) -> None:
        if "after[]" in data:
            data = data.copy()
            data.setlist("after", data.pop("after[]"))
        super().__init__(data)

    @property
    def is_by_distance(self) -> bool:
        return self.cleaned_data.get("tri") == "distance"

    @property
    def key(self) -> str:
        """What events are sorted by, before their uid."""
        return "distance" if self.is_by_distance else "starts_on"

    def clean_after(self) -> list[str]:
        return self.data.getlist("after")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if after := cleaned.get("after"):
            try:
                key, uid = after
                cleaned["position"] = self._value(key), UUID(uid)
            except ValueError:
                self.add_error("after", _STALE)
        return cleaned

    def _value(self, text: str) -> float | date:
        """Raises ValueError."""
        if not self.is_by_distance:
            return date.fromisoformat(text)
        if not isfinite(kilometres := float(text)):
            raise ValueError(text)
        return kilometres


def page(form: PageFilter) -> bytes:
    """One page of what the search finds, and where the next one begins: ``after`` is null on the last."""
    found = form.queryset().order_by(form.key, "uid")
    size = form.cleaned_data.get("size") or DEFAULT_SIZE
    rest = found
    if position := form.cleaned_data.get("position"):
        value, uid = position
        rest = found.filter(Q(**{f"{form.key}__gt": value}) | Q(**{form.key: value, "uid__gt": uid}))
    events = list(rest.for_page()[: size + 1])
    more = len(events) > size
    document = {
        "total": found.count(),
        "events": [_event(event) for event in events[:size]],
        "sort": form.key,
        "after": _after(form, events[size - 1]) if more else None,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _after(form: PageFilter, last: Any) -> list[str]:
    value = getattr(last, form.key)
    return [repr(value) if form.is_by_distance else value.isoformat(), str(last.uid)]


def _event(event: Event) -> dict[str, Any]:
    timings = [_timing(slot) for slot in event.slots.all()]
    return {
        "uid": str(event.uid),
        "slug": event.slug,
        "url": settings.SITE_URL + event.get_absolute_url(),
        "title": {"fr": event.title},
        "description": {"fr": Truncator(" ".join(event.description.split())).chars(_SHORT)},
        "longDescription": {"fr": event.description},
        "conditions": {"fr": "Gratuit"},
        "keywords": {"fr": [item.label for item in (event.format, *event.audiences.all()) if item]},
        "dateRange": {"fr": event.when},
        "timings": timings,
        "firstTiming": timings[0] if timings else None,
        "lastTiming": timings[-1] if timings else None,
        "timezone": event.time_zone,
        "attendanceMode": _ATTENDANCE[Event.Attendance(event.attendance)],
        "onlineAccessLink": event.online_url or None,
        "location": _location(event) if event.is_on_site else None,
        "status": _CANCELLED if event.cancelled_at else _FULL if event.is_full else _SCHEDULED,
        "registration": _registration(event),
        "accessibility": {"mi": event.is_accessible},
        "age": None if event.minimum_age is None else {"min": event.minimum_age, "max": None},
        "image": _image(event.image) if event.image else None,
        "createdAt": event.published_at and event.published_at.isoformat(timespec="seconds"),
        "updatedAt": event.updated_at.isoformat(timespec="seconds"),
        **_our_own(event),
    }


def _our_own(event: Event) -> dict[str, Any]:
    """In OpenAgenda's words the additional fields of an agenda."""
    return {
        "label": event.label_number,
        "organisateur": event.organisation.name if event.organisation else None,
        "format": event.format.slug if event.format else None,
        "publics": [audience.slug for audience in event.audiences.all()],
        "filieres": [sector.slug for sector in event.sectors.all()],
        "niveaux": [level.slug for level in event.levels.all()],
        "places": event.capacity,
        "taille_groupe": event.group_size,
    }


def _timing(slot: Slot) -> dict[str, str]:
    return {"begin": slot.starts_at.isoformat(), "end": slot.ends_at.isoformat()}


def _location(event: Event) -> dict[str, Any]:
    commune = event.commune
    departement = commune.departement if commune else None
    region = event.region.name if event.region else None
    return {
        "name": event.venue or (commune.name if commune else ""),
        "address": event.address,
        "postalCode": commune.postcode if commune else None,
        "insee": commune.code if commune else None,
        "city": commune.name if commune else None,
        "department": departement.name if departement else None,
        "region": region,
        "adminLevel1": region,
        "adminLevel2": departement.name if departement else None,
        "adminLevel4": commune.name if commune else None,
        "countryCode": "FR",
        "latitude": event.latitude,
        "longitude": event.longitude,
        "timezone": event.time_zone,
        "access": {"fr": event.directions} if event.directions else None,
    }


def _registration(event: Event) -> list[dict[str, str]]:
    is_link = event.registration == Event.Registration.LINK and event.registration_url
    return [{"type": "link", "value": event.registration_url}] if is_link else []


def _image(picture: Picture) -> dict[str, Any]:
    small = [{"filename": str(picture.small.name), "type": "thumbnail"}] if picture.small else []
    return {
        "base": f"{settings.SITE_URL}{settings.MEDIA_URL}",
        "filename": str(picture.file.name),
        "size": {"width": picture.width, "height": picture.height},
        "variants": small,
        "alt": picture.alt,
    }
