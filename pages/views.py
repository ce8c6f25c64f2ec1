"""The few pages that read something before they speak."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from events.models import Edition
from places.models import Region

# In these régions the State's economic service bears another name than DREETS.
_SERVICES = {
    "01": "DEETS de Guadeloupe",
    "02": "DEETS de Martinique",
    "03": "DGCOPOP de Guyane",
    "04": "DEETS de La Réunion",
    "06": "DEETS de Mayotte",
    "11": "DRIEETS d’Île-de-France",
}


@require_safe
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 - named as its address and its template
    return render(request, "pages/help.html", {"edition": Edition.objects.current()})


@require_safe
def organisers_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/organisers_guide.html", {"edition": Edition.objects.current()})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    correspondents = [
        (region.name, _SERVICES.get(region.code, f"DREETS {region.name}")) for region in Region.objects.order_by("name")
    ]
    return render(
        request, "pages/contact.html", {"correspondents": correspondents, "CONTACT_EMAIL": settings.CONTACT_EMAIL}
    )


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    names = {"SESSION_COOKIE": settings.SESSION_COOKIE_NAME, "CSRF_COOKIE": settings.CSRF_COOKIE_NAME}
    return render(request, "pages/cookies.html", names)


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal.html", {"HOSTING": settings.HOSTING})


@require_safe
def sitemap_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sitemap_page.html", {"editions": Edition.objects.published()})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """A demonstration is not indexed: its events are made up."""
    closed = (
        ["/"]
        if settings.DEMO
        else [
            "/admin/",
            "/connexion/",
            "/deconnexion/",
            "/organisateurs/",
            "/sante/",
            "/signaler/",
        ]
    )
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('pages:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
