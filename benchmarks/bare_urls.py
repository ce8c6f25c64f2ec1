"""What the portal's pages are compared with: a view that answers a constant, one that puts a row into a template."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from events.models import Event

_ROW = engines["django"].from_string("<h1>{{ event.title }}</h1><p>{{ event.description }}</p>")


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def row(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(_ROW.render({"event": Event.objects.get(pk=pk)}))


urlpatterns = [path("banc/constante", constant), path("banc/ligne/<int:pk>", row)]
