"""The portal's addresses and the references that its pages are compared with."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from events.models import Event
from semaine.urls import urlpatterns as portal

_ROW = engines["django"].from_string("<h1>{{ event.title }}</h1><p>{{ event.description }}</p>")


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def row(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(_ROW.render({"event": Event.objects.get(pk=pk)}, request))


urlpatterns = [path("banc/constante", constant), path("banc/ligne/<int:pk>", row), *portal]
