"""Rows of the admin that are deleted one by one, and only while nothing holds them."""

from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.admin.lists import ListAdmin

M = TypeVar("M", bound=Model)


class Held(Exception):
    """Somebody took the row while it was being deleted."""


class UnheldAdmin(ListAdmin[M]):
    """What is in use is retired instead; a subclass knows what holds a row, and says it in a sentence."""

    held = ""

    def is_held(self, obj: M) -> bool:
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj) and not self.is_held(obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Held:
            self.message_user(request, self.held, messages.ERROR)
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        """Looked at again once the row is ours: who chooses it from here on waits, and finds it gone."""
        self.hold(obj)
        if self.is_held(obj):
            raise Held
        super().delete_model(request, obj)

    def hold(self, obj: M) -> M:
        """The row as it is stored, nobody else's until the transaction ends; 404 where it is gone."""
        return get_object_or_404(type(obj)._default_manager.select_for_update(), pk=obj.pk)
