"""The lists of the form: an entry is renamed, moved or retired at will, and deleted only while nothing holds it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.models import model_to_dict
from django.http import HttpRequest

from core.admin.deletion import UnheldAdmin
from core.fields import TextField
from events.admin.kept import KeptAdmin
from events.models import Edition, ListItem

_KEPT = ("slug", "label", "position", "is_active")


class ListItemForm(forms.ModelForm[Any]):
    label = TextField(label="Libellé", max_length=80)


class ListItemAdmin(UnheldAdmin[Any], KeptAdmin):
    held = "Cette entrée vient d’être choisie pour un événement\u00a0: elle n’est pas supprimée."
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

    def is_held(self, item: ListItem) -> bool:
        """By an event, or among the audiences that an edition targets."""
        holders = [relation.get_accessor_name() for relation in item._meta.related_objects]
        return any(getattr(item, name).exists() for name in holders if name)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        before = model_to_dict(self.hold(obj), _KEPT) if change else {}
        super().save_model(request, obj, form, change)
        details = {"before": before, "after": model_to_dict(obj, _KEPT)}
        self.record(request, "change" if change else "add", obj, details)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """The editions first, as whoever chooses an entry for what is public holds them in that order."""
        for edition in Edition.objects.order_by("pk"):
            edition.touch()
        before = model_to_dict(obj, _KEPT)
        super().delete_model(request, obj)
        self.record(request, "delete", obj, {"before": before})
