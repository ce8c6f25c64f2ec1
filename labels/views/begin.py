"""The page that explains the label and begins a draft."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core import limits
from events.models import Edition
from labels import copies, drafts
from labels.forms import STEPS
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
        application = drafts.begin(edition, request.user)
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
    return limits.refused(request, _SECONDS, "labels/too_many.html")
