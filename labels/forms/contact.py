"""The person whom examiners may call about a labelled event: as on the first step of the form, and never public."""

from typing import Any

from django import forms

from labels.forms.organisation import OrganisationForm
from labels.models import Application

COLUMNS = ("contact_name", "contact_phone")


class ContactForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    contact_name = OrganisationForm.base_fields["contact_name"]
    contact_phone = OrganisationForm.base_fields["contact_phone"]

    def __init__(self, application: Application, data: Any = None) -> None:
        self.application = application
        kept = {name: getattr(application, name) for name in COLUMNS}
        super().__init__(data, initial={**kept, "version": application.version})

    @property
    def is_overtaken(self) -> bool:
        """Somebody changed the application since the page was read."""
        return self.is_bound and ("version" in self.errors or self.cleaned_data["version"] != self.application.version)

    @property
    def changes(self) -> dict[str, str]:
        """What differs from what is kept."""
        return {name: value for name in COLUMNS if (value := self.cleaned_data[name]) != self.initial[name]}
