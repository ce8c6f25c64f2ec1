"""The public pages of what the DGE's team writes; each also as it would be with one row not published yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from editorial.models import Correspondent, Partner, Resource, Space
from editorial.models.correspondents import by_region
from editorial.models.published import Published

_Row = TypeVar("_Row", bound=Resource | Partner | Correspondent)
_TEMPLATES = {space: f"editorial/{space.name.lower()}.html" for space in Space}
_HEADINGS = {
    Resource.Kind.RELEASE: "Communiqués de presse",
    Resource.Kind.ADVICE: "Conseils",
    Resource.Kind.JOB: "Fiches métiers",
    Resource.Kind.DOCUMENT: "Documents à télécharger",
    Resource.Kind.VIDEO: "Vidéos",
    Resource.Kind.LINK: "Liens utiles",
}


@dataclass(frozen=True)
class Section:
    """What a page shows under one heading; ``anchor`` is part of its address."""

    anchor: str
    heading: str
    rows: Sequence[Published]


def space_page(
    request: HttpRequest, space: Space, *, previewed: Resource | Correspondent | None = None
) -> HttpResponse:
    rows = _with(Resource.objects.published().of(space), previewed if isinstance(previewed, Resource) else None)
    context: dict[str, Any] = {"space": space, "sections": [*_by_kind(rows, _HEADINGS.items())], "previewed": previewed}
    if space == Space.PRESS:
        contact = previewed if isinstance(previewed, Correspondent) else None
        context["contacts"] = _with(Correspondent.objects.of_press(), contact)
    return render(request, _TEMPLATES[space], context)


def resource_page(request: HttpRequest, resource: Resource, *, is_preview: bool = False) -> HttpResponse:
    previewed = resource if is_preview else None
    return render(request, "editorial/resource.html", {"resource": resource, "previewed": previewed})


def partners_page(request: HttpRequest, *, previewed: Partner | None = None) -> HttpResponse:
    sections = [*_by_kind(_with(Partner.objects.published(), previewed), Partner.Kind.choices)]
    return render(request, "editorial/partners.html", {"sections": sections, "previewed": previewed})


def contact_page(request: HttpRequest, *, previewed: Correspondent | None = None) -> HttpResponse:
    services = _with(Correspondent.objects.of_regions(), previewed)
    context = {"correspondents": [*by_region(services)], "CONTACT_EMAIL": settings.CONTACT_EMAIL}
    return render(request, "pages/contact.html", {**context, "previewed": previewed})


def _with(published: Iterable[_Row], previewed: _Row | None) -> list[_Row]:
    """The rows in the editor's order, ``previewed`` in the place of what is stored of it."""
    if previewed is None:
        return list(published)
    rows = [*(row for row in published if row.pk != previewed.pk), previewed]
    return sorted(rows, key=lambda row: (row.position, str(row)))


def _by_kind(rows: Iterable[Published], headings: Iterable[tuple[str, str]]) -> Iterator[Section]:
    found = list(rows)
    for kind, heading in headings:
        if of_kind := [row for row in found if row.kind == kind]:  # type: ignore[attr-defined]
            yield Section(str(kind), heading, of_kind)
