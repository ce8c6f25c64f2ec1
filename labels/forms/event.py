"""Second step: what the event is and what it shows of industry."""

import re
from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms

from core.fields import TextField
from events.models import Format, Sector
from labels.forms.base import Flaw, StepForm, offered
from labels.forms.pictures import PictureRows
from labels.models import Application

_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:\+33|\b0)\s?[1-9](?:[\s.-]?\d{2}){4}\b")
_PUBLIC = (
    "La description contient une adresse électronique ou un numéro de téléphone : elle sera publique. "
    "Le contact pour les inscriptions se saisit à l’étape « Publics et inscription »."
)


class EventForm(StepForm):
    slug = "evenement"
    heading = "L’événement"
    columns = ("title", "format", "description", "purpose")
    relations = ("sectors",)

    title = TextField(
        label="Titre",
        help_text="Ce que le public lira en premier, par exemple « Visite de la fonderie ».",
        max_length=200,
        error_messages={"required": "Indiquez le titre de l’événement."},
    )
    format = forms.ModelChoiceField(
        label="Format",
        queryset=Format.objects.none(),
        to_field_name="slug",
        empty_label="Choisir un format",
        error_messages={
            "required": "Choisissez le format de l’événement.",
            "invalid_choice": "Choisissez un format de la liste.",
        },
    )
    description = TextField(
        label="Description",
        help_text="Ce que les visiteurs verront et feront. Ce texte est public.",
        multiline=True,
        max_length=4000,
        error_messages={"required": "Décrivez l’événement."},
    )
    purpose = TextField(
        label="Objectif",
        help_text="Ce que l’événement fait découvrir de l’industrie : métiers, savoir-faire, sites, innovations.",
        multiline=True,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites ce que l’événement fait découvrir de l’industrie."},
    )
    sectors = forms.ModelMultipleChoiceField(
        label="Filières industrielles",
        queryset=Sector.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez des filières de la liste."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].queryset = offered(Format.objects.all(), self.event)  # type: ignore[attr-defined]
        self.fields["sectors"].queryset = offered(Sector.objects.all(), self.event)  # type: ignore[attr-defined]

    @classmethod
    def agree(cls, application: Application, cleaned: Mapping[str, Any]) -> bool:
        """An entry of a list that the event has is offered to it, retired or not."""
        return application.event.format is not None

    def layout(self) -> Layout:
        return Layout("title", "format", "description", "purpose", "sectors")

    def warnings(self) -> list[str]:
        return [_PUBLIC] if _PERSONAL.search(self.cleaned_data.get("description", "")) else []


class IllustratedEventForm(EventForm):
    """With its pictures; those of a labelled event have a page of their own, since they ask for no second look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pictures = PictureRows(self.event, self.user, *((self.data, self.files) if self.is_bound else ()))

    @classmethod
    def agree(cls, application: Application, cleaned: Mapping[str, Any]) -> bool:
        return super().agree(application, cleaned) and PictureRows.are_all_described(application.event)

    def stored(self) -> dict[str, Any]:
        return {**super().stored(), **PictureRows.as_posted(self.event)}

    def spoken(self) -> dict[str, str]:
        return {**super().spoken(), **self.pictures.spoken()}

    def layout(self) -> Layout:
        return Layout(*super().layout(), HTML('{% include "labels/pictures.html" with pictures=form.pictures %}'))

    def is_multipart(self) -> bool:
        return True

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.pictures.is_valid()])

    def store(self) -> None:
        super().store()
        self.pictures.store(self.event)

    def flaws(self) -> list[Flaw]:
        return [*super().flaws(), *(flaw for row in self.pictures.rows for flaw in self._flaws_of(row))]
