"""The form of a partner."""

from django import forms

from core.contact_fields import WebAddressField
from core.fields import TextField
from editorial.forms.published import PublishedForm
from editorial.models import Partner


class PartnerForm(PublishedForm[Partner]):
    name = TextField(label="Nom", max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"}))
    address = WebAddressField(
        label="Site", required=False, max_length=500, widget=forms.URLInput(attrs={"class": "vURLField"})
    )

    class Meta(PublishedForm.Meta):
        model = Partner
        fields = ("name", "kind", "address", *PublishedForm.Meta.published)
