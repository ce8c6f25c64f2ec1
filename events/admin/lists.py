"""The lists of the form: an entry is renamed, moved or retired at will, and deleted only while nothing holds it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.fields import TextField
from events.admin.kept import KeptAdmin
from events.models import Edition, ListItem

_KEPT = ("slug", "label", "position", "is_active")


class Held(Exception):
    """Somebody took the entry while it was being deleted."""


class ListItemForm(forms.ModelForm[Any]):
    label = TextField(label="Libellé", max_length=80)


class ListItemAdmin(KeptAdmin):
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
        return obj is not None and super().has_delete_permission(request, obj) and not self.is_held(obj)

    def is_held(self, item: ListItem) -> bool:
        """By an event, or among the audiences that an edition targets."""
        holders = [relation.get_accessor_name() for relation in item._meta.related_objects]
        return any(getattr(item, name).exists() for name in holders if name)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        before = model_to_dict(type(obj).objects.get(pk=obj.pk), _KEPT) if change else {}
        super().save_model(request, obj, form, change)
        details = {"before": before, "after": model_to_dict(obj, _KEPT)}
        self.record(request, "change" if change else "add", obj, details)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Held:
            text = "Cette entrée vient d’être choisie pour un événement : elle n’est pas supprimée."
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:events_{self.opts.model_name}_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Looked at again once the row is held: Django would take it off the events that chose it in between.

        Who chooses it from here on waits until it is gone, and their save is refused by the database.
        """
        type(obj).objects.select_for_update().filter(pk=obj.pk).first()
        if self.is_held(obj):
            raise Held
        self.record(request, "delete", obj, {"before": model_to_dict(obj, _KEPT)})
        super().delete_model(request, obj)
        for edition in Edition.objects.all():
            edition.touch()
