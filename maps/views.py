"""The map page and the data it shows: the same events as the list, for the same query string."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from events.filters import EventFilter
from events.geojson import collection
from events.models import EventQuerySet, Format
from events.open_data import Document, answer, open_data
from events.queries import points

BESIDE = 20
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


def _render(form: EventFilter) -> bytes:
    return collection(points(form.queryset()))


# The name is to be moved with the shape of the document, so that no cache answers with the old one.
GEOJSON = Document("points1", "application/geo+json", _render)


@open_data
def geojson(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    """All located events that match, as one document."""
    return answer(request, form, GEOJSON)
