"""What a search finds as a list to print: a teacher takes it to a colleague, with what a class must know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.filters import EventFilter
from events.models import Event
from events.searching import not_too_often

# Some ten sheets: whoever has more before them has not searched yet.
AT_MOST = 60


@require_safe
@not_too_often
def print_list(request: HttpRequest) -> HttpResponse:
    form = EventFilter(request.GET)
    found = form.queryset()
    columns = ["pk", *({"distance"} & found.query.annotations.keys())]
    distances = {pk: distance[0] if distance else None for pk, *distance in found.values_list(*columns)[:AT_MOST]}
    events = Event.objects.for_print().in_bulk(distances)
    rows = [(events[pk], distance) for pk, distance in distances.items() if pk in events]
    context = {"form": form, "rows": rows, "count": found.count(), "at_most": AT_MOST}
    return render(request, "events/print_list.html", context)
