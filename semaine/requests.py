"""Each request by its identity: in every line logged meanwhile, in its answer, and once in the counts."""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pages import metrics

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# What our proxy may give; from anybody else, or of another shape, it is not believed.
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


def tell(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """One line a request: the pattern of its address, never the address, which may hold a token or a name."""

    def answer(request: HttpRequest) -> HttpResponse:
        identity = _identity(request)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=identity):
            response = get_response(request)
            seconds = time.perf_counter() - began
            route = request.resolver_match.view_name if request.resolver_match else ""
            told = {"method": request.method, "route": route, "status": response.status_code}
            logger.log(_level(request), "request", extra={**told, "milliseconds": round(1000 * seconds)})
            metrics.count(route, response.status_code, seconds)
        response[HEADER] = identity
        return response

    return answer


def _identity(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def _level(request: HttpRequest) -> int:
    """Probes ask every few seconds: what they are told is worth a line to nobody."""
    return logging.DEBUG if request.path.startswith("/sante/") else logging.INFO
