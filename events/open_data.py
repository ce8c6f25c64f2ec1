"""How data answer, whatever their format: to any site, refused in JSON, unchanged in a line, not too often.

What is whole (an edition, nothing left out) is ready bytes and costs nothing; only what is made for one caller counts.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from core import bodies, limits
from events.filters import EventFilter

METHODS = ("GET", "HEAD", "OPTIONS")
# A calendar asks some times a day; behind the one address of a school, a class looks at filtered maps at once.
MOST, SECONDS = 120, 60
_TOO_MANY = f"Trop de demandes : attendez une minute. Au plus {MOST} documents par minute et par adresse."

View = Callable[[HttpRequest, EventFilter], HttpResponseBase]


@dataclass(frozen=True)
class Document:
    """A format of what a search finds; ``name`` stands in its tags and is moved with its shape."""

    name: str
    content_type: str
    render: Callable[[EventFilter], bytes]
    # Whether making it for one search counts against who asks.
    is_counted: bool = True

    def body(self, form: EventFilter, version: str, encoding: str) -> HttpResponseBase:
        render = partial(self.render, form)
        made = bodies.passing(encoding, render) if choice(form) else bodies.kept(version, encoding, render)
        return HttpResponse(made, content_type=self.content_type)


class TooMany(Exception):
    """One more document than an address may have made for it."""


def open_data(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view of a format: given the search once it is understood, open to every site."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = _options(request) or _found(view, request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
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


def _found(view: View, request: HttpRequest) -> HttpResponseBase:
    """A broken value answers 400 rather than too many events."""
    form = EventFilter(request.GET)
    if form.errors:
        return JsonResponse({"errors": form.errors}, status=400)
    try:
        return view(request, form)
    except Http404 as error:
        return JsonResponse({"errors": {"edition": [str(error)]}}, status=404)
    except TooMany:
        headers = {"Retry-After": str(SECONDS)}
        return JsonResponse({"errors": {"__all__": [_TOO_MANY]}}, status=429, headers=headers)


def answer(request: HttpRequest, form: EventFilter, document: Document) -> HttpResponseBase:
    """The document in the best encoding that is taken, or that it has not changed. Raises Http404 and TooMany."""
    encoding = bodies.negotiated(request.headers.get("Accept-Encoding", ""))
    version = _version(form, document)
    etag = f'"{version}-{encoding}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        is_one_more = document.is_counted and bool(choice(form))
        if is_one_more and limits.is_exceeded(request, "open-data", most=MOST, seconds=SECONDS):
            raise TooMany
        response = document.body(form, version, encoding)
        if encoding != "identity":
            response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, no-cache"
    return response


def choice(form: EventFilter) -> str:
    """What the search leaves out of its edition or sorts in a way of its own, nothing for the whole of it."""
    is_sorted = form.cleaned_data.get("tri") == "distance"
    return form.query(without=["edition"] if is_sorted else ["edition", "tri"])


def _version(form: EventFilter, document: Document) -> str:
    """Moved by any change that the public sees; taken over the edition, since a withdrawn event is in no list."""
    edition = form.edition_shown
    key = f"{edition.year}-{edition.public_version}" if edition else "none"
    left = choice(form)
    digest = hashlib.sha256(left.encode()).hexdigest()[:16] if left else "all"
    return f"{document.name}-{key}-{digest}"
