"""What a view refuses without a page of its own."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from core.uploads import LARGEST_BODY, is_oversized
from pages.errors import unavailable

Answer = Callable[[HttpRequest], HttpResponse]
# Ours are two, of a few hundred bytes with the messages; no browser sends more than 4 KiB of one.
MOST_OF_COOKIES = 12 * 1024


def page_of_maintenance(get_response: Answer) -> Answer:
    """Before anything that reads the database or a session; the probes go on telling how the processes are."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.MAINTENANCE and not request.path.startswith("/sante/"):
            return unavailable(request)
        return get_response(request)

    return answer


def refuse_what_no_browser_sends(get_response: Answer) -> Answer:
    """Cookies without end, and a form in other letters than those that its page asked for: each a 400, unread."""

    def answer(request: HttpRequest) -> HttpResponse:
        if len(request.headers.get("Cookie", "")) > MOST_OF_COOKIES:
            raise RequestDataTooBig("The cookies are too large.")
        if (request.content_params or {}).get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
            raise BadRequest("The form is not in UTF-8.")
        return get_response(request)

    return answer


def page_for_refused_methods(get_response: Answer) -> Answer:
    """A reload or a bookmark of an address that only takes forms gets a page with a way on, not a blank one.

    Who asks which methods there are is told, and nothing is done.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": response.headers["Allow"]})
        if request.method != "GET":
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
