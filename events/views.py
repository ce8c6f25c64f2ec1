"""The public pages of events: the list, an event, its calendar."""

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from events import calendars
from events.filters import EventFilter
from events.models import Event
from events.structured import json_ld

PAGE_SIZE = 20


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
