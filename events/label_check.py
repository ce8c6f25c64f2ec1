"""Whether the number of a label is real: its event, its edition, its state, and nothing of people."""

import re

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.fields import TextField
from events.models import Event

# As people copy it from a poster: « N° 2024 – 00123 », « label 2024 00123 ».
# From the hundred thousandth label of a year its rank has more than five digits, and no zero before it.
_NUMBER = re.compile(r"\D{0,30}(\d{4})\D{0,3}(\d{5}|[1-9]\d{5,9})\D{0,3}", re.ASCII)


class LabelForm(forms.Form):
    """Reads the number in what is typed; None where there is none."""

    numero = TextField(
        label="Numéro de label",
        help_text="Format attendu : l’année, puis cinq chiffres au moins, par exemple 2024-00123.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "fr-input", "autocomplete": "off", "inputmode": "text"}),
        error_messages={"max_length": "Ce numéro est trop long : l’année, puis cinq chiffres au moins."},
    )

    def clean_numero(self) -> str:
        text: str = self.cleaned_data["numero"]
        if not text:
            return ""
        number = canonical(text)
        if number is None:
            raise forms.ValidationError("Ce n’est pas un numéro de label : l’année, puis cinq chiffres au moins.")
        return number


def canonical(text: str) -> str | None:
    """
    >>> canonical("n° 2024 – 00123")
    '2024-00123'
    """
    found = _NUMBER.fullmatch(text)
    return f"{found[1]}-{found[2]}" if found else None


@require_safe
def label_check(request: HttpRequest) -> HttpResponse:
    """Asks for a number and leads to what is known of it."""
    form = LabelForm(request.GET)
    if form.is_valid() and (number := form.cleaned_data["numero"]):
        return redirect("events:label", number)
    return render(request, "events/label_check.html", {"form": form})


@require_safe
def label(request: HttpRequest, number: str) -> HttpResponse:
    known = canonical(number)
    if known and known != number:
        return redirect("events:label", known, permanent=True)
    # An approval taken back within its undo has a number that stands for nothing yet.
    event = Event.objects.once_published().for_cards().filter(label_number=known).first() if known else None
    if event is None:
        form = LabelForm({"numero": number[:60]})
        return render(request, "events/label_unknown.html", {"form": form, "number": known}, status=404)
    return render(request, "events/label.html", {"event": event, "form": LabelForm()})
