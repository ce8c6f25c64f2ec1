"""The pages of refusal and failure, in the portal's frame, each with a way on."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core import typed
from labels.views import kept
from pages.context_processors import site

# Seconds after which programs may ask again.
RETRY_AFTER = "300"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the request: a host that is not ours makes even the frame's addresses unsafe to compute."""
    return HttpResponse(render_to_string("400.html", site(request)), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token has gone stale; ``reason`` is for developers and is in Django's log."""
    return render(request, "403_csrf.html", {"is_kept": kept.keep(request)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without any context: what failed may be the database that the frame asks who is there."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer, or the portal is being worked on; what was typed stands in the page."""
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    page = render_to_string("503.html", {"typed": typed.of(request)})
    return HttpResponse(page, status=503, headers=headers)
