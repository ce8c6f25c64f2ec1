"""A form whose row is shown on its public page before it is stored."""

from typing import TypeVar

from django import forms
from django.db.models import Model

M = TypeVar("M", bound=Model)
# The button that shows the public page with what is typed, and stores nothing.
PREVIEW = "_preview"


class PreviewedForm(forms.ModelForm[M]):
    def is_valid(self) -> bool:
        """Never for a preview: Django's page then shows what was typed, and stores nothing."""
        return super().is_valid() and PREVIEW not in self.data
