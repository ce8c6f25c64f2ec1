"""Sign-in by code through the outbox: a broker or an SMTP server that is down delays the code, never loses it."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import get_random_string

from core import outbox

# The only two that our addresses can lead to; allauth holds others for passwords and sign-up.
MAILS = {"account/email/login_code", "account/email/unknown_account"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu.",
        "too_many_login_attempts": "Trop d’essais. Patientez dix minutes, puis demandez un nouveau code.",
        "rate_limited": "Trop de demandes. Patientez quelques minutes.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix not in MAILS:
            raise ValueError(f"{template_prefix} is no mail of the portal.")
        context = {**context, "site_url": settings.SITE_URL, "sign_in_url": settings.SITE_URL + reverse("admin:index")}
        outbox.post(
            key=f"account-{uuid4()}",
            to=email,
            subject=render_to_string(f"{template_prefix}_subject.txt", context).strip(),
            text=render_to_string(f"{template_prefix}_message.txt", context),
            html=render_to_string(f"{template_prefix}_message.html", context),
            is_secret=True,
        )

    def is_safe_url(self, url: str) -> bool:
        """Only a path of this site, of a length that a browser keeps."""
        return url.startswith("/") and len(url) <= 2000 and bool(super().is_safe_url(url))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def generate_login_code(self) -> str:
        """Eight digits, in the form that a telephone's keyboard offers to fill in."""
        return get_random_string(8, "0123456789")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index") if getattr(request.user, "is_staff", False) else reverse("labels:desk")
