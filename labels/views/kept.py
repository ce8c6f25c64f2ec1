"""What was typed in a page whose session had ended: kept in the session, until its author is signed in again.

Only for a request that says it comes from our own pages: nothing that another site posts reaches a session.
"""

from django.http import HttpRequest, QueryDict

from core import limits
from labels.forms import STEPS

_SESSION_KEY = "kept-pages"
_LARGEST = 64 * 1024
_PAGES = 5
_IN_TEN_MINUTES = 30


def keep(request: HttpRequest) -> bool:
    """Keep what a page of the form posted, under its address; whether it was."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name != "labels:step":
        return False
    if match.kwargs["step"] not in {step.slug for step in STEPS} or not _comes_from_us(request):
        return False
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "rank", "action"):
        typed.pop(name, None)
    text = typed.urlencode()
    if len(text) > _LARGEST or limits.is_exceeded(request, "kept", most=_IN_TEN_MINUTES, seconds=600):
        return False
    pages: dict[str, str] = request.session.get(_SESSION_KEY, {})
    pages.pop(request.path, None)
    request.session[_SESSION_KEY] = dict([*pages.items(), (request.path, text)][-_PAGES:])
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept of this page, once."""
    pages: dict[str, str] = request.session.get(_SESSION_KEY, {})
    if request.path not in pages:
        return None
    text = pages.pop(request.path)
    request.session[_SESSION_KEY] = pages
    return QueryDict(text)


def _comes_from_us(request: HttpRequest) -> bool:
    """What the browser itself says of where the request comes from: no page can write these headers."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = f"{request.scheme}://{request.get_host()}"
    return (site or origin) is not None and site in {None, "same-origin"} and origin in {None, ours}
