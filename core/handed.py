"""What the map reads, handed out again as it was sent last: an address that names its version says the same to all.

A process keeps a few, the oldest going first, as any cache between it and the browser may: the answer allows it,
bears no cookie and differs by encoding alone. Only what says so itself is kept (`events.open_data`).
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from core import bodies

MOST = 16
# Seconds; less than the answer allows, so that what an edition withdrew is soon in nobody's memory.
KEPT_FOR = 60
_CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"}
Key = tuple[bool, str, str, str]


@dataclass(frozen=True)
class _Sent:
    body: bytes
    headers: Mapping[str, str]
    # What the log and the metrics name the request by.
    match: ResolverMatch | None
    until: float


_sent: OrderedDict[Key, _Sent] = OrderedDict()


def hand_out(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if (
            request.method != "GET"
            or "version=" not in request.META["QUERY_STRING"]
            or _CONDITIONS & request.META.keys()
        ):
            return get_response(request)
        encoding = bodies.negotiated(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        key = (request.is_secure(), request.path_info, request.META["QUERY_STRING"], encoding)
        sent = _sent.get(key)
        if sent and sent.until > time.monotonic():
            request.resolver_match = sent.match
            return HttpResponse(sent.body, headers=sent.headers)
        response = get_response(request)
        if _may_be_kept(response):
            _keep(key, request, response)
        return response

    return answer


def _may_be_kept(response: HttpResponse) -> bool:
    """Nothing but what is the same for everybody and whole."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    return "public, max-age=" in response.get("Cache-Control", "") and response.get("Vary") == "Accept-Encoding"


def _keep(key: Key, request: HttpRequest, response: HttpResponse) -> None:
    _sent[key] = _Sent(response.content, dict(response.items()), request.resolver_match, time.monotonic() + KEPT_FOR)
    while len(_sent) > MOST:
        _sent.popitem(last=False)


def count() -> int:
    """How many answers this process keeps."""
    return len(_sent)


def forget() -> None:
    _sent.clear()
