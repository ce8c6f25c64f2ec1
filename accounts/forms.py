"""The two forms of signing in by code, which say the same whether or not an address is known."""

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password

from accounts.models import User
from core import limits
from core.fields import EmailField, TextField

# Codes that one caller may ask for one address; those of all callers together are in the settings.
MOST, SECONDS = 5, 600
TOO_MANY = "too_many"
_WAIT = f"Trop d’essais. Patientez {limits.spoken(SECONDS)}, puis demandez un nouveau code."


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
        asked: str = self.cleaned_data["email"]
        if limits.is_exceeded_about(context.request, asked, "code", most=MOST, seconds=SECONDS):
            raise forms.ValidationError(_WAIT, code=TOO_MANY)
        try:
            email: str = super().clean_email().lower()
        except forms.ValidationError as refusal:
            raise forms.ValidationError(_WAIT, code=TOO_MANY) from refusal
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
