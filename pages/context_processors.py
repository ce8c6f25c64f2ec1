"""What every page's frame shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "STATE_BRAND": settings.STATE_BRAND,
        "SITE_URL": settings.SITE_URL,
        "THEME_SCRIPT": settings.THEME_SCRIPT,
    }
