"""The pictures of a labelled event: what its organiser changes of them is published at once, and logged."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from events.changes import difference
from labels.forms import PictureRows
from labels.models import Action, Application
from labels.views.access import (
    OrganiserRequest,
    applications_of,
    for_organisers,
    no_longer_changeable,
    not_too_often,
    see_other,
)
from labels.workflow import MoveRefused, available, perform


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_often
def pictures(request: OrganiserRequest, reference: str) -> HttpResponse:
    """Each button applies what the page holds; with a fault in it, nothing."""
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    if Action.EDIT not in available(found, request.user):
        return no_longer_changeable(request, found)
    if request.method != "POST":
        return _page(request, found, PictureRows(found.event, request.user))
    rows = PictureRows(found.event, request.user, request.POST, request.FILES)
    proposed = rows.tried(found.event) if rows.is_valid() else None
    if proposed is None or not rows.is_valid():
        return _page(request, found, rows)
    if changes := difference(found.event, {"pictures": proposed}):
        try:
            perform(found, Action.EDIT, by=request.user, changes=changes)
        except MoveRefused as refusal:
            messages.warning(request, f"{refusal} Voici où elle en est.")
            return see_other("labels:application", found.reference)
        messages.success(request, "Vos changements sont publiés.")
    return see_other("labels:pictures", found.reference)


def _page(request: OrganiserRequest, found: Application, rows: PictureRows) -> HttpResponse:
    flaws = [
        (row[name].id_for_label, row.title, message)
        for row in rows.rows
        for name, errors in row.errors.items()
        for message in errors
    ]
    context = {"application": found, "event": found.event, "pictures": rows, "flaws": flaws}
    return render(request, "labels/event_pictures.html", context)
