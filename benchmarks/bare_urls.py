"""What the portal is compared with: a view that answers a constant, one that puts a row into a template, a form."""

from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

from events.models import Event

_ROW = engines["django"].from_string("<h1>{{ event.title }}</h1><p>{{ event.description }}</p>")
_PAGE = engines["django"].from_string("<form method='post'>{{ form }}<button>OK</button></form>")
_FIELDS = ("edition", "title", "description", "purpose", "format", "attendance", "venue", "address", "registration")
_Form = modelform_factory(Event, fields=_FIELDS)


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def row(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(_ROW.render({"event": Event.objects.get(pk=pk)}))


def form(request: HttpRequest) -> HttpResponse:
    """Fetched, and posted into a row."""
    typed = _Form(request.POST or None)
    if typed.is_valid():
        typed.save()
        return HttpResponseRedirect(request.path)
    return HttpResponse(_PAGE.render({"form": typed}))


urlpatterns = [
    path("banc/constante", constant),
    path("banc/ligne/<int:pk>", row),
    path("banc/formulaire", form),
]
