"""The erasure of an application with its event: a superuser’s alone, with a reason, once told what goes."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.outbox import Mail
from labels import removal
from labels.admin.desk import DeskAdmin
from labels.forms import ErasureForm
from labels.models import Application
from labels.moves import StaleError


class ErasureAdmin(DeskAdmin):
    """The half of the application's admin that erases, at the address of Django's own deletion."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = cast(User, request.user)
        return user.is_active and user.is_superuser

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One at a time: Django's own deletion in bulk asks for no reason and logs none."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: object = None) -> HttpResponse:
        application = self.get_object(request, object_id)
        if not self.has_delete_permission(request):
            raise PermissionDenied("Seul l’administrateur du portail efface une demande.")
        if request.method != "POST":
            return self._ask_to_erase(request, application)
        form = ErasureForm(application.reference, request.POST)
        is_complete = form.is_valid()
        if "version" in form.errors:
            raise BadRequest("Ce formulaire n’est pas lisible.")
        if form.cleaned_data["version"] != application.version:
            return self._conflict(request, application, note=form.cleaned_data.get("reason", ""))
        if not is_complete:
            return self._ask_to_erase(request, application, form)
        try:
            removal.erase(application, by=cast(User, request.user), reason=form.cleaned_data["reason"])
        except StaleError:
            return self._conflict(request, application, note=form.cleaned_data.get("reason", ""))
        messages.success(request, f"La demande {form.expected} et son événement sont effacés.")
        return HttpResponseRedirect(self._address(request, None))

    def _ask_to_erase(
        self, request: HttpRequest, application: Application, form: ErasureForm | None = None
    ) -> HttpResponse:
        event = application.event
        context: dict[str, Any] = {
            "title": "Effacer définitivement",
            "subtitle": application.reference,
            "application": application,
            "event": event,
            "counts": {
                "pictures": event.pictures.count(),
                "transitions": application.transitions.count(),
                "notes": application.notes.count(),
                "mails": Mail.objects.filter(about=application.reference).count(),
            },
            "form": form or ErasureForm(application.reference, initial={"version": application.version}),
            "page_url": self._address(request, application.pk),
            "queue_url": self._address(request, None),
        }
        return self.render(request, "erasure", **context)
