"""How data answer, whatever their format: to any site, refused in JSON, unchanged in a line, not too often.

What is whole (an edition, nothing left out) is ready bytes and costs nothing; only what is made for one caller counts.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from core import bodies, limits
from events.filters import EventFilter
from events.models import Edition

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
METHODS = ("GET", "HEAD", "OPTIONS")
# A calendar asks some times a day; behind the one address of a school, a class looks at filtered maps at once.
MOST, SECONDS = 120, 60
_KEPT = "public, max-age=86400, immutable"
_TOO_MANY = f"Trop de demandes : attendez une minute. Au plus {MOST} documents par minute et par adresse."


def _nothing(form: EventFilter) -> None:
    """What is at hand of most documents."""


View = Callable[[HttpRequest, Any], HttpResponseBase]
Opened = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Standing:
    """What an answer was made of, borne by it for who would hand it out again (`semaine.handed`)."""

    year: int | None
    moment: tuple[object, ...]

    def holds(self, request: HttpRequest) -> bool:
        """Whether ``request``, which asks for the same, would be answered so now; it is counted as if it were."""
        edition = Edition.objects.shown(self.year)
        return edition is not None and self.moment == _moment(edition) and not _asks_too_often(request)


def _moment(edition: Edition) -> tuple[object, ...]:
    """What an answer says of its edition stands until then; the day moves which one is current, and what is over."""
    return edition.pk, edition.public_version, edition.public_changed_at, timezone.localdate()


def _asks_too_often(request: HttpRequest) -> bool:
    return limits.is_exceeded(request, "open-data", most=MOST, seconds=SECONDS)


@dataclass(frozen=True)
class Document:
    """A format of what a search finds; ``name`` stands in its tags and is moved with its shape."""

    name: str
    content_type: str
    render: Callable[[EventFilter], bytes]
    # Whether making it for one search counts against who asks.
    is_counted: bool = True
    # The same as ``render`` where it is made sooner than a cache would answer, else None.
    at_hand: Callable[[EventFilter], bytes | None] = _nothing
    # Whether it says its own address, which may name the edition or leave it to the day.
    is_addressed: bool = False

    def body(self, form: EventFilter, version: str, encoding: str) -> HttpResponseBase:
        ready = self.at_hand(form)
        if ready is not None and encoding == "identity":
            return HttpResponse(ready, content_type=self.content_type)
        keep = bodies.kept_briefly if form.choice else bodies.kept
        made = keep(version, encoding, lambda: self.render(form) if ready is None else ready)
        response = HttpResponse(made, content_type=self.content_type)
        # Nothing is told in the second of a change, in which the next answer says more.
        if self.counts(form) and form.edition_shown and _last_modified(form) is not None:
            response.standing = Standing(form.year, _moment(form.edition_shown))  # type: ignore[attr-defined]
        return response

    def counts(self, form: EventFilter) -> bool:
        return self.is_counted and bool(form.choice)


@dataclass(frozen=True)
class Stream:
    """A format too large to be held: its parts leave as they are read."""

    name: str
    content_type: str
    parts: Callable[[EventFilter], Iterator[bytes]]
    is_addressed: bool = False

    def body(self, form: EventFilter, version: str, encoding: str) -> HttpResponseBase:
        return StreamingHttpResponse(bodies.streamed(encoding, self.parts(form)), content_type=self.content_type)

    def counts(self, form: EventFilter) -> bool:
        return True


class TooMany(Exception):
    """One more document than an address may have made for it."""


def open_data(form_class: type[EventFilter]) -> Callable[[View], Opened]:
    """For the view of a format: it is given the search once it is understood. A broken value answers 400."""

    def decorate(view: View) -> Opened:
        @wraps(view)
        def found(request: HttpRequest) -> HttpResponseBase:
            form = form_class(request.GET)
            if form.errors:
                return JsonResponse({"errors": form.errors}, status=400)
            try:
                return view(request, form)
            except Http404 as error:
                return JsonResponse({"errors": {"edition": [str(error)]}}, status=404)
            except TooMany:
                headers = {"Retry-After": str(SECONDS)}
                return JsonResponse({"errors": {"__all__": [_TOO_MANY]}}, status=429, headers=headers)

        return to_all(found)

    return decorate


def to_all(view: Opened) -> Opened:
    """Read by every site, under the open licence, and only read."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = _options(request) or view(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After"
        response["Link"] = f'<{LICENCE}>; rel="license"'
        return response

    # Nothing is changed here: what else than reading is asked for hears 405, not that its form has gone stale.
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _options(request: HttpRequest) -> HttpResponse | None:
    """The answer to a browser that asks first whether a site may, or to a method that is not for reading."""
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    if request.method != "OPTIONS":
        return None
    headers = {
        "Allow": ", ".join(METHODS),
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=headers)


def answer(request: HttpRequest, form: EventFilter, document: Document | Stream) -> HttpResponseBase:
    """The document in the best encoding that is taken, or that it has not changed. Raises Http404 and TooMany."""
    encoding = bodies.negotiated(request.headers.get("Accept-Encoding", ""))
    version = _version(form, document)
    etag = f'"{version}-{encoding}"'
    changed = _last_modified(form)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        if document.counts(form) and _asks_too_often(request):
            raise TooMany
        response = document.body(form, version, encoding)
        if encoding != "identity":
            response["Content-Encoding"] = encoding
        if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
    response["ETag"] = etag
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = _KEPT if _is_named(request, form) else "public, no-cache"
    return response


def _is_named(request: HttpRequest, form: EventFilter) -> bool:
    """Whether the address says of which version it is, as those of our maps do: another version has another address."""
    edition = form.edition_shown
    return edition is not None and request.GET.get("version") == str(edition.public_version)


def _last_modified(form: EventFilter) -> int | None:
    """The second of the last change; not before midnight, since which edition is the current one is the day's to say.

    Nothing while that second lasts: what may still change in it would not be told from it.
    """
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    changed = (form.edition_shown and form.edition_shown.public_changed_at) or midnight
    return int(max(changed, midnight).timestamp()) if now - changed >= timedelta(seconds=1) else None


def canonical(form: EventFilter) -> str:
    """The search as one query string for all who are told the same: the edition stands in it for those who named it."""
    return "&".join(filter(None, [form.choice, f"edition={form.year}" if form.year else ""]))


def _version(form: EventFilter, document: Document | Stream) -> str:
    """Moved by any change that the public sees; taken over the edition, since a withdrawn event is in no list."""
    told = canonical(form) if document.is_addressed else form.choice
    digest = hashlib.sha256(told.encode()).hexdigest()[:16] if told else "all"
    return f"{document.name}-{form.version}-{digest}"
