"""What a view refuses without a page of its own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from core.uploads import LARGEST_BODY, is_oversized
from pages.errors import unavailable

Answer = Callable[[HttpRequest], HttpResponse]


def page_of_maintenance(get_response: Answer) -> Answer:
    """Before anything that reads the database or a session; the probes go on telling how the processes are."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.MAINTENANCE and not request.path.startswith("/sante/"):
            return unavailable()
        return get_response(request)

    return answer


def page_for_refused_methods(get_response: Answer) -> Answer:
    """A reload or a bookmark of an address that only takes forms gets a page with a way on, not a blank one."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content or request.method != "GET":
            return response
        page = render(request, "405.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return answer


def page_for_oversized_bodies(get_response: Answer) -> Answer:
    """What is too large is refused before any of it is read; the files of a form say so beside their fields first."""

    def answer(request: HttpRequest) -> HttpResponse:
        if is_oversized(request):
            return render(request, "413.html", {"most": LARGEST_BODY // 1024**2}, status=413)
        return get_response(request)

    return answer
