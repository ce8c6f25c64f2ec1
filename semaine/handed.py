"""What the map reads, handed out again as it was sent last: Django is not asked for it, whose time would be the most.

An address that names its version says the same to all, as any cache between it and the browser may hold it: the answer
allows it, bears no cookie and differs by encoding alone. What one search finds says the same as long as nothing changed
that the public sees, which is asked each time, as is whether its caller asks too often. Only what says so itself is
kept (`events.open_data`).
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import Error, close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core import bodies
from events.open_data import Standing
from semaine import requests

# Seconds; less than the answer allows, so that what an edition withdrew is soon handed out by nobody.
KEPT_FOR = 60
_CONDITIONS = {
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
}
# By what an answer may differ: whom it was asked of and how, what, and in which encoding.
_ASKED = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "PATH_INFO", "QUERY_STRING")
# Where a request bears its own key, from before anything changed it.
_KEY = "semaine.handed"
Key = tuple[str, ...]
Environ = dict[str, Any]


@dataclass(frozen=True)
class _Sent:
    body: bytes
    headers: list[tuple[str, str]]
    # What the log and the metrics name the request by.
    route: str
    until: float
    # None for what its address names the version of.
    standing: Standing | None

    def may_leave(self, environ: Environ) -> bool:
        if self.until <= time.monotonic():
            return False
        return self.standing is None or _holds(self.standing, environ)


def _holds(standing: Standing, environ: Environ) -> bool:
    """Asked of a connection that is not too old; one that is broken is Django's to find so, and to open anew.

    It would be asked first whether it is: here the question itself tells, since Django has yet to be asked.
    """
    close_old_connections()
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        return standing.holds(WSGIRequest(environ))
    except Error:
        return False
    finally:
        close_old_connections()


class Shelf:
    """What a process keeps, few and not heavy, the oldest going first."""

    def __init__(self, most: int, heaviest: int) -> None:
        self.most, self.heaviest = most, heaviest
        self._sent: OrderedDict[Key, _Sent] = OrderedDict()
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._sent)

    def get(self, key: Key) -> _Sent | None:
        return self._sent.get(key)

    def keep(self, key: Key, sent: _Sent) -> None:
        if len(sent.body) > self.heaviest:
            return
        with self._turn:
            self._sent.pop(key, None)
            self._sent[key] = sent
            while len(self) > self.most or self._weight() > self.heaviest:
                self._sent.popitem(last=False)

    def _weight(self) -> int:
        return sum(len(sent.body) for sent in self._sent.values())

    def clear(self) -> None:
        self._sent.clear()


# Apart, so that no number of searches puts the map's own data out.
NAMED, FOUND = Shelf(16, 64 * 1024**2), Shelf(64, 16 * 1024**2)


class Handler(WSGIHandler):
    """Django's, but for what was sent already."""

    def __call__(  # type: ignore[override]
        self, environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        key = environ[_KEY] = _key(environ)
        sent = key and (NAMED.get(key) or FOUND.get(key))
        if sent and sent.may_leave(environ):
            identity = requests.identity_of(environ)
            with requests.told(identity):
                requests.tell_of("GET", environ["PATH_INFO"], sent.route, 200, time.perf_counter() - began)
            start_response("200 OK", [*sent.headers, (requests.HEADER, identity)])
            return [sent.body]
        return super().__call__(environ, start_response)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Here Django gives its answer whole; what is called may be wrapped, as the reports of errors do."""
        response = super().get_response(request)
        key = request.META[_KEY]
        if key and isinstance(response, HttpResponse) and _is_for_all(response):
            _keep(key, response, request.META[requests.ROUTE])
        return response


def _key(environ: Environ) -> Key | None:
    """None for what may not be answered alike."""
    if environ["REQUEST_METHOD"] != "GET" or not environ.get("QUERY_STRING") or _CONDITIONS & environ.keys():
        return None
    encoding = bodies.negotiated(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return (encoding, *(environ.get(name, "") for name in _ASKED))


def _is_for_all(response: HttpResponse) -> bool:
    """Nothing but what is the same for everybody and whole."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    return response.get("Vary") == "Accept-Encoding"


def _keep(key: Key, response: HttpResponse, route: str) -> None:
    headers = [(name, value) for name, value in response.items() if name != requests.HEADER]
    is_named = "version=" in key[-1] and "public, max-age=" in response.get("Cache-Control", "")
    standing = None if is_named else getattr(response, "standing", None)
    if is_named or standing:
        sent = _Sent(response.content, headers, route, time.monotonic() + KEPT_FOR, standing)
        (NAMED if is_named else FOUND).keep(key, sent)


def count() -> int:
    """How many answers this process keeps."""
    return len(NAMED) + len(FOUND)


def forget() -> None:
    NAMED.clear()
    FOUND.clear()
