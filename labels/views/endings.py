"""How an organiser ends what they asked for: an application withdrawn, a labelled event cancelled."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from labels.forms import CancellationForm, VersionForm
from labels.models import Action, Application
from labels.views.access import OrganiserRequest, applications_of, for_organisers, see_other
from labels.workflow import MoveRefused, StaleError, available, perform


@for_organisers
@require_POST
def withdraw(request: OrganiserRequest, reference: str) -> HttpResponse:
    """A first POST asks to confirm, a second one withdraws."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form = VersionForm(request.POST if "version" in request.POST else None, initial={"version": found.version})
    if form.is_valid():
        return _take(request, found, Action.WITHDRAW, form, done=f"La demande {reference} est retirée.")
    return render(request, "labels/withdraw.html", {"application": found, "event": found.event, "form": form})


@for_organisers
@require_POST
def cancel(request: OrganiserRequest, reference: str) -> HttpResponse:
    """A first POST asks for the public message, a second one cancels the event, even one that is past.

    An event that did not take place must not count as held, whenever its organiser comes to say so.
    """
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form = CancellationForm(request.POST if "version" in request.POST else None, initial={"version": found.version})
    if not form.is_valid():
        return _cancellation(request, found, form)
    if form.cleaned_data["version"] != found.version and Action.CANCEL in available(found, request.user):
        kept = CancellationForm(initial={"version": found.version, "message": form.cleaned_data["message"]})
        return _cancellation(request, found, kept, is_overtaken=True)
    message = form.cleaned_data["message"]
    return _take(
        request, found, Action.CANCEL, form, note=message, done="L’événement est annulé\u00a0; sa page le dit."
    )


def _cancellation(
    request: OrganiserRequest, found: Application, form: CancellationForm, *, is_overtaken: bool = False
) -> HttpResponse:
    context = {"application": found, "event": found.event, "form": form, "is_overtaken": is_overtaken}
    return render(request, "labels/cancel.html", context, status=409 if is_overtaken else 200)


def _take(
    request: OrganiserRequest, found: Application, action: Action, form: VersionForm, *, note: str = "", done: str
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
