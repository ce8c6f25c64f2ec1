"""Sign-in by code through the outbox: a broker or an SMTP server that is down delays the code, never loses it."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from core import outbox


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        outbox.post(
            key=f"account-{uuid4()}",
            to=email,
            subject=render_to_string(f"{template_prefix}_subject.txt", context).strip(),
            text=render_to_string(f"{template_prefix}_message.txt", context),
            html=render_to_string(f"{template_prefix}_message.html", context),
            is_secret=True,
        )

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def generate_login_code(self) -> str:
        """Eight digits, in the form that a telephone's keyboard offers to fill in."""
        from django.utils.crypto import get_random_string

        return get_random_string(8, "0123456789")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index") if getattr(request.user, "is_staff", False) else reverse("labels:desk")
