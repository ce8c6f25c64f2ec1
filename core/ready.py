"""A page that whoever is not known gets alike: rendered and compressed once for each version of what it shows."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from core import bodies

# Seconds. Versions tell of changes: this bounds what a cache holds of pages that few ask for.
KEPT_FOR = 300


def ready(request: HttpRequest, version: str, render: Callable[[], bytes]) -> HttpResponse:
    """``render`` for who signed in or has a message waiting; for all others what was made of ``version`` once."""
    if _is_known(request):
        return HttpResponse(render())
    encoding = bodies.negotiated(request.headers.get("Accept-Encoding", ""))
    # The page names the files of its release, which may be gone after the next.
    release = getattr(staticfiles_storage, "manifest_hash", "")
    key = f"page-{version}-{release}-{encoding}"
    body: bytes | None = cache.get(key)
    if body is None:
        body = bodies.passing(encoding, render)
        cache.set(key, body, KEPT_FOR)
    response = HttpResponse(body)
    if encoding != "identity":
        response["Content-Encoding"] = encoding
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response


def _is_known(request: HttpRequest) -> bool:
    return bool(request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name})
