"""What the map reads, handed out again as it was sent last: an address that names its version says the same to all.

A process keeps a few, the oldest going first, as any cache between it and the browser may: the answer allows it,
bears no cookie and differs by encoding alone. Only what says so itself is kept (`events.open_data`). Django is not
asked for it: nine tenths of such an answer's time would be its own.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

from core import bodies
from semaine import requests

MOST = 16
# Seconds; less than the answer allows, so that what an edition withdrew is soon in nobody's memory.
KEPT_FOR = 60
_CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"}
# By what an answer may differ: whom it was asked of and how, what, and in which encoding.
_ASKED = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST", "PATH_INFO", "QUERY_STRING")
Key = tuple[str, ...]
Environ = dict[str, Any]


@dataclass(frozen=True)
class _Sent:
    body: bytes
    headers: list[tuple[str, str]]
    # What the log and the metrics name the request by.
    route: str
    until: float


_sent: OrderedDict[Key, _Sent] = OrderedDict()


class Handler(WSGIHandler):
    """Django's, but for what was sent already."""

    def __call__(  # type: ignore[override]
        self, environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        key = _key(environ)
        if key is None:
            return super().__call__(environ, start_response)
        sent = _sent.get(key)
        if sent and sent.until > time.monotonic():
            identity = requests.identity_of(environ)
            with requests.told(identity):
                requests.tell_of("GET", environ["PATH_INFO"], sent.route, 200, time.perf_counter() - began)
            start_response("200 OK", [*sent.headers, (requests.HEADER, identity)])
            return [sent.body]
        response = super().__call__(environ, start_response)
        if isinstance(response, HttpResponse) and _may_be_kept(response):
            _keep(key, response, environ[requests.ROUTE])
        return response


def _key(environ: Environ) -> Key | None:
    """None for what may not be answered alike."""
    is_asked_whole = environ["REQUEST_METHOD"] == "GET" and not _CONDITIONS & environ.keys()
    if not is_asked_whole or "version=" not in environ.get("QUERY_STRING", ""):
        return None
    encoding = bodies.negotiated(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return (encoding, *(environ.get(name, "") for name in _ASKED))


def _may_be_kept(response: HttpResponse) -> bool:
    """Nothing but what is the same for everybody and whole."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    return "public, max-age=" in response.get("Cache-Control", "") and response.get("Vary") == "Accept-Encoding"


def _keep(key: Key, response: HttpResponse, route: str) -> None:
    headers = [(name, value) for name, value in response.items() if name != requests.HEADER]
    _sent[key] = _Sent(response.content, headers, route, time.monotonic() + KEPT_FOR)
    while len(_sent) > MOST:
        _sent.popitem(last=False)


def count() -> int:
    """How many answers this process keeps."""
    return len(_sent)


def forget() -> None:
    _sent.clear()
