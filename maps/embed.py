"""The map for a frame of a partner's site, without any cookie, and the page that gives the code to copy."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from events.filters import EventFilter
from events.searching import not_too_often
from maps.overview import METROPOLE
from maps.views import BESIDE, LEAFLET, WORKER_MODULES, data

HEIGHT = 640
TITLE = "Carte des événements de la Semaine de l’industrie"


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@not_too_often
def frame(request: HttpRequest) -> HttpResponse:
    """Framed by whoever wants: it holds nothing of who looks at it, and its links open the portal in another tab."""
    form = EventFilter(request.GET)
    try:
        events = form.queryset()
    except Http404 as missing:
        # The portal's own page would leave the frame empty, as no other site may show it.
        return render(request, "maps/frame_missing.html", {"reason": missing}, status=404)
    context = {
        "form": form,
        "count": events.count(),
        "events": events.for_cards()[:BESIDE],
        "home": ",".join(map(str, METROPOLE)),
        "data": data(form, choice=form.query(without=["edition", "tri"])),
        "scripts": [*LEAFLET, "js/linked/frame.js"],
        "modules": WORKER_MODULES,
    }
    return render(request, "maps/frame.html", context)


@require_safe
@csp_update({"frame-src": [SELF]})
@not_too_often
def snippet(request: HttpRequest) -> HttpResponse:
    form = EventFilter(request.GET)
    path = reverse("maps:frame") + (f"?{form.search}" if form.search else "")
    context = {"form": form, "count": form.queryset().count(), "path": path, "code": _code(path)}
    return render(request, "maps/snippet.html", context)


def _code(path: str) -> str:
    """HTML to be shown as a text, hence escaped once more by the template."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border: 0"></iframe>',
        settings.SITE_URL + path,
        TITLE,
        HEIGHT,
    )
