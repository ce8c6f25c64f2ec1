"""What a search finds, for machines: a table, an agenda, a calendar, news; the same events as the list, as filtered."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from events import agenda, calendars, latest, table
from events.agenda import PageFilter
from events.filters import EventFilter
from events.open_data import Document, Stream, answer, canonical, open_data, to_all
from events.queries import for_calendars, lasting
from events.rows import rows

_A_DAY = 24 * 3600


def _lines(form: EventFilter) -> Iterator[bytes]:
    return table.lines((column.name for column in table.COLUMNS), rows(lasting(form)))


def _calendar(form: EventFilter) -> bytes:
    return calendars.feed(for_calendars(lasting(form)), name=title(form), address=_address("events:ics", form))


def _latest(form: EventFilter) -> bytes:
    address, page = _address("events:rss", form), _address("events:list", form)
    return latest.news(form.queryset(), title=title(form), address=address, page=page)


# The names are to be moved with the shape of each document, so that no cache answers with the old one.
TABLE = Stream("table1", "text/csv; charset=utf-8; header=present", _lines)
AGENDA = Document("agenda1", "application/json", agenda.page)  # type: ignore[arg-type]  # of a PageFilter alone
CALENDAR = Document("calendar2", "text/calendar; charset=utf-8", _calendar, is_addressed=True)
LATEST = Document("news2", "application/rss+xml; charset=utf-8", _latest, is_addressed=True)


@open_data(EventFilter)
def csv(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    return answer(request, form, TABLE)


@open_data(PageFilter)
def json(request: HttpRequest, form: PageFilter) -> HttpResponseBase:
    return answer(request, form, AGENDA)


@open_data(EventFilter)
def ics(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    return answer(request, form, CALENDAR)


@open_data(EventFilter)
def rss(request: HttpRequest, form: EventFilter) -> HttpResponseBase:
    return answer(request, form, LATEST)


@to_all
def schema(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse(table.schema(), headers={"Cache-Control": f"public, max-age={_A_DAY}"})


def title(form: EventFilter) -> str:
    """The edition, and in words what the search asks for."""
    edition = form.edition_shown
    name = f"Semaine de l’industrie {edition.year}" if edition else "Semaine de l’industrie"
    asked = [tag.label for tag in form.tags if tag.label != str(edition)]
    return " – ".join([name, *asked])


def _address(name: str, form: EventFilter) -> str:
    query = canonical(form)
    return f"{settings.SITE_URL}{reverse(name)}{'?' if query else ''}{query}"
