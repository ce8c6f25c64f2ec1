"""Mails that tell a member of staff what was changed of how they sign in: if it was not them, somebody else did."""

from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import outbox

DEEDS = {
    "totp_activated": "une application d’authentification a été ajoutée à votre compte",
    "totp_deactivated": "l’application d’authentification a été retirée de votre compte",
    "webauthn_added": "une clé d’accès a été ajoutée à votre compte",
    "webauthn_removed": "une clé d’accès a été retirée de votre compte",
    "recovery_codes_generated": "de nouveaux codes de secours ont été créés, les anciens ne servent plus",
    "recovery_code_used": "un code de secours a servi à vous connecter",
    "factors_removed": "l’équipe nationale a retiré le second facteur de votre compte : votre prochaine connexion en "
    "demandera un autre",
    "password_changed": "votre mot de passe a été changé",
}


def tell(user: User, deed: str) -> None:
    """Write the mail in the caller's transaction."""
    context = {
        "deed": DEEDS[deed],
        "at": timezone.now(),
        "site_url": settings.SITE_URL,
        "security_url": settings.SITE_URL + reverse("mfa_index"),
    }
    subject, text, html = (
        render_to_string(f"accounts/emails/security_{part}", context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    outbox.post(key=f"security-{uuid4()}", to=user.email, subject=subject, text=text, html=html)
