"""The map page and the data it shows: the same events as the list, for the same query string."""

import hashlib
from functools import partial

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events.filters import EventFilter
from events.geojson import collection
from events.models import EventQuerySet, Format
from events.queries import points
from maps import bodies

BESIDE = 20
# To be moved with the shape of the document, so that no cache answers with the old one.
FORMAT_VERSION = 1
# West, south, east, north, by INSEE code.
OVERSEAS = {
    "01": ("Guadeloupe", (-61.81, 15.83, -61.0, 16.52)),
    "02": ("Martinique", (-61.23, 14.38, -60.8, 14.88)),
    "03": ("Guyane", (-54.6, 2.1, -51.6, 5.8)),
    "04": ("La Réunion", (55.21, -21.4, 55.84, -20.87)),
    "06": ("Mayotte", (45.0, -13.01, 45.31, -12.63)),
}
METROPOLE = ("Métropole", (-5.2, 41.3, 9.7, 51.1))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    form = EventFilter(request.GET)
    events = form.queryset()
    located = events.located()
    context = {
        "form": form,
        "count": events.count(),
        "located": located.count(),
        "events": events.for_cards()[:BESIDE],
        "views": _views(located),
        "data": {
            "url": f"{reverse('maps:geojson')}?{form.search}",
            "is_filtered": bool(form.tags),
            "formats": dict(Format.objects.values_list("slug", "label")),
        },
    }
    return render(request, "maps/page.html", context)


def _views(located: EventQuerySet) -> list[dict[str, object]]:
    """Where the buttons of the map lead, and how many events wait there."""
    overseas = located.filter(region__in=OVERSEAS).order_by()
    counts = dict(overseas.values_list("region").annotate(Count("pk")))
    views = [
        {"name": name, "bounds": ",".join(map(str, bounds)), "count": counts.get(code, 0)}
        for code, (name, bounds) in OVERSEAS.items()
    ]
    return [{"name": METROPOLE[0], "bounds": ",".join(map(str, METROPOLE[1]))}, *views]


@require_safe
def geojson(request: HttpRequest) -> HttpResponse:
    """All located events that match, as one document; a broken value answers 400 rather than too many events."""
    form = EventFilter(request.GET)
    response = JsonResponse({"errors": form.errors}, status=400) if form.errors else _document(request, form)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _document(request: HttpRequest, form: EventFilter) -> HttpResponse:
    encoding = bodies.negotiated(request.headers.get("Accept-Encoding", ""))
    version = _version(form)
    etag = f'"{version}-{encoding}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        render = partial(_render, form)
        body = bodies.passing(encoding, render) if _choice(form) else bodies.kept(version, encoding, render)
        response = HttpResponse(body, content_type="application/geo+json")
        if encoding != "identity":
            response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, no-cache"
    return response


def _render(form: EventFilter) -> bytes:
    return collection(points(form.queryset()))


def _choice(form: EventFilter) -> str:
    """What the search leaves out of its edition, nothing for the whole of it."""
    return form.query(without=["edition", "tri"])


def _version(form: EventFilter) -> str:
    """Moved by any change that the public sees; taken over the edition, since a withdrawn event is in no list."""
    edition = form.edition_shown
    key = f"{edition.year}-{edition.public_version}" if edition else "none"
    choice = _choice(form)
    digest = hashlib.sha256(choice.encode()).hexdigest()[:16] if choice else "all"
    return f"points{FORMAT_VERSION}-{key}-{digest}"
