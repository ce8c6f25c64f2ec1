"""The map page and the data it shows: the same events as the list, for the same query string."""

import json

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.ready import named, ready
from events.cards import cards as drawn
from events.features import features, features_within
from events.filters import EventFilter
from events.geojson import collection
from events.models import Event, EventQuerySet
from events.open_data import Document, TooMany, answer, open_data
from events.searching import is_too_often, not_too_often
from maps.cards import CardsForm, card
from maps.overview import METROPOLE, overview
from maps.points import columns, steps

BESIDE = 20
# West, south, east, north, by INSEE code.
OVERSEAS = {
    "01": ("Guadeloupe", (-61.81, 15.83, -61.0, 16.52)),
    "02": ("Martinique", (-61.23, 14.38, -60.8, 14.88)),
    "03": ("Guyane", (-54.6, 2.1, -51.6, 5.8)),
    "04": ("La Réunion", (55.21, -21.4, 55.84, -20.87)),
    "06": ("Mayotte", (45.0, -13.01, 45.31, -12.63)),
}
LEAFLET = ("leaflet/leaflet.js", "leaflet/leaflet.extras.js")
# Of what clusters, where markers wait for it.
WORKER_MODULES = ["js/workers/clusters.js", "js/workers/points.js", "vendor/supercluster/supercluster.min.js"]


@require_safe
@not_too_often
def page(request: HttpRequest) -> HttpResponse:
    form = EventFilter(request.GET)
    return ready(request, named(request, form.version), lambda: _page(request, form))


def _page(request: HttpRequest, form: EventFilter) -> bytes:
    events = form.queryset()
    located = events.located()
    context = {
        "form": form,
        "count": events.count(),
        "located": located.count(),
        "cards": drawn(events[:BESIDE], level=3, for_classes=form.is_for_classes),
        "views": _views(located),
        "data": data(form, search=form.search) | ({} if form.search else {"overview": overview(located)}),
        "scripts": [*LEAFLET, "js/linked/map.js"],
        "modules": WORKER_MODULES if form.search else [],
    }
    return render_to_string("maps/page.html", context, request).encode()


def data(form: EventFilter, *, choice: str = "", search: str = "") -> dict[str, object]:
    """What map-data.js begins with: where to read the edition, or what ``choice`` keeps of it, and the first search.

    A page that sees another version reads the edition anew.
    """
    edition = form.edition_shown
    whole = f"edition={edition.year}&version={edition.public_version}" if edition else ""
    query = "&".join(filter(None, [choice, whole]))
    return {
        "worker": static("js/workers/clusters.js"),
        "points": f"{reverse('maps:points')}?{query}",
        "ids": reverse("maps:ids"),
        "cards": reverse("maps:cards"),
        "maxZoom": settings.LEAFLET_CONFIG["MAX_ZOOM"],
        "search": search,
    }


def _views(located: EventQuerySet) -> list[dict[str, object]]:
    """Where the buttons of the map lead, and how many events wait there."""
    overseas = located.filter(region__in=OVERSEAS).order_by()
    counts = dict(overseas.values_list("region").annotate(Count("pk")))
    views = [
        {"name": name, "region": code, "bounds": ",".join(map(str, bounds)), "count": counts.get(code, 0)}
        for code, (name, bounds) in OVERSEAS.items()
    ]
    return [{"name": "Métropole", "bounds": ",".join(map(str, METROPOLE))}, *views]


# Each name is to be moved with the shape of its document, so that no cache answers with the old one.


def _collection(form: EventFilter) -> bytes:
    return collection(features(form.queryset()))


def _view_at_hand(form: EventFilter) -> bytes | None:
    edition, box = form.edition_shown, form.box_alone
    found = features_within(edition, box) if edition and box else None
    return None if found is None else collection(found)


def _columns(form: EventFilter) -> bytes:
    return columns(form.queryset())


def _ids(form: EventFilter) -> bytes:
    keys = sorted(form.queryset().order_by().values_list("pk", flat=True))
    return json.dumps({"ids": steps(keys)}, separators=(",", ":")).encode()


GEOJSON = Document("points1", "application/geo+json", _collection, at_hand=_view_at_hand)
COLUMNS = Document("columns1", "application/json", _columns)
# The page asks for its list too, which costs more and is not counted.
IDS = Document("ids1", "application/json", _ids, is_counted=False)


@open_data(EventFilter)
def geojson(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    """All located events that match, as one document."""
    return answer(request, form, GEOJSON)


@open_data(EventFilter)
def points(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    """The edition as columns, which the page fetches once and filters by itself."""
    return answer(request, form, COLUMNS)


@open_data(EventFilter)
def ids(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    """Which events match, for what the columns do not tell: words, communes, names of places."""
    if is_too_often(request):
        raise TooMany
    return answer(request, form, IDS)


@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """What the page says of the few events that it names; one that is not public, or no more, is left out."""
    form = CardsForm(request.GET)
    if form.errors:
        return JsonResponse({"errors": form.errors}, status=400)
    events = Event.objects.published().filter(pk__in=form.cleaned_data["ids"]).for_cards()
    return JsonResponse({"events": [card(event) for event in events]})
