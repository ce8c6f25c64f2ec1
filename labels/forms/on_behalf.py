"""What staff say to open an application in an organiser's name."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates

from accounts.models import User
from core.fields import EmailField, TextField
from events.models import Edition

REASON_AT_MOST = 500


class OnBehalfForm(forms.Form):
    default_renderer = DjangoTemplates

    email = EmailField(
        label="Adresse électronique de l’organisateur",
        help_text="Elle reçoit le lien pour entrer. Si elle est nouvelle, un compte lui est ouvert.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Saisissez l’adresse électronique de l’organisateur."},
    )
    edition = forms.ModelChoiceField(
        label="Édition",
        queryset=Edition.objects.none(),
        empty_label=None,
        error_messages={
            "required": "Choisissez une édition.",
            "invalid_choice": "Cette édition ne prend pas de demande\u00a0: sa période est finie ou à venir.",
        },
    )
    reason = TextField(
        label="Motif",
        help_text="Demandé une fois la date limite de dépôt passée. Gardé dans le journal.",
        required=False,
        multiline=True,
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["edition"].queryset = Edition.objects.not_over()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        known = User.objects.filter(email=email).first()
        if known and known.is_staff:
            raise forms.ValidationError("Cette adresse est celle d’un agent de l’État.", code="staff")
        if known and not known.is_active:
            raise forms.ValidationError("Le compte de cette adresse est désactivé.", code="inactive")
        return email

    def clean(self) -> dict[str, Any]:
        edition = self.cleaned_data.get("edition")
        is_reasoned = self.cleaned_data.get("reason") or "reason" in self.errors
        if edition and not edition.is_open() and not is_reasoned:
            self.add_error(
                "reason", f"Les demandes de {edition.year} sont closes\u00a0: dites pourquoi celle-ci vient après."
            )
        return self.cleaned_data


class ErasureForm(forms.Form):
    """Why, and the reference typed again by who is sure of it."""

    default_renderer = DjangoTemplates

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    reason = TextField(
        label="Motif",
        help_text="Par exemple la décision de justice, sa date et son numéro. Gardé dans le journal.",
        multiline=True,
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Indiquez le motif."},
    )
    reference = TextField(
        label="Référence de la demande",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Recopiez la référence de la demande."},
    )

    def __init__(self, expected: str, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.expected = expected
        self.fields["reference"].help_text = f"Pour confirmer, recopiez\u00a0: {expected}"

    def clean_reference(self) -> str:
        typed: str = self.cleaned_data["reference"]
        if typed.upper() != self.expected:
            raise forms.ValidationError(
                f"Ce n’est pas la référence de cette demande\u00a0: {self.expected}.", code="other"
            )
        return typed
