"""Who may be at the examiner's desk, what they find there, and the frame of its pages."""

from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from core.admin.lists import ListAdmin
from labels.board import EVERY_STATE
from labels.models import Application, ApplicationQuerySet, State, Transition, TransitionQuerySet

# The queue's filter by state, and its value where none is chosen.
STATE = "etat"
WAITING = "a-decider"
# Where something has no due date, the latest comes first.
_LATEST_FIRST = {EVERY_STATE, *State.values} - {State.SUBMITTED.value}
BY_DUE_DATE = ("due_on", "pk")
LATEST_FIRST = ("-pk",)


class DeskAdmin(ListAdmin[Application]):
    """Applications are read here and decided through ``workflow.perform``: nothing of one is edited."""

    ordering = BY_DUE_DATE

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_examine_permission(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm("labels.examine_application")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits, by its due date; among others, which have none, the latest."""
        return LATEST_FIRST if request.GET.get(STATE) in _LATEST_FIRST else BY_DUE_DATE

    def get_queryset(self, request: HttpRequest) -> ApplicationQuerySet:
        return Application.objects.visible_to(request.user).order_by(*self.get_ordering(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Application:
        """The application, or 404 for whoever may not see it: what is not theirs is not known to exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("Cette demande n’existe pas.")
        return found

    def _address(self, request: HttpRequest, pk: int | None, name: str = "change") -> str:
        """A page of an application, or the queue without one; the filters come along."""
        if pk:
            carried = self.get_preserved_filters(request)
            address = reverse(f"admin:labels_application_{name}", args=[pk])
        else:
            carried = request.GET.get("_changelist_filters", "")
            address = reverse("admin:labels_application_changelist")
        return f"{address}?{carried}" if carried else address

    def _page(self, request: HttpRequest, application: Application, **shown: Any) -> HttpResponse:
        """The page of an application with ``shown`` in it, such as a form that was just refused."""
        raise NotImplementedError

    def _conflict(self, request: HttpRequest, application: Application, **typed: Any) -> HttpResponse:
        """Nothing was changed: who was faster, and what the user had ``typed``, to take up again."""
        user = cast(User, request.user)
        current = self.get_object(request, str(application.pk))
        return self.render(
            request,
            "conflict",
            status=409,
            title="Cette demande vient d’être traitée",
            application=current,
            last=history_of(current, user).last(),
            typed=typed,
            page_url=self._address(request, current.pk),
            queue_url=self._address(request, None),
        )

    def render(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(
            request, f"admin/labels/application/{template}.html", {**frame, **context}, status=status
        )


def first_fault(form: forms.Form | None) -> str:
    """The field at fault to which a page shown again leads: on a telephone it is far below what is first seen."""
    return next((name for name in form.fields if name in form.errors), "") if form else ""


def history_of(application: Application, user: User) -> TransitionQuerySet:
    """What was done to it, the first first, as ``user`` may read it."""
    return Transition.objects.visible_to(user).filter(application=application).select_related("by", "preset")
