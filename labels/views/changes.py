"""How an organiser changes a labelled event: on the pages of the form, then shown what is at once and what is examined.

The event is never half changed: a page is stored on top of what already waits, read, and undone; what differs from the
public version is then asked of the workflow in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from events.changes import difference, examined, snapshot, tried
from events.diffs import rows
from labels.deadlines import promised_on
from labels.forms import EventForm, FullForm, PlaceForm, PublicsForm, StepForm, VersionForm, moves_rows
from labels.models import Action, Application, Condition
from labels.moves import as_one
from labels.rules import Outcome, Verdict
from labels.views.access import (
    OrganiserRequest,
    applications_of,
    back_to_desk,
    for_organisers,
    no_longer_changeable,
    not_too_often,
    see_other,
)
from labels.workflow import MoveRefused, StaleError, available, perform

CHANGEABLE: tuple[type[StepForm], ...] = (EventForm, PlaceForm, PublicsForm)


@dataclass(frozen=True)
class Proposal:
    """A page as it was sent: what it would change of the public event, and what is read of the event so changed."""

    form: StepForm
    verdict: Verdict
    at_once: dict[str, Any] = field(default_factory=dict)
    waits: dict[str, Any] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@for_organisers
@require_safe
def changes(request: OrganiserRequest, reference: str) -> HttpResponse:
    """What may change, and how."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    if not _may_change(found, request.user):
        return no_longer_changeable(request, found)
    return render(request, "labels/changes.html", _frame(found) | {"diff": _waiting(found)})


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_often
def change(request: OrganiserRequest, reference: str, step: str) -> HttpResponse:
    """One page of the form, over the event as it was last asked for."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form_class = next((item for item in CHANGEABLE if item.slug == step), None)
    if form_class is None:
        raise Http404
    if not _may_change(found, request.user):
        return no_longer_changeable(request, found)
    if request.method != "POST":
        return _page(request, found, _read(found, request.user, form_class))
    data = request.POST
    proposal = _read(found, request.user, form_class, data)
    if moves_rows(data) or data.get("action") == "back":
        return _page(request, found, proposal, shows_errors=False)
    seen = VersionForm(data)
    if not seen.is_valid() or seen.cleaned_data["version"] != found.version:
        return _overtaken(request, found, proposal)
    if not proposal.form.is_valid() or proposal.refusals:
        return _page(request, found, proposal)
    return _answer(request, found, proposal, data)


def _read(
    found: Application, user: User, form_class: type[StepForm], data: Mapping[str, Any] | None = None
) -> Proposal:
    """The page over the event as it was last asked for; where it is sent and valid, what it would change."""
    revision, again = found.pending_revision, Application.objects.for_desk()
    wanted_so_far = revision.changes if revision else {}
    with tried(again.get(pk=found.pk).event, wanted_so_far):
        form = form_class(again.get(pk=found.pk), user, data)
        verdict = Application.objects.for_verdict().get(pk=found.pk).verdict
    # Apart from any transaction: an address may be asked of an outside service.
    if not form.is_bound or not form.is_valid():
        return Proposal(form, verdict)
    form.look_up()
    with tried(again.get(pk=found.pk).event, wanted_so_far):
        form.store()
        wanted = Application.objects.for_verdict().get(pk=found.pk)
        proposed, verdict = snapshot(wanted.event), wanted.verdict
    form.judge(verdict)
    differing = difference(found.event, proposed)
    waits = examined(found.event, differing)
    at_once = {name: value for name, value in differing.items() if name not in waits}
    return Proposal(form, verdict, at_once, waits, tuple(_refusals(found, verdict)), tuple(form.warnings()))


def _refusals(found: Application, verdict: Verdict) -> list[str]:
    """The reasons of the conditions that the change would miss, and that the event meets."""
    before = found.verdict
    return [
        finding.reason
        for finding in verdict.findings
        if finding.outcome is Outcome.NOT_MET and before.of(finding.condition).outcome is not Outcome.NOT_MET
    ]


def _answer(request: OrganiserRequest, found: Application, proposal: Proposal, data: QueryDict) -> HttpResponse:
    """Asks to confirm, does what was confirmed, or says that nothing differs."""
    revision = found.pending_revision
    if not proposal.at_once and proposal.waits == (revision.changes if revision else {}):
        messages.info(request, "Rien n’a changé sur cette page.")
        return see_other("labels:changes", found.reference)
    if data.get("action") != "confirm":
        return _confirmation(request, found, proposal, data)
    try:
        done = _send(found, request.user, proposal)
    except StaleError:
        return _overtaken(request, get_object_or_404(applications_of(request).for_desk(), pk=found.pk), proposal)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return see_other("labels:application", found.reference)


@as_one()
def _send(found: Application, user: User, proposal: Proposal) -> str:
    """Both moves or none, on the application as it was read; what was done, for the organiser."""
    done = []
    revision = found.pending_revision
    if proposal.at_once:
        perform(found, Action.EDIT, by=user, changes=proposal.at_once)
        done.append("Vos changements sont publiés.")
    if revision and not proposal.waits:
        perform(found, Action.DROP, by=user)
        done.append("La modification qui attendait est retirée.")
    elif proposal.waits and (revision is None or revision.changes != proposal.waits):
        perform(found, Action.REVISE, by=user, changes=proposal.waits)
        done.append("Votre modification est transmise\u00a0: la version labellisée reste en ligne d’ici la réponse.")
    return " ".join(done)


def _overtaken(request: OrganiserRequest, found: Application, proposal: Proposal) -> HttpResponse:
    """Somebody was faster: what was typed is shown again over the application as it is now."""
    if not _may_change(found, request.user):
        return no_longer_changeable(request, found)
    return _page(request, found, proposal, is_overtaken=True)


def _may_change(found: Application, user: User) -> bool:
    return Action.EDIT in available(found, user)


def _page(
    request: OrganiserRequest,
    found: Application,
    proposal: Proposal,
    *,
    shows_errors: bool = True,
    is_overtaken: bool = False,
) -> HttpResponse:
    form = proposal.form
    helper = form.helper
    helper.form_show_errors = shows_errors
    context = {
        "form": form,
        "helper": helper,
        "flaws": form.flaws() if form.is_bound and shows_errors else [],
        "refusals": proposal.refusals if shows_errors and form.is_valid() else [],
        "shows_errors": shows_errors,
        "is_overtaken": is_overtaken,
        "latest": found.transitions.last() if is_overtaken else None,
        "heading": form.heading,
        "slug": form.slug,
    }
    # A page that was never sent for good keeps the version it was opened on; one that was overtaken has now been told.
    context["version"] = found.version if is_overtaken or not form.is_bound else form.data.get("version", "")
    status = 409 if is_overtaken else 200
    return render(request, "labels/change.html", context | _frame(found, proposal.verdict), status=status)


def _confirmation(request: OrganiserRequest, found: Application, proposal: Proposal, data: QueryDict) -> HttpResponse:
    public = snapshot(found.event)
    context = {
        "slug": proposal.form.slug,
        "heading": proposal.form.heading,
        "at_once": rows(public, proposal.at_once),
        "waits": rows(public, proposal.waits),
        "warnings": proposal.warnings,
        "promised_on": promised_on(timezone.localdate()),
        "typed": [
            (name, value)
            for name, values in data.lists()
            if name not in {"csrfmiddlewaretoken", "action", "version"}
            for value in values
        ],
    }
    return render(request, "labels/change_confirmation.html", context | _frame(found, proposal.verdict))


def _frame(found: Application, verdict: Verdict | None = None) -> dict[str, Any]:
    return {
        "application": found,
        "event": found.event,
        "revision": found.pending_revision,
        "pages": [(item.slug, item.heading) for item in CHANGEABLE],
        "findings": [(Condition(item.condition.value).label, item) for item in verdict.findings] if verdict else [],
    }


def _waiting(found: Application) -> list[Any]:
    revision = found.pending_revision
    return rows(snapshot(found.event), revision.changes) if revision else []


@for_organisers
@require_POST
@not_too_often
def full(request: OrganiserRequest, reference: str) -> HttpResponse:
    """Mark the event « Complet », or take the mark back; twice is once."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form = FullForm(request.POST)
    if not _may_change(found, request.user):
        return no_longer_changeable(request, found)
    if form.is_valid() and form.is_full != found.event.is_full:
        try:
            perform(found, Action.EDIT, by=request.user, changes={"is_full": form.is_full})
        except MoveRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            said = "est marqué « Complet »" if form.is_full else "n’est plus marqué « Complet »"
            messages.success(request, f"L’événement «\u00a0{found.event}\u00a0» {said}.")
    return back_to_desk(request) if "desk" in request.POST else see_other("labels:application", reference)


@for_organisers
@require_POST
@not_too_often
def drop(request: OrganiserRequest, reference: str) -> HttpResponse:
    """Take back the change that waits, as it was read."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form = VersionForm(request.POST)
    if form.is_valid():
        found.version = form.cleaned_data["version"]
        try:
            perform(found, Action.DROP, by=request.user)
        except MoveRefused as refusal:
            messages.warning(request, f"{refusal} Voici où elle en est.")
        else:
            messages.success(request, "Votre modification est retirée\u00a0: rien ne change sur la page publique.")
    return see_other("labels:application", reference)
