"""The spaces for teachers, companies, visitors and the press, a resource with its file, the partners."""

import re

from csp.constants import NONE
from csp.decorators import csp
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.ready import named, ready
from editorial import rendering
from editorial.documents import FOLDER
from editorial.models import Partner, Resource, Space
from editorial.models.published import CONTENT_TYPES

_IMAGE = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|webp)")
# What is withdrawn, or replaced, is gone from caches within the hour.
_CACHED = "public, max-age=3600"


@require_safe
def teachers(request: HttpRequest) -> HttpResponse:
    return _space(request, Space.TEACHERS)


@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    return _space(request, Space.COMPANIES)


@require_safe
def visitors(request: HttpRequest) -> HttpResponse:
    return _space(request, Space.VISITORS)


@require_safe
def press(request: HttpRequest) -> HttpResponse:
    return rendering.space_page(request, Space.PRESS)


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    version = named(request, Partner.objects.published().version())
    return ready(request, version, lambda: rendering.partners_page(request).content)


@require_safe
def resource(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Resource.objects.once_published().readable(), slug=slug)
    return _gone(request) if found.is_over else rendering.resource_page(request, found)


@require_safe
@csp({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The file of a resource, always to be saved: a browser that opened it would do so within our site."""
    found = get_object_or_404(Resource.objects.once_published().downloadable(), slug=slug)
    if found.is_over:
        return _gone(request)
    answer = _stored(str(found.file.name))
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}.{found.extension}"'
    return answer


@require_safe
@csp({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]
def image(request: HttpRequest, name: str) -> HttpResponse:
    path = f"{FOLDER}/{name}"
    shown = [model.objects.published().filter(image=path) for model in (Resource, Partner)]
    if not _IMAGE.fullmatch(name) or not any(rows.exists() for rows in shown):
        raise Http404
    return _stored(path)


def _space(request: HttpRequest, space: Space) -> HttpResponse:
    version = named(request, Resource.objects.published().of(space).version())
    return ready(request, version, lambda: rendering.space_page(request, space).content)


def _stored(path: str) -> HttpResponse:
    try:
        with default_storage.open(path) as file:
            data = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(data, CONTENT_TYPES[path.rpartition(".")[2]], headers={"Cache-Control": _CACHED})


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "editorial/gone.html", status=410)
