"""A page that whoever is not known gets alike: rendered and compressed once for each version of what it shows."""

import time
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from core import bodies

# Seconds. Versions tell of changes: this bounds what a cache holds of pages that few ask for.
KEPT_FOR = 300


def named(request: HttpRequest, *what: object) -> str:
    """The version of the page at this very address, moved by ``what`` it shows and, for the hour's sake, the clock.

    The host is part of it, with its port: a page may name it, and who asks by another must not write it for all.
    """
    address = sha256(request.build_absolute_uri().encode()).hexdigest()
    return "-".join(map(str, (address, *what, int(time.time() // KEPT_FOR))))


def ready(request: HttpRequest, version: str, render: Callable[[], bytes]) -> HttpResponse:
    """``render`` for whoever has a session (signed in, or told something); for all others what was made once."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
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
