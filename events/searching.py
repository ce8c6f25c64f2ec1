"""How often a caller may search by words or by a place: each search reads the database anew."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from core import limits

# Behind the one address of a school, several classes search at once.
MOST, SECONDS = 600, 60
_SEARCHED = ("q", "pres")

View = Callable[[HttpRequest], HttpResponse]


def is_too_often(request: HttpRequest) -> bool:
    """Count a search; what is only filtered or read is not counted."""
    is_search = any(request.GET.get(name) for name in _SEARCHED)
    return is_search and limits.is_exceeded(request, "search", most=MOST, seconds=SECONDS)


def not_too_often(view: View) -> View:
    """For a page of results: past the most, the page that keeps the words and says when to search again."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not is_too_often(request):
            return view(request)
        return limits.refused(request, SECONDS, words=request.GET.get("q", "")[:100], again=request.get_full_path())

    return guarded
