"""The form of an edition: dates in order, a window that follows the week."""

from datetime import date, timedelta
from typing import Any

from django import forms

from core.fields import TextField
from events.models import TOLERANCE, Edition

# Opened earlier, an edition is a slip of the finger; in year 1, an instant that PostgreSQL does not give back.
LONGEST_NOTICE = timedelta(days=366)
_WINDOW = {"window_starts_on": ("week_starts_on", -TOLERANCE), "window_ends_on": ("week_ends_on", TOLERANCE)}
# They are counted by edition: in another year, the next one would be that of somebody else.
_YEAR_IN_USE = "Ne change plus\u00a0: des demandes ou des labels de cette édition portent déjà cette année."
# first, last, what is wrong when they are the other way round; said beside the second of the two in the form
_ORDER = (
    ("week_starts_on", "week_ends_on", "week_ends_on", "La semaine finit avant de commencer."),
    (
        "window_starts_on",
        "week_starts_on",
        "window_starts_on",
        "La fenêtre doit s’ouvrir au plus tard avec la semaine.",
    ),
    ("week_ends_on", "window_ends_on", "window_ends_on", "La fenêtre doit se fermer au plus tôt avec la semaine."),
)


def _date(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


def _instant() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class EditionForm(forms.ModelForm[Edition]):
    theme = TextField(label="Thème", max_length=150, required=False)

    class Meta:
        model = Edition
        fields = (
            "number",
            "year",
            "theme",
            "week_starts_on",
            "week_ends_on",
            "window_starts_on",
            "window_ends_on",
            "applications_open_at",
            "applications_close_at",
            "audiences",
            "participants",
            "is_published",
        )
        widgets = {
            **{name: _date() for name in ("week_starts_on", "week_ends_on")},
            **{name: _date(**{"data-tolerance": TOLERANCE.days}) for name in _WINDOW},
            **{name: _instant() for name in ("applications_open_at", "applications_close_at")},
            "audiences": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "window_starts_on": f"Laissé vide : {TOLERANCE.days} jours avant la semaine.",
            "window_ends_on": f"Laissé vide : {TOLERANCE.days} jours après la semaine.",
            "applications_open_at": "Heure de Paris.",
            "applications_close_at": "Heure de Paris ; à cet instant, il est trop tard.",
            "audiences": "Ceux que cette édition vise ; aucun coché : tous.",
            "participants": "Après la semaine, d’après les organisateurs. Vide : « non renseigné », jamais 0.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _WINDOW:
            self.fields[name].required = False
        if self.instance.last_reference or self.instance.last_label_number:
            self.fields["year"].disabled = True
            self.fields["year"].help_text = _YEAR_IN_USE

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self._propose_window(data)
        for first, last, field, message in _ORDER:
            if data.get(first) and data.get(last) and data[first] > data[last]:
                self.add_error(field, message)
        opens, closes = data.get("applications_open_at"), data.get("applications_close_at")
        if opens and closes and opens >= closes:
            self.add_error("applications_close_at", "La clôture des demandes doit suivre leur ouverture.")
        week: date | None = data.get("week_starts_on")
        if week and opens and week - opens.date() > LONGEST_NOTICE:
            self.add_error("applications_open_at", "Vérifiez l’année : cette date précède la semaine de plus d’un an.")
        if week and data.get("year") and data["year"] != week.year:
            self.add_error("year", f"La semaine commence en {week.year}.")
        return data

    def _propose_window(self, data: dict[str, Any]) -> None:
        """Empty window dates follow the week, when it is one."""
        for name, (week_name, tolerance) in _WINDOW.items():
            week: date | None = data.get(week_name)
            if data.get(name) is None and name not in self.errors:
                try:
                    data[name] = week and week + tolerance
                except OverflowError:
                    self.add_error(week_name, "Cette date est hors du calendrier.")
                if week is None and week_name not in self.errors:
                    self.add_error(name, "Indiquez cette date, ou celle de la semaine.")
