"""The page that explains the label and begins a draft."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core import limits
from events.models import Edition, Event
from labels import copies
from labels.forms import STEPS
from labels.models import Application
from labels.views.access import OrganiserRequest, for_organisers, see_other

_MOST, _SECONDS = 30, 600


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrganiserRequest) -> HttpResponse:
    """GET explains; POST begins a draft for the edition that takes applications."""
    edition = Edition.objects.taking_applications()
    if request.method == "POST" and edition:
        if refusal := too_many(request):
            return refusal
        application = _begin(edition, request.user)
        return see_other("labels:step", application.reference, STEPS[0].slug)
    context: dict[str, Any] = {"edition": edition}
    if edition:
        context |= {"year": edition.year, "to_redo": copies.to_redo(request.user, edition)}
    if edition is None:
        context["next_edition"] = Edition.objects.opening_later().first()
    return render(request, "labels/new.html", context)


def too_many(request: OrganiserRequest) -> HttpResponse | None:
    """Count one more application begun; the page that says to wait, once there were too many."""
    if not limits.is_exceeded(request, "new-application", most=_MOST, seconds=_SECONDS):
        return None
    response = render(request, "labels/too_many.html", {"minutes": _SECONDS // 60}, status=429)
    response["Retry-After"] = str(_SECONDS)
    return response


@transaction.atomic
def _begin(edition: Edition, user: User) -> Application:
    """A draft, for the user's organisation where they have but one; one begun and not yet touched is taken up."""
    User.objects.select_for_update().get(pk=user.pk)  # the second of two clicks waits here, and finds the first's draft
    if untouched := Application.objects.untouched(user).filter(event__edition=edition).first():
        return untouched
    organisations = list(user.organisations.all()[:2])
    event = Event.objects.create(edition=edition, organisation=organisations[0] if len(organisations) == 1 else None)
    return Application.objects.create(reference=edition.next_reference(), event=event, created_by=user)
