"""Lists whose every change is logged, in its own transaction."""

from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest

from accounts.audit import record
from core.admin.lists import ListAdmin

M = TypeVar("M", bound=Model)


class LoggedAdmin(ListAdmin[M]):
    # One by one: a list ticked by mistake would empty a page.
    actions = None

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:
        self._record(request, "add", "Ajout", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:
        changed = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        self._record(request, "change", "Modification", obj, {"fields": changed})
        return super().log_change(request, obj, message)

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        self._record(request, "delete", "Suppression", obj)
        super().delete_model(request, obj)

    def _record(
        self, request: HttpRequest, deed: str, done: str, obj: M, details: dict[str, Any] | None = None
    ) -> None:
        summary = f"{done} : {self.opts.verbose_name}"
        record(request.user, f"{self.opts.model_name}.{deed}", summary, about=str(obj), details=details)
