"""Rows that public pages read: each change moves the editions' versions and is logged, in its own transaction."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest

from accounts.audit import record
from core.admin.lists import ListAdmin
from events.models import Edition


class KeptAdmin(ListAdmin[Any]):
    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Only the form's own columns: an edition's counters may have moved since the form was opened."""
        columns = {field.name for field in obj._meta.concrete_fields if not field.primary_key}
        obj.save(update_fields=[name for name in form.fields if name in columns] if change else None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for edition in Edition.objects.all():
            edition.touch()

    def record(self, request: HttpRequest, deed: str, obj: Model, details: Mapping[str, Any]) -> None:
        """Log a deed of « add », « change », « delete » on one of these rows."""
        done = {"add": "Ajout", "change": "Modification", "delete": "Suppression"}[deed]
        name = str(self.opts.verbose_name)
        record(request.user, f"{self.opts.model_name}.{deed}", f"{done} : {name}", about=str(obj), details=details)
