"""What a production configuration must hold, said before it serves anyone."""

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks.security.base import check_secret_key

# In the legal notice and on the page on personal data.
NAMED_BY_LAW = ("HOSTING", "PUBLISHER_ADDRESS", "PUBLICATION_DIRECTOR", "DPO_CONTACT")


@register(Tags.security, deploy=True)
def is_configured_for_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """``check --deploy`` fails on a demonstration, on SQLite, without broker, or with an address that is not HTTPS."""
    strays = [text for text in settings.TRUSTED_PROXIES if not _is_network(text)]
    faults = {
        "semaine.E001": ("DEMO must be 0.", settings.DEMO),
        "semaine.E002": (
            "DATABASE_URL must name a PostgreSQL server.",
            not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
        ),
        "semaine.E003": ("REDIS_URL must name a Redis server.", not settings.REDIS_URL),
        "semaine.E004": ("SITE_URL must begin with https://.", not settings.SITE_URL.startswith("https://")),
        "semaine.E005": (
            "EMAIL_URL must name an SMTP server.",
            not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"),
        ),
        "semaine.E006": ("DEFAULT_FROM_EMAIL must not be local.", "@localhost" in settings.DEFAULT_FROM_EMAIL),
        "semaine.E007": ("CONTACT_EMAIL must be set: answers to mails go there.", not settings.CONTACT_EMAIL),
        "semaine.E008": ("STAFF_SECOND_FACTOR must not be 0.", not settings.STAFF_SECOND_FACTOR),
        "semaine.E009": (
            "HOSTING, PUBLISHER_ADDRESS, PUBLICATION_DIRECTOR and DPO_CONTACT must be set: the law asks for them.",
            not all(getattr(settings, name) for name in NAMED_BY_LAW),
        ),
        "semaine.E010": (f"TRUSTED_PROXIES must be networks by commas, which {', '.join(strays)} is not.", strays),
        "semaine.E011": ("DEBUG must be 0: it shows to strangers how the portal is made.", settings.DEBUG),
        # Django only warns of it. The demonstration's, which anybody reads in the settings, is too short as well.
        "semaine.E012": ("SECRET_KEY must be 50 random characters at least.", check_secret_key(None)),
    }
    return [Error(message, id=key) for key, (message, is_wrong) in faults.items() if is_wrong]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
