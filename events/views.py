"""The public pages of events: the list, an event, its calendar, its pictures."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.ready import KEPT_FOR, named, ready
from events import calendars, neighbours
from events.cards import cards
from events.filters import EventFilter
from events.models import Event, EventQuerySet, Picture
from events.models.pictures import is_signed
from events.searching import not_too_often
from events.structured import json_ld

PAGE_SIZE = 20
A_DAY = timedelta(days=1)
_PICTURE = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|webp)")
_CONTENT_TYPES = {".png": "image/png", ".jpg": "image/jpeg", "webp": "image/webp"}


@require_safe
@not_too_often
def list(request: HttpRequest) -> HttpResponse:  # noqa: A001 - named as its address and its template
    form = EventFilter(request.GET)
    return ready(request, named(request, form.version), lambda: _list(request, form))


def _list(request: HttpRequest, form: EventFilter) -> bytes:
    page, events = _paged(form)
    context = {"form": form, "page_obj": page, "cards": cards(events, for_classes=form.is_for_classes)}
    return render_to_string("events/list.html", context, request).encode()


def _paged(form: EventFilter) -> tuple[Page[Any], EventQuerySet]:
    """The page asked for, and its events."""
    if form.keys is not None:
        keys = Paginator(form.keys, PAGE_SIZE).get_page(form.page_number)
        return keys, form.these(keys)
    events = form.queryset()
    page = Paginator(events, PAGE_SIZE).get_page(form.page_number)
    return page, events[page.start_index() - 1 : page.end_index()] if page.paginator.count else events.none()


@require_safe
def detail(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.once_published().for_version(), uid=uid)
    if event.revoked_at:
        return gone(request, event)
    if slug != event.slug:
        # Asked again each time: a title may come back to what it was, and each would lead to the other without end.
        moved = redirect(event, permanent=True)
        moved["Cache-Control"] = "no-cache"
        return moved
    return ready(request, _version(event), lambda: _page(request, event))


def _version(event: Event) -> str:
    """Moved by all that its page shows: itself, the edition's other events, and the clock while slots go by."""
    now, day = timezone.now(), timezone.localdate()
    is_near = event.starts_on and event.starts_on - A_DAY <= day <= (event.ends_on or event.starts_on) + A_DAY
    clock = int(now.timestamp() // KEPT_FOR) if is_near else day
    return f"event-{event.pk}-{event.updated_at.timestamp()}-{event.edition.public_version}-{clock}"


def _page(request: HttpRequest, event: Event) -> bytes:
    event = Event.objects.for_page().get(pk=event.pk)
    near = neighbours.near(event)
    context = {
        "event": event,
        "page": settings.SITE_URL + event.get_absolute_url(),
        "json_ld": json_ld(event),
        "near": near,
        "alike": neighbours.alike(event, near),
    }
    return render_to_string("events/detail.html", context, request).encode()


@require_safe
def calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _calendar(request, uid)


@require_safe
def slot_calendar(request: HttpRequest, uid: UUID, start: str) -> HttpResponse:
    """What of the event begins at ``start``, for who comes but once."""
    return _calendar(request, uid, start)


def _calendar(request: HttpRequest, uid: UUID, start: str = "") -> HttpResponse:
    event = get_object_or_404(Event.objects.once_published().for_page(), uid=uid)
    if event.revoked_at:
        return gone(request, event)
    if start and start not in {slot.start for slot in event.slots.all()}:
        raise Http404("Cet événement n’a pas de créneau à cette heure.")
    response = HttpResponse(calendars.calendar(event, start), content_type="text/calendar; charset=utf-8")
    name = f"{event.slug}-{start.lower()}" if start else event.slug
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def gone(request: HttpRequest, event: Event) -> HttpResponse:
    """In place of an event whose label was taken back: not a word of it, but others like it."""
    return render(request, "events/gone.html", {"alike": neighbours.alike(event)}, status=410)


@require_safe
@csp({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]
def media(request: HttpRequest, name: str) -> HttpResponse:
    """A picture by its random name; while no event that shows it is public, by an address that a page signed."""
    stored = Picture.objects.stored_as(name) if _PICTURE.fullmatch(name) else Picture.objects.none()
    if not stored.exists():
        raise Http404
    is_public = stored.public().exists()
    if not is_public and not is_signed(name, request.GET.get("s", "")):
        raise Http404
    try:
        with default_storage.open(name) as file:
            data = file.read()
    except FileNotFoundError:
        raise Http404 from None
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_public else "private, max-age=3600",
        "Content-Disposition": f'inline; filename="{name}"',
        # Feeds give its address: who reads them elsewhere shows it there.
        **({"Access-Control-Allow-Origin": "*"} if is_public else {}),
    }
    return HttpResponse(data, content_type=_CONTENT_TYPES[name[-4:]], headers=headers)
