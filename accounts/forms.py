"""The two forms of signing in by code, which say the same whether or not an address is known."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from dsfr.forms import DsfrBaseForm

from accounts.models import User
from core.fields import EmailField


class RequestCodeForm(DsfrBaseForm, RequestLoginCodeForm):  # type: ignore[misc]
    """Asks a code for an address; an address seen for the first time gets an account, erased if never used.

    Staff sign in by password: their address gets a mail that says so, and no code.
    """

    email = EmailField(
        label="Adresse électronique",
        help_text="Format attendu : prenom.nom@exemple.fr",
        max_length=254,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.update(autocomplete="email", autofocus=False, placeholder=None)

    def clean_email(self) -> str:
        email: str = super().clean_email().lower()
        user = User.objects.filter(email=email).first() or User.objects.create_user(email)
        self._user = user if user.is_active and not user.is_staff else None
        return email


class ConfirmCodeForm(DsfrBaseForm, ConfirmLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code reçu par courriel"
        self.fields["code"].widget.attrs.update(
            autocomplete="one-time-code", inputmode="numeric", placeholder=None, autofocus=False
        )
