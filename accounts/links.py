"""The link by which a member of staff chooses a password: sent by mail, good once and for three days."""

from uuid import uuid4

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User
from core import outbox


def send(user: User) -> None:
    """Post it; in the words of a new account where no password was chosen yet. What it opens is wiped once sent."""
    purpose = "password" if user.has_usable_password() else "opening"
    context = {"account": user, "site_url": settings.SITE_URL, "link": settings.SITE_URL + address(user)}
    subject, text, html = (
        render_to_string(f"accounts/emails/{purpose}_{part}", context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    outbox.post(key=f"{purpose}-{uuid4()}", to=user.email, subject=subject, text=text, html=html, is_secret=True)


def address(user: User) -> str:
    """Its token is made of the password as it is: choosing one ends every link sent before."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("account_choose_password", args=[uid, default_token_generator.make_token(user)])
