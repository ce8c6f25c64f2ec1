"""The page of an edition's figures, and each of its tables and drawings as a file."""

from collections.abc import Sequence
from typing import Any

from csp.constants import NONE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from core.ready import named, ready
from events.models import Edition
from events.models.editions import versions_of
from figures import files, report
from figures.charts.svg import inline
from figures.report import Report


@require_safe
@conditional_page
def page(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The figures change with the editions, what is said of them with the day."""
    published = list(Edition.objects.published())
    version = named(request, versions_of(published), timezone.localdate())
    return ready(request, version, lambda: _page(request, published, year))


def _page(request: HttpRequest, published: Sequence[Edition], year: int | None) -> bytes:
    found = _asked(published, year)
    if found is None:
        if year is not None:
            raise Http404(f"Il n’y a pas d’édition {year}.")
        return render_to_string("figures/none.html", {}, request).encode()
    sections = [(table, _inline(found, slug)) for slug, table in found.tables.items()]
    context = {"report": found, "edition": found.edition, "sections": sections}
    return render_to_string("figures/page.html", context, request).encode()


def _inline(found: Report, slug: str) -> Any:
    drawing = found.drawing(slug)
    return None if drawing is None else inline(drawing)


@require_safe
@conditional_page
def data(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """All the tables in one file."""
    found = _report(year)
    text = files.of_all(found.edition.year, found.tables.values())
    return _file(text.encode(), "text/csv; charset=utf-8", f"chiffres-{found.edition.year}.csv")


@require_safe
@conditional_page
def table(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    found = _report(year, slug)
    text = files.of_one(year, found.tables[slug])
    return _file(text.encode(), "text/csv; charset=utf-8", f"chiffres-{year}-{slug}.csv")


@require_safe
@conditional_page
@csp({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]
def drawing(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    sheet = _report(year, slug).sheet(slug)
    if sheet is None:
        raise Http404("Il n’y a encore rien à dessiner.")
    return _file(sheet, "image/svg+xml", f"chiffres-{year}-{slug}.svg")


def _asked(published: Sequence[Edition], year: int | None) -> Report | None:
    return report.latest(published) if year is None else report.of(published, year)


def _report(year: int | None, slug: str | None = None) -> Report:
    """Raises Http404 for an edition or a table that there is not."""
    found = _asked(list(Edition.objects.published()), year)
    if found is None or (slug and slug not in found.tables):
        raise Http404("Ces chiffres n’existent pas.")
    return found


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="semaine-industrie-{name}"',
        "Cache-Control": "public, no-cache",
        "Access-Control-Allow-Origin": "*",
    }
    return HttpResponse(body, content_type=content_type, headers=headers)
