"""The organiser's desk: their applications, where each stands, and what they may do with it."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from events.models import Edition, Event
from labels.forms import STEPS, CancellationForm, WithdrawalForm
from labels.models import Action, Application, State, Transition
from labels.views.access import OrganiserRequest, applications_of, for_organisers, see_other
from labels.workflow import MoveRefused, StaleError, available, perform

# What waits for the organiser comes first.
GROUPS = (
    (State.RETURNED, "À corriger"),
    (State.DRAFT, "Brouillons"),
    (State.SUBMITTED, "En cours d’instruction"),
    (State.APPROVED, "Événements labellisés"),
    (State.CANCELLED, "Événements annulés"),
    (State.REFUSED, "Demandes refusées"),
    (State.REVOKED, "Labels retirés"),
    (State.WITHDRAWN, "Demandes retirées"),
)


@dataclass(frozen=True)
class Step:
    """One line of an application's history, as its organiser may read it: no member of staff is named."""

    transition: Transition
    label: str
    by: str


@for_organisers
@require_safe
def desk(request: OrganiserRequest) -> HttpResponse:
    applications = list(applications_of(request).for_desk())
    groups = [(label, [item for item in applications if item.state == state]) for state, label in GROUPS]
    return render(
        request,
        "labels/desk.html",
        {
            "groups": [(label, items) for label, items in groups if items],
            "first_step": STEPS[0].slug,
        },
    )


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrganiserRequest) -> HttpResponse:
    """GET explains; POST begins a draft for the edition that takes applications."""
    edition = Edition.objects.taking_applications()
    if request.method == "POST" and edition:
        application = _begin(edition, request.user)
        return see_other("labels:step", application.reference, STEPS[0].slug)
    context = {"edition": edition}
    if edition is None:
        context["next_edition"] = Edition.objects.opening_later().first()
    return render(request, "labels/new.html", context)


@transaction.atomic
def _begin(edition: Edition, user: User) -> Application:
    """A draft, for the user's organisation where they have but one."""
    organisations = list(user.organisations.all()[:2])
    event = Event.objects.create(edition=edition, organisation=organisations[0] if len(organisations) == 1 else None)
    return Application.objects.create(reference=edition.next_reference(), event=event, created_by=user)


@for_organisers
@require_safe
def application(request: OrganiserRequest, reference: str) -> HttpResponse:
    found = get_object_or_404(applications_of(request).for_verdict(), reference=reference)
    transitions = found.transitions.select_related("by")
    return render(
        request,
        "labels/application.html",
        {
            "application": found,
            "event": found.event,
            "history": [_told(transition, request.user) for transition in transitions],
            "decision": found.last_decision if found.state in {State.RETURNED, State.REFUSED, State.REVOKED} else None,
            "actions": {action.value for action in available(found, request.user)},
            "first_step": STEPS[0].slug,
            "is_late": found.state == State.DRAFT and not found.event.edition.is_open(timezone.now()),
        },
    )


def _told(transition: Transition, user: User) -> Step:
    if transition.by == user:
        by = "par vous"
    elif transition.by and transition.by.is_staff:
        by = "par les services de l’État"
    else:
        by = "par votre organisme"
    return Step(transition, transition.done, by)


@for_organisers
@require_POST
def withdraw(request: OrganiserRequest, reference: str) -> HttpResponse:
    """A first POST asks to confirm, a second one withdraws."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form = WithdrawalForm(request.POST if "version" in request.POST else None, initial={"version": found.version})
    if form.is_valid():
        return _take(request, found, Action.WITHDRAW, form, done=f"La demande {reference} est retirée.")
    return render(request, "labels/withdraw.html", {"application": found, "event": found.event, "form": form})


@for_organisers
@require_POST
def cancel(request: OrganiserRequest, reference: str) -> HttpResponse:
    """A first POST asks for the public message, a second one cancels the event."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form = CancellationForm(request.POST if "version" in request.POST else None, initial={"version": found.version})
    if form.is_valid():
        message = form.cleaned_data["message"]
        return _take(request, found, Action.CANCEL, form, note=message, done="L’événement est annulé ; sa page le dit.")
    return render(request, "labels/cancel.html", {"application": found, "event": found.event, "form": form})


def _take(
    request: OrganiserRequest, found: Application, action: Action, form: WithdrawalForm, *, note: str = "", done: str
) -> HttpResponse:
    """Take ``action`` on the application as its organiser last saw it."""
    found.version = form.cleaned_data["version"]
    try:
        perform(found, action, by=request.user, note=note)
    except StaleError as refusal:
        messages.warning(request, f"{refusal} Voici où elle en est.")
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return see_other("labels:application", found.reference)
