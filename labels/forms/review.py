"""Last step: what is missing on the others, and the declaration that sends the application."""

from typing import Any

from django import forms

from accounts.models import User
from core.fields import TextField
from labels.forms.base import Flaw, StepForm
from labels.models import Application
from labels.rules import Verdict


def flaws_of(steps: list[type[StepForm]], application: Application, user: User, verdict: Verdict) -> list[Flaw]:
    """What keeps ``application`` from being sent: each page read again as it is stored, where any doubt is left."""
    found: list[Flaw] = []
    for step in steps:
        if step.is_plainly_whole(application, verdict):
            continue
        form = step(application, user, step(application, user).as_posted())
        form.is_valid()
        form.judge(verdict)
        found += form.flaws()
    return found


_OATH = "je certifie sur l’honneur que ces renseignements sont exacts et que je peux représenter l’organisme."


class DeclarationForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    # On the page where the box speaks of the dates proposed, and there alone: an older page confirms none.
    are_dates_confirmed = forms.BooleanField(widget=forms.HiddenInput, required=False)
    is_sworn = forms.BooleanField(
        label=_OATH.capitalize(), error_messages={"required": "Cochez cette case pour déposer la demande."}
    )

    def __init__(self, application: Application, data: Any = None) -> None:
        super().__init__(data, initial={"version": application.version, "are_dates_confirmed": True})
        self.asks_for_dates = application.are_dates_proposed
        if self.asks_for_dates:
            self.fields["is_sworn"].label = f"Je confirme les dates proposées et {_OATH}"
        else:
            del self.fields["are_dates_confirmed"]

    def clean(self) -> dict[str, Any]:
        if self.asks_for_dates and not self.cleaned_data.get("are_dates_confirmed"):
            self.add_error("is_sworn", "Les dates sont proposées : lisez-les, puis cochez de nouveau cette case.")
        return self.cleaned_data

    @property
    def seen(self) -> int:
        version: int = self.cleaned_data["version"]
        return version


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class CancellationForm(VersionForm):
    message = TextField(
        label="Message au public",
        help_text="Il est affiché sur la page de l’événement, marquée « Annulé ». 500 caractères au plus.",
        multiline=True,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez un message : il est affiché sur la page de l’événement."},
    )


class FullForm(forms.Form):
    """Whether an event has no place left, as the button says it."""

    full = forms.ChoiceField(choices=[("oui", "Complet"), ("non", "Places disponibles")])

    @property
    def is_full(self) -> bool:
        return bool(self.cleaned_data["full"] == "oui")
