"""Last step: what is missing on the others, and the declaration that sends the application."""

from typing import Any

from django import forms

from accounts.models import User
from core.fields import TextField
from labels.forms.base import Flaw, StepForm
from labels.models import Application
from labels.rules import Verdict


def flaws_of(steps: list[type[StepForm]], application: Application, user: User, verdict: Verdict) -> list[Flaw]:
    """What keeps ``application`` from being sent: each page read again as it is stored."""
    found: list[Flaw] = []
    for step in steps:
        form = step(application, user, step(application, user).as_posted())
        form.is_valid()
        form.judge(verdict)
        found += form.flaws()
    return found


class DeclarationForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    is_sworn = forms.BooleanField(
        label="Je certifie sur l’honneur que ces renseignements sont exacts et que je peux représenter l’organisme.",
        error_messages={"required": "Cochez cette case pour déposer la demande."},
    )

    def __init__(self, application: Application, data: Any = None) -> None:
        super().__init__(data, initial={"version": application.version})

    @property
    def seen(self) -> int:
        version: int = self.cleaned_data["version"]
        return version


class WithdrawalForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CancellationForm(WithdrawalForm):
    message = TextField(
        label="Message au public",
        help_text="Il est affiché sur la page de l’événement, marquée « Annulé ». 500 caractères au plus.",
        multiline=True,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez un message : il est affiché sur la page de l’événement."},
    )
