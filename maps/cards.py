"""What the map says of the events that its popups and markers name, asked for by a few identifiers at a time."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from core.fields import TextField
from events.models import Event

MOST = 100
_IDS = re.compile(r"[0-9]{1,15}(,[0-9]{1,15})*")


class CardsForm(forms.Form):
    ids = TextField(label="Identifiants", max_length=16 * MOST)

    def clean_ids(self) -> list[int]:
        text = self.cleaned_data["ids"]
        if not _IDS.fullmatch(text) or text.count(",") >= MOST:
            raise ValidationError(f"Indiquez de un à {MOST} identifiants, séparés par des virgules.", code="invalid")
        return [int(number) for number in text.split(",")]


def card(event: Event) -> dict[str, Any]:
    """In words, for a script to show as text; ``event`` as ``for_cards`` reads it."""
    return {
        "id": event.pk,
        "title": event.title,
        "url": event.get_absolute_url(),
        "when": capfirst(event.when),
        "town": event.commune.name if event.is_on_site and event.commune else "",
        "format": event.format.label if event.format else "",
        "state": "Annulé" if event.cancelled_at else "Complet" if event.is_full else "",
    }
