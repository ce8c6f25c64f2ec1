"""Signing in through allauth: its mails leave by the outbox, which a broker or a server that is down never loses."""

import time
from typing import Any
from uuid import uuid4

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts import sessions
from core import limits, outbox

# The only two that our addresses can lead to; allauth holds others for passwords and sign-up.
MAILS = {"account/email/login_code", "account/email/unknown_account"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu.",
        "too_many_login_attempts": "Trop d’essais. Patientez dix minutes, puis demandez un nouveau code.",
        "rate_limited": "Trop de demandes. Patientez quelques minutes.",
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
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

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        if user.is_staff:
            sessions.bound(request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """By Django's own way, so that wrong passwords are counted with those of the sign-in."""
        found = authenticate(self.request, username=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of someone who signed in within the last minutes: that was the same question."""
        records = get_authentication_records(self.request, self.request.user)
        recent = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > recent for record in records)

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.address_of(request)

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
