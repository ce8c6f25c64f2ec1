"""Decisions on many applications: what will be done is listed first, then each is decided in its own transaction."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.models import User
from labels import workflow
from labels.admin.assignment import AssignmentAdmin
from labels.admin.decisions import ReasonForm
from labels.admin.desk import first_fault
from labels.admin.selection import NOT_VISIBLE, VersionsField, queue_address, report, selected, since, versions_of
from labels.assignment import is_free
from labels.models import Action, Application

BULK = (Action.APPROVE, Action.RETURN, Action.REFUSE)
VERBS = {Action.APPROVE: "labelliser", Action.RETURN: "renvoyer pour correction", Action.REFUSE: "refuser"}
DONE = {
    Action.APPROVE: ("labellisée", "labellisées"),
    Action.RETURN: ("renvoyée pour correction", "renvoyées pour correction"),
    Action.REFUSE: ("refusée", "refusées"),
}
NOT_WAITING = "pas à instruire"
OWN = "de vous ou de votre organisation"
CHANGE_WAITS = "une modification s’examine sur la page de la demande"
TO_EXAMINE = "la machine a un doute, et vous n’avez pas confirmé l’avoir examiné"


class BulkForm(ReasonForm):
    """``is_examined`` takes along those that the machine doubts: without it they are left aside."""

    is_examined = forms.BooleanField(required=False)
    action = forms.ChoiceField(choices=[(action, action.label) for action in BULK], widget=forms.HiddenInput)
    versions = VersionsField()

    @property
    def is_readable(self) -> bool:
        return not {"action", "versions"} & self.errors.keys()

    @property
    def decision(self) -> Action:
        return Action(self.cleaned_data["action"])

    def clean(self) -> None:
        if self.is_readable:
            self.require_reason(self.decision)


@dataclass(frozen=True)
class Skipped:
    application: Application
    reason: str


@dataclass(frozen=True)
class Sorted:
    """What ``user`` may decide now, those of it that the machine doubts apart, and the others."""

    clear: list[Application]
    doubtful: list[Application]
    skipped: list[Skipped]

    @property
    def taken(self) -> list[Application]:
        return [*self.clear, *self.doubtful]


def sort_out(applications: Iterable[Application], action: Action, user: User) -> Sorted:
    found = Sorted([], [], [])
    theirs = set(user.memberships.values_list("organisation", flat=True))
    for application in applications:
        if reason := _why_not(application, action, user, theirs):
            found.skipped.append(Skipped(application, reason))
        else:
            (found.doubtful if _is_doubtful(application, action) else found.clear).append(application)
    return found


def _why_not(application: Application, action: Action, user: User, theirs: set[int]) -> str:
    """Why ``user``, who belongs to the organisations ``theirs``, cannot decide so now; empty when they may."""
    if application.state not in workflow.MOVES[action].sources:
        return CHANGE_WAITS if application.due_on else f"{NOT_WAITING} ({application.get_state_display()})"
    if application.created_by_id == user.pk or application.event.organisation_id in theirs:
        return OWN
    if application.assigned_to_id != user.pk and not is_free(application):
        return f"prise en charge par {application.assigned_to}"
    return ""


def _is_doubtful(application: Application, action: Action) -> bool:
    """Whether it would show to the public what the machine has doubts about."""
    return action == Action.APPROVE and bool(application.doubts)


def decide_each(versions: dict[int, int], user: User, form: BulkForm) -> tuple[int, Counter[str]]:
    """The number decided, and of the others how many for which reason; each in its own transaction."""
    visible = Application.objects.visible_to(user).select_related("event", "assigned_to").in_bulk(list(versions))
    outcomes = Counter({NOT_VISIBLE: len(versions) - len(visible)})
    theirs = set(user.memberships.values_list("organisation", flat=True))
    for pk, application in visible.items():
        is_stale = application.version != versions[pk]
        reason = _since(application) if is_stale else _why_not(application, form.decision, user, theirs)
        if not reason and _is_doubtful(application, form.decision) and not form.cleaned_data["is_examined"]:
            reason = TO_EXAMINE
        outcomes[reason or _decide(application, user, form)] += 1
    done = outcomes.pop("", 0)
    return done, +outcomes


def _decide(application: Application, user: User, form: BulkForm) -> str:
    """Why nothing was done of it; empty once decided."""
    note, conditions = form.cleaned_data["note"], form.cleaned_data["conditions"]
    try:
        workflow.perform(application, form.decision, by=user, note=note, conditions=conditions)
    except PermissionDenied:
        return OWN
    except workflow.StaleError:
        return _since(application)
    except workflow.MoveRefused as refusal:
        return str(refusal)
    return ""


def _since(application: Application) -> str:
    return f"{since(application)}, sans second courriel"


class BulkAdmin(AssignmentAdmin):
    """The list's actions."""

    actions = ("approve_selected", "return_selected", "refuse_selected", "take_selected", "release_selected")

    @admin.action(description="Labelliser la sélection", permissions=["examine"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return self._ask(request, queryset, Action.APPROVE)

    @admin.action(description="Renvoyer la sélection pour correction", permissions=["examine"])
    def return_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return self._ask(request, queryset, Action.RETURN)

    @admin.action(description="Refuser la sélection", permissions=["examine"])
    def refuse_selected(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return self._ask(request, queryset, Action.REFUSE)

    def _ask(self, request: HttpRequest, queryset: QuerySet[Application], action: Action) -> HttpResponse | None:
        applications = selected(request, _read(queryset))
        if applications is None:
            return None
        is_whole = request.POST.get("select_across") == "1"
        missing = 0 if is_whole else len(set(request.POST.getlist(ACTION_CHECKBOX_NAME))) - len(applications)
        return self._confirm(request, applications, action, request.GET.urlencode(), missing=missing)

    def _confirm(
        self,
        request: HttpRequest,
        applications: Iterable[Application],
        action: Action,
        filters: str,
        *,
        form: BulkForm | None = None,
        missing: int = 0,
    ) -> HttpResponse:
        found = sort_out(applications, action, cast(User, request.user))
        return self.render(
            request,
            "bulk",
            title=f"{action.label} : {len(found.taken)} demande{'s' if len(found.taken) > 1 else ''}",
            action=action,
            verb=VERBS[action],
            needs_reason=workflow.MOVES[action].needs_note,
            count=len(found.taken),
            clear=[(application, "") for application in found.clear],
            doubtful=[(application, self.advice(application)) for application in found.doubtful],
            skipped=found.skipped,
            missing=missing,
            fault=first_fault(form),
            form=form or BulkForm(initial={"action": action, "versions": versions_of(found.taken)}),
            filters=filters,
            queue_url=queue_address(filters),
        )

    @method_decorator(require_POST)
    def decide_in_bulk(self, request: HttpRequest) -> HttpResponse:
        if not self.has_examine_permission(request):
            raise PermissionDenied
        form = BulkForm(request.POST)
        is_complete = form.is_valid()
        if not form.is_readable:
            raise BadRequest("Cette sélection n’est pas lisible.")
        filters = request.GET.get("_changelist_filters", "")
        versions: dict[int, int] = form.cleaned_data["versions"]
        user = cast(User, request.user)
        if not is_complete:
            listed = _read(Application.objects.visible_to(user).filter(pk__in=versions))
            return self._confirm(request, listed, form.decision, filters, form=form)
        done, skipped = decide_each(versions, user, form)
        report(request, done, DONE[form.decision], skipped)
        return HttpResponseRedirect(queue_address(filters))


def _read(queryset: QuerySet[Application]) -> QuerySet[Application]:
    return queryset.select_related("event__organisation", "assigned_to")
