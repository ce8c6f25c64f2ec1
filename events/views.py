"""The public pages of events: the list, an event, its calendar, its pictures."""

import re
from uuid import UUID

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from events import calendars
from events.filters import EventFilter
from events.models import Event, Picture
from events.models.pictures import is_signed
from events.structured import json_ld

PAGE_SIZE = 20
_PICTURE = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|webp)")
_CONTENT_TYPES = {".png": "image/png", ".jpg": "image/jpeg", "webp": "image/webp"}


@require_safe
def list(request: HttpRequest) -> HttpResponse:  # noqa: A001 - named as its address and its template
    form = EventFilter(request.GET)
    paginator = Paginator(form.queryset().for_cards(), PAGE_SIZE)
    page = paginator.get_page(form.page_number)
    return render(request, "events/list.html", {"form": form, "page_obj": page})


@require_safe
def detail(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.once_published().for_page(), uid=uid)
    if event.revoked_at:
        return render(request, "events/gone.html", status=410)
    if slug != event.slug:
        return redirect(event, permanent=True)
    context = {"event": event, "page": settings.SITE_URL + event.get_absolute_url(), "json_ld": json_ld(event)}
    return render(request, "events/detail.html", context)


@require_safe
def calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = get_object_or_404(Event.objects.once_published().for_page(), uid=uid)
    if event.revoked_at:
        return render(request, "events/gone.html", status=410)
    response = HttpResponse(calendars.calendar(event), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response


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
    }
    return HttpResponse(data, content_type=_CONTENT_TYPES[name[-4:]], headers=headers)
