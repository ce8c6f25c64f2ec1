"""Editions and the lists of the form, as the national team keeps them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.forms.widgets import Script
from django.http import HttpRequest

from core.admin.lists import ListAdmin
from core.fields import TextField
from events.models import TOLERANCE, Audience, Edition, Format, Level, ListItem, Sector

Item = TypeVar("Item", bound=ListItem)

# Opened earlier, an edition is a slip of the finger; in year 1, an instant that PostgreSQL does not give back.
LONGEST_NOTICE = timedelta(days=366)
_WINDOW = {"window_starts_on": ("week_starts_on", -TOLERANCE), "window_ends_on": ("week_ends_on", TOLERANCE)}
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


class KeptAdmin(ListAdmin[Any]):
    """What the public sees of these rows changes with them: each edition's version moves in the same transaction."""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Only the form's own columns: an edition's counters may have moved since the form was opened."""
        columns = {field.name for field in obj._meta.concrete_fields if not field.primary_key}
        obj.save(update_fields=[name for name in form.fields if name in columns] if change else None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for edition in self.editions_changed(form.instance):
            edition.touch()

    def editions_changed(self, obj: Model) -> "models.QuerySet[Edition]":
        return Edition.objects.all()


@admin.register(Edition)
class EditionAdmin(KeptAdmin):
    form = EditionForm
    list_display = (
        "year",
        "number",
        "theme",
        "week_starts_on",
        "week_ends_on",
        "window_starts_on",
        "window_ends_on",
        "applications_close_at",
        "is_published",
    )
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField}}
    fieldsets = (
        (None, {"fields": ("year", "number", "theme", "is_published")}),
        ("Semaine et fenêtre", {"fields": EditionForm.Meta.fields[3:7]}),
        ("Demandes de label", {"fields": ("applications_open_at", "applications_close_at", "audiences")}),
        ("Bilan", {"fields": ("participants",)}),
    )

    class Media:
        js = (Script("js/admin-edition.js", type="module"),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """References and label numbers are counted by edition, and stay consumed."""
        return False

    def editions_changed(self, obj: Model) -> "models.QuerySet[Edition]":
        return Edition.objects.filter(pk=obj.pk)


class ListItemForm(forms.ModelForm[Any]):
    label = TextField(label="Libellé", max_length=80)


class ListItemAdmin(KeptAdmin):
    """An entry is renamed, moved or retired at will; it is deleted only while nothing holds it."""

    form = ListItemForm
    list_display = ("label", "slug", "position", "is_active")
    search_fields = ("label", "slug")
    readonly_fields = ("used",)

    @admin.display(description="événements")
    def used(self, item: Any) -> str:
        count = item.events.count() if item.pk else 0
        if not count:
            return "Aucun"
        return f"{count}. Tant qu’elle sert, une entrée ne se supprime pas : retirez-la du formulaire."

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code stands in addresses, exports and rules: once given, it stays."""
        return ("slug", "used") if obj else ("used",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("label",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj) and not _is_in_use(obj)


def _is_in_use(item: ListItem) -> bool:
    """Held by an event, or among the audiences that an edition targets."""
    holders = [relation.get_accessor_name() for relation in item._meta.related_objects]
    return any(getattr(item, name).exists() for name in holders if name)


for model in (Format, Audience, Sector, Level):
    admin.site.register(model, ListItemAdmin)
