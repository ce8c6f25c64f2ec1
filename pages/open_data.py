"""The page that documents the open data, with examples that are the portal's own addresses."""

from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from events import agenda, open_data, table
from events.models import Edition

_WEEK = date(2024, 11, 18), date(2024, 11, 24)


class Filter(NamedTuple):
    """Names of the query string, what they ask for, and a query string to try."""

    names: str
    about: str
    example: str


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    edition = Edition.objects.current()
    context = {
        "columns": table.COLUMNS,
        "filters": _filters(edition),
        "examples": {name: settings.SITE_URL + reverse(f"events:{name}") for name in ("csv", "json", "ics", "rss")},
        "geojson": settings.SITE_URL + reverse("maps:geojson"),
        "figures": settings.SITE_URL + reverse("figures:data"),
        "schema": settings.SITE_URL + reverse("events:schema"),
        "subscription": reverse("events:ics"),
        "host": request.get_host(),
        "licence": open_data.LICENCE,
        "most": open_data.MOST,
        "page_size": agenda.DEFAULT_SIZE,
        "largest_page": agenda.MOST,
    }
    return render(request, "pages/data.html", context)


def _filters(edition: Edition | None) -> list[Filter]:
    first, last = (edition.week_starts_on, edition.week_ends_on) if edition else _WEEK
    return [
        Filter("q", "Mots du titre, du texte, de l’organisateur ou de la ville ; ni accents ni casse.", "q=robotique"),
        Filter("region", "Code INSEE d’une région.", "region=28"),
        Filter("departement", "Code INSEE d’un département.", "departement=76"),
        Filter("commune", "Code INSEE d’une commune.", "commune=76351"),
        Filter("format", "Code d’un format.", "format=visite-entreprise&format=atelier"),
        Filter("public", "Code d’un public.", "public=scolaires"),
        Filter("filiere", "Code d’une filière.", "filiere=metallurgie"),
        Filter("du, au", "Dates ISO, locales ; un créneau au moins est entre les deux.", f"du={first}&au={last}"),
        Filter("lieu", "sur-place ou en-ligne.", "lieu=en-ligne"),
        Filter("pres, rayon", "Commune (code INSEE) ou latitude,longitude ; kilomètres.", "pres=76351&rayon=30"),
        Filter("bbox", "Ouest,sud,est,nord en degrés.", "bbox=-0.5,49,1.5,50.2"),
        Filter(
            "edition", "Année ; l’édition en cours si rien n’est dit.", f"edition={edition.year if edition else ''}"
        ),
        Filter("niveau, groupe, age", "Niveau scolaire, taille du groupe, âge.", "groupe=25&age=14"),
        Filter("tri", "date, ou distance avec « pres ».", "pres=76351&tri=distance"),
    ]
