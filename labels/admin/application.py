"""The admin of applications: the page of one, and the decision taken on it."""

from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from labels import workflow
from labels.admin import deeds, page
from labels.admin.bulk import BulkAdmin
from labels.admin.corrections import CorrectionAdmin
from labels.admin.decisions import DecisionForm, panels, typed, why_no_decision
from labels.admin.desk import first_fault
from labels.admin.erasure import ErasureAdmin
from labels.admin.export import ExportAdmin
from labels.admin.figures import FiguresAdmin
from labels.admin.journal import JournalAdmin
from labels.admin.notes import NoteForm
from labels.admin.on_behalf import OnBehalfAdmin
from labels.admin.queue import promise_of
from labels.admin.reasons import Choice
from labels.admin.regions import RegionAdmin, offered
from labels.admin.undo import last_undoable
from labels.models import Action, Application, State

DONE = {
    Action.APPROVE: "est labellisée",
    Action.RETURN: "est renvoyée pour correction",
    Action.REFUSE: "est refusée",
    Action.CANCEL: "porte un événement annulé",
    Action.REVOKE: "a perdu son label",
    Action.ACCEPT: "est modifiée comme demandé",
    Action.DECLINE: "reste telle qu’elle a été labellisée",
    Action.UNDO: "est de nouveau à instruire",
    Action.REVERSE: "est de nouveau à instruire",
}


@admin.register(Application)
class ApplicationAdmin(
    ExportAdmin,
    FiguresAdmin,
    BulkAdmin,
    RegionAdmin,
    CorrectionAdmin,
    OnBehalfAdmin,
    ErasureAdmin,
    JournalAdmin,
    page.PageAdmin,
):
    actions = (*BulkAdmin.actions, *RegionAdmin.actions)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("lot/", view(self.decide_in_bulk), name="labels_application_bulk"),
            path("<path:object_id>/decision/", view(self.decide), name="labels_application_decision"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "undo": last_undoable(cast(User, request.user)),
            "preserved_filters": self.get_preserved_filters(request),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._page(request, self.get_object(request, object_id))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page holds the history of decisions; Django's own log holds nothing of applications."""
        return HttpResponseRedirect(self._address(request, self.get_object(request, object_id).pk) + "#historique")

    @method_decorator(require_POST)
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        application = self.get_object(request, object_id)
        form = DecisionForm(application, request.POST)
        is_complete = form.is_valid()
        if not form.is_readable:
            raise BadRequest("Cette décision n’est pas lisible.")
        if not workflow.MOVES[form.decision].who(cast(User, request.user), application):
            raise PermissionDenied("Vous ne pouvez pas prendre cette décision.")
        if form.cleaned_data["version"] != application.version:
            return self._conflict(request, application, **typed(form))
        return self._perform(request, application, form) if is_complete else self._page(request, application, form)

    def _perform(self, request: HttpRequest, application: Application, form: DecisionForm) -> HttpResponse:
        following = self.following(request, application)
        try:
            transition = workflow.perform(
                application,
                form.decision,
                by=cast(User, request.user),
                note=form.cleaned_data["note"],
                conditions=form.cleaned_data["conditions"],
                met=form.met,
                preset=form.cleaned_data["preset"],
            )
        except workflow.StaleError:
            return self._conflict(request, application, **typed(form))
        except workflow.NotePending as error:
            form.add_error("note", str(error))
            return self._page(request, application, form)
        except workflow.MoveRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self._address(request, application.pk))
        messages.success(request, f"La demande {application} {DONE[form.decision]}.")
        is_done = transition.to_state != State.SUBMITTED
        return HttpResponseRedirect(self._address(request, following if is_done else application.pk))

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def _page(
        self,
        request: HttpRequest,
        application: Application,
        form: DecisionForm | None = None,
        *,
        note_form: NoteForm | None = None,
        **shown: Any,
    ) -> HttpResponse:
        application = Application.objects.for_verdict().get(pk=application.pk)
        user = cast(User, request.user)
        decisions = list(panels(application, user, form, Choice(request.GET)))
        undo = last_undoable(user)
        around = self.neighbours(request, application)
        refused = form or note_form or shown.get("region_form")
        return self.render(
            request,
            "change_form",
            **page.describe(application, user, note_form),
            title=application.event,
            subtitle=application.reference,
            fault=first_fault(refused),
            promise=promise_of(application),
            deeds=deeds.offered(application, user),
            panels=decisions,
            why_no_decision="" if decisions else why_no_decision(application, user),
            undo=undo if undo and undo.application != application else None,
            page_path=reverse("admin:labels_application_change", args=[application.pk]),
            carried_filters=request.GET.get("_changelist_filters", ""),
            decision_url=reverse("admin:labels_application_decision", args=[application.pk]),
            assignment=self.assignment_of(request, application),
            previous_url=self._address(request, around.before) if around.before else "",
            next_url=self._address(request, around.after) if around.after else "",
            queue_url=self._address(request, None),
            **{"region_form": offered(application, user), **shown},
        )
