"""What programs ask a site for at addresses that are the same everywhere: robots.txt, security.txt (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

# Less than a year, as the RFC asks; whoever reads it later knows that it may be out of date.
VALID_FOR = timedelta(days=180)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """A demonstration is not indexed: its events are made up."""
    closed = (
        ["/"]
        if settings.DEMO
        else ["/admin/", "/connexion/", "/deconnexion/", "/organisateurs/", "/sante/", "/signaler/"]
    )
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in closed)]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('pages:sitemap')}")
    return _text(lines)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a flaw; the contact page where the deployment names nobody."""
    email = settings.SECURITY_EMAIL or settings.CONTACT_EMAIL
    contact = f"mailto:{email}" if email else f"{settings.SITE_URL}{reverse('pages:contact')}"
    expires = datetime.combine(datetime.now(UTC).date() + VALID_FOR, time(), UTC)
    return _text(
        [
            f"Contact: {contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: fr, en",
            f"Canonical: {settings.SITE_URL}{reverse('pages:security')}",
        ]
    )


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
