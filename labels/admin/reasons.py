"""The presets that a panel of a decision offers, and the one that the address of its page asks for."""

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict

from labels import workflow
from labels.models import Action, Application, Preset
from labels.presets import Subject, render_text

PARAMETER, PANEL = "motif", "pour"


class Choice:
    """What the query string asks for: a preset, for the panel that holds an action."""

    def __init__(self, query: QueryDict) -> None:
        self.query = query
        self.panel = query.get(PANEL, "")

    def is_for(self, actions: Iterable[Action]) -> bool:
        return bool(self.query.get(PARAMETER)) and self.panel in set(actions)


class PresetField(forms.Field):
    """The preset that a text began as; one that is gone meanwhile stops nobody from deciding."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Preset | None:
        is_key = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10
        return Preset.objects.filter(pk=value).first() if is_key else None


class Chooser(forms.Form):
    """A list of presets; ``texts`` is what each becomes about the application, by its key."""

    default_renderer = DjangoTemplates

    motif = forms.ChoiceField(
        label="Motif type",
        required=False,
        widget=forms.Select(attrs={"data-key": "m"}),
        error_messages={"invalid_choice": "Ce motif type n’existe pas ou n’est plus proposé."},
    )

    def __init__(
        self, application: Application, actions: tuple[Action, ...], presets: list[Preset], data: QueryDict | None
    ) -> None:
        super().__init__(data, auto_id=f"{actions[0]}-%s")
        self.pour = str(actions[0])
        subject = Subject(application, actions[0])
        self.texts = {
            str(preset.pk): {"note": render_text(preset.text, subject), "conditions": preset.conditions}
            for preset in presets
        }
        offered = [(str(preset.pk), _label(preset, actions)) for preset in presets]
        self.fields[PARAMETER].choices = [("", "Aucun"), *offered]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, application: Application, actions: tuple[Action, ...], choice: Choice | None) -> Self | None:
        """None for what needs no reason, and while no preset is for it."""
        needing = {action for action in actions if workflow.MOVES[action].needs_conditions}
        presets = [preset for preset in Preset.objects.offered() if needing & set(preset.uses)] if needing else []
        data = choice.query if choice and choice.is_for(actions) else None
        return cls(application, actions, presets, data) if presets or data else None

    @property
    def filled(self) -> dict[str, Any]:
        """What the preset asked for puts into the form of the decision."""
        chosen = self.cleaned_data[PARAMETER] if self.is_bound and self.is_valid() else ""
        return {**self.texts[chosen], "preset": chosen} if chosen else {}


def _label(preset: Preset, actions: tuple[Action, ...]) -> str:
    """Its title, with the decisions that it is for where its panel takes others too."""
    fitting = [action for action in actions if action in preset.uses]
    if len(fitting) == len(actions):
        return preset.title
    return f"{preset.title} ({', '.join(Preset.Use(action).label.lower() for action in fitting)})"
