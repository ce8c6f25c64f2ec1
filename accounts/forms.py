"""The two forms of signing in by code, which say the same whether or not an address is known."""

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.contrib.auth.hashers import make_password

from accounts.models import User
from core.fields import EmailField, TextField


class RequestCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Asks a code for an address; an address seen for the first time gets an account, erased if never used.

    Staff sign in by password: their address gets a mail that says so, and no code.
    """

    email = EmailField(
        label="Adresse électronique",
        help_text="Format attendu : prenom.nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "fr-input", "autocomplete": "email"}),
        error_messages={"required": "Saisissez votre adresse électronique."},
    )

    def clean_email(self) -> str:
        email: str = super().clean_email().lower()
        user, _ = User.objects.get_or_create(email=email, defaults={"password": make_password(None)})
        self._user = user if user.is_active and not user.is_staff else None
        return email


class ConfirmCodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    code = TextField(
        label="Code reçu par courriel",
        help_text="Huit chiffres, valables quinze minutes",
        max_length=30,
        widget=forms.TextInput(
            attrs={"class": "fr-input", "autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
        error_messages={"required": "Saisissez le code reçu par courriel."},
    )
