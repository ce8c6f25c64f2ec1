"""The form of a correspondent: a service and how to reach it, never a person."""

from typing import Any

from django import forms

from core.contact_fields import PhoneField, WebAddressField
from core.fields import EmailField, TextField
from editorial.forms.previewed import PreviewedForm
from editorial.models import Correspondent

_MOBILE = ("+336", "+337", "+2626", "+5906", "+5946", "+5966")


class CorrespondentForm(PreviewedForm[Correspondent]):
    service = TextField(label="Service", max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"}))
    email = EmailField(
        label="Boîte fonctionnelle",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "vTextField"}),
        help_text="Celle du service, jamais celle d’une personne : elle est publiée.",
    )
    website = WebAddressField(
        label="Page du service", required=False, max_length=500, widget=forms.URLInput(attrs={"class": "vURLField"})
    )
    phone = PhoneField(label="Téléphone du service", required=False, help_text="Un standard, jamais un portable.")
    position = forms.IntegerField(label="Rang", min_value=0, max_value=32767, initial=0)

    class Meta:
        model = Correspondent
        fields = ("role", "region", "service", "email", "website", "phone", "position")

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone.startswith(_MOBILE):
            raise forms.ValidationError("Donnez le téléphone du service : un portable est celui d’une personne.")
        return phone

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("role") == Correspondent.Role.REGION and not data.get("region"):
            self.add_error("region", "Choisissez la région de ce service.")
        if data.get("role") == Correspondent.Role.PRESS and data.get("region"):
            self.add_error("region", "Le contact presse est national : laissez la région vide.")
        return data
