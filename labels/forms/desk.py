"""How an organiser with many applications finds one: words, an edition, a state."""

from typing import Any

from django import forms
from django.db.models import Q

from core.fields import TextField
from core.text import fold
from labels.models import DESK_ORDER, ApplicationQuerySet, State

GROUPS: dict[str, str] = {
    State.RETURNED: "À corriger",
    State.DRAFT: "Brouillons",
    State.SUBMITTED: "En cours d’instruction",
    State.APPROVED: "Événements labellisés",
    State.CANCELLED: "Événements annulés",
    State.REFUSED: "Demandes refusées",
    State.REVOKED: "Labels retirés",
    State.WITHDRAWN: "Demandes retirées",
}
REVISED = "modification"


class DeskFilter(forms.Form):
    """Reads any query string: a broken value is said beside its field and left out."""

    q = TextField(label="Mots-clés", required=False, max_length=100, help_text="Titre, ville, organisme ou référence")
    edition = forms.ChoiceField(
        label="Édition", required=False, error_messages={"invalid_choice": "Choisissez une édition de la liste."}
    )
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous"),
            *((state.value, GROUPS[state]) for state in DESK_ORDER),
            (REVISED, "Modification en attente"),
        ],
        error_messages={"invalid_choice": "Choisissez un état de la liste."},
    )

    def __init__(self, mine: ApplicationQuerySet, data: Any) -> None:
        super().__init__(data)
        years = mine.order_by("-event__edition__year").values_list("event__edition__year", flat=True).distinct()
        self.fields["edition"].choices = [("", "Toutes"), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "fr-select" if isinstance(field.widget, forms.Select) else "fr-input"
        self.is_valid()

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, mine: ApplicationQuerySet) -> ApplicationQuerySet:
        read = self.cleaned_data
        words = Q(*(_has_word(word) for word in fold(read.get("q", "")).split()))
        found = mine.filter(words)
        if year := read.get("edition"):
            found = found.filter(event__edition__year=int(year))
        if state := read.get("etat"):
            found = found.with_revision() if state == REVISED else found.in_state(State(state))
        return found


def _has_word(word: str) -> Q:
    return Q(event__search_text__contains=word) | Q(reference__icontains=word)
