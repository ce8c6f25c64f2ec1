"""Taking an application in hand and leaving it to others: from its page, or for a selection of the queue."""

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.models import User
from labels import assignment
from labels.admin.queue import QueueAdmin
from labels.admin.selection import report, selected
from labels.models import Application
from labels.moves import MoveRefused

Deed = Callable[[Application, User], bool]


class AssignmentAdmin(QueueAdmin):
    """Prendre en charge, rendre."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/prendre/", view(self.take), name="labels_application_take"),
            path("<path:object_id>/rendre/", view(self.release), name="labels_application_release"),
            *super().get_urls(),
        ]

    def assignment_of(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        """What the page of an application tells and offers of it."""
        user = cast(User, request.user)
        return {
            "holder": application.assigned_to,
            "is_mine": application.assigned_to_id == user.pk,
            "is_closed": application.assigned_to is not None and assignment.is_free(application),
            "may_take": application.assigned_to_id != user.pk and assignment.may_take(application, user),
            "may_release": assignment.may_release(application, user),
            "take_url": reverse("admin:labels_application_take", args=[application.pk]),
            "release_url": reverse("admin:labels_application_release", args=[application.pk]),
        }

    @method_decorator(require_POST)
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._assign(request, object_id, assignment.take, "Vous avez pris cette demande en charge.")

    @method_decorator(require_POST)
    def release(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._assign(request, object_id, assignment.release, "Cette demande n’est plus prise en charge.")

    def _assign(self, request: HttpRequest, object_id: str, deed: Deed, done: str) -> HttpResponse:
        application = self.get_object(request, object_id)
        try:
            deed(application, cast(User, request.user))
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        carried = self.get_preserved_filters(request)
        address = reverse("admin:labels_application_change", args=[application.pk])
        return HttpResponseRedirect(f"{address}?{carried}" if carried else address)

    @admin.action(description="Prendre en charge la sélection", permissions=["examine"])
    def take_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        self._assign_each(request, queryset, assignment.take, ("prise en charge", "prises en charge"))

    @admin.action(description="Rendre la sélection", permissions=["examine"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        self._assign_each(request, queryset, assignment.release, ("rendue", "rendues"))

    def _assign_each(
        self, request: HttpRequest, queryset: QuerySet[Application], deed: Deed, done: tuple[str, str]
    ) -> None:
        applications = selected(request, queryset)
        if applications is None:
            return
        outcomes = Counter(_outcome(application, cast(User, request.user), deed) for application in applications)
        report(request, outcomes.pop("", 0), done, outcomes)


def _outcome(application: Application, user: User, deed: Deed) -> str:
    """Why nothing was done of it; empty once done."""
    try:
        return "" if deed(application, user) else "rien à changer."
    except PermissionDenied:
        return "de vous ou de votre organisation."
    except MoveRefused as refusal:
        return str(refusal)
