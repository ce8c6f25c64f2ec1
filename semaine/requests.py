"""Each request by its identity: in every line logged meanwhile, in its answer, and once in the counts."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pages import metrics

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# What our proxy may give; from anybody else, or of another shape, it is not believed.
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")
# Where the environment of a request holds the name of its address, for whoever stands before Django.
ROUTE = "semaine.route"


def tell(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """One line a request: the pattern of its address, never the address, which may hold a token or a name."""

    def answer(request: HttpRequest) -> HttpResponse:
        identity = identity_of(request.META)
        began = time.perf_counter()
        with told(identity):
            response = get_response(request)
            route = request.resolver_match.view_name if request.resolver_match else ""
            tell_of(str(request.method), request.path, route, response.status_code, time.perf_counter() - began)
        request.META[ROUTE] = route
        response[HEADER] = identity
        return response

    return answer


def identity_of(environ: Mapping[str, Any]) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def told(identity: str) -> AbstractContextManager[None]:
    """Every line logged meanwhile bears it."""
    return structlog.contextvars.bound_contextvars(request_id=identity)


def tell_of(method: str, path: str, route: str, status: int, seconds: float) -> None:
    """The request's line, and its part of the counts."""
    line = {"method": method, "route": route, "status": status, "milliseconds": round(1000 * seconds)}
    logger.log(_level(path), "request", extra=line)
    metrics.count(route, status, seconds)


def _level(path: str) -> int:
    """Probes ask every few seconds: what they are told is worth a line to nobody."""
    return logging.DEBUG if path.startswith("/sante/") else logging.INFO
