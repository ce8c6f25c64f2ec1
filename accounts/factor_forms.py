"""Forms of the second factor: a code that is typed, a passkey's answer that a script posts."""

import json
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError

from accounts import attempts, notices
from core.fields import TextField

# An answer of a key is some 2 kB, with its maker's certificate some 6.
CREDENTIAL_AT_MOST = 20_000
_TOO_MANY = "Trop d’essais. Patientez cinq minutes avant de recommencer."
_TOO_MANY_CODE = "too_many_login_attempts"  # allauth's
_ONE_TIME = {"class": "fr-input", "autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _code(label: str, hint: str) -> TextField:
    return TextField(
        label=label,
        help_text=hint,
        max_length=30,
        widget=forms.TextInput(attrs=_ONE_TIME),
        error_messages={"required": "Saisissez le code."},
    )


class _CodeForm(base.BaseAuthenticateForm):  # type: ignore[misc]
    code = _code(
        "Code de votre application ou code de secours", "Six chiffres de l’application, ou huit d’un code de secours"
    )

    def clean_code(self) -> str:
        """So many in so long; a code of the application serves once, while it is right and however it is spelt."""
        if not attempts.begin(self.user.pk):
            raise ValidationError(_TOO_MANY, code=_TOO_MANY_CODE)
        code: str = _patiently(super().clean_code)
        if self.authenticator.type == Authenticator.Type.TOTP and not attempts.use(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        attempts.succeed(self.user.pk)
        return code

    def save(self) -> None:
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            notices.tell(self.user, "recovery_code_used")


class AuthenticateForm(_CodeForm, base.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateCodeForm(_CodeForm, base.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]
    code = _code("Code affiché par l’application", "Six chiffres, qui changent toutes les trente secondes")


class PasswordForm(ReauthenticateForm):  # type: ignore[misc]
    password = forms.CharField(
        label="Mot de passe",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "fr-input", "autocomplete": "current-password"}),
        error_messages={"required": "Saisissez votre mot de passe."},
    )


class CredentialField(forms.JSONField):
    """What a browser posts of a key: an object of known size, without what no database stores."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
        except (ValidationError, RecursionError):
            found = None
        text = json.dumps(found)
        if not isinstance(found, dict) or len(text) > CREDENTIAL_AT_MOST or "\\u0000" in text or "\\ud" in text:
            raise get_adapter().validation_error("incorrect_code")
        return found


class _PasskeyForm(forms.Form):
    """What fails while a hostile answer is read fails in many ways; all mean that it is no answer of the key."""

    credential = CredentialField()

    def clean_credential(self) -> Any:
        parent = getattr(super(), "clean_credential", None)
        return _read(parent) if parent else self.cleaned_data["credential"]

    def clean(self) -> Any:
        return _read(super().clean)


class AddPasskeyForm(_PasskeyForm, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    name = TextField(
        label="Nom de la clé",
        help_text="Pour la reconnaître, par exemple « Ordinateur du bureau »",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "fr-input", "autocomplete": "off"}),
    )
    credential = CredentialField()


class AuthenticatePasskeyForm(_PasskeyForm, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()


class ReauthenticatePasskeyForm(_PasskeyForm, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()


def _read(parse: Any) -> Any:
    try:
        return _patiently(parse)
    except ValidationError:
        raise
    except Exception as error:
        raise ValidationError("Cette clé n’a pas été reconnue. Recommencez.", code="incorrect_code") from error


def _patiently(clean: Any) -> Any:
    """Tell of too many attempts in the words of these pages; allauth's own speak of mails."""
    try:
        return clean()
    except ValidationError as error:
        if getattr(error, "code", "") == _TOO_MANY_CODE:
            raise ValidationError(_TOO_MANY, code=error.code) from None
        raise
