"""The few pages that read something before they speak."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import retention
from editorial import rendering
from events.models import Edition
from pages.site_map import SECTIONS


@require_safe
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 - named as its address and its template
    return render(request, "pages/help.html", {"edition": Edition.objects.current()})


@require_safe
def organisers_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/organisers_guide.html", {"edition": Edition.objects.current()})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return rendering.contact_page(request)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    names = {"SESSION_COOKIE": settings.SESSION_COOKIE_NAME, "CSRF_COOKIE": settings.CSRF_COOKIE_NAME}
    return render(request, "pages/cookies.html", names)


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    names = ("HOSTING", "PUBLISHER_ADDRESS", "PUBLICATION_DIRECTOR")
    return render(request, "pages/legal.html", {name: getattr(settings, name) for name in names})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"CONTACT_EMAIL": settings.CONTACT_EMAIL})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"DPO_CONTACT": settings.DPO_CONTACT, "kept": retention})


@require_safe
def sitemap_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sitemap_page.html", {"sections": SECTIONS, "editions": Edition.objects.published()})
