"""Asking again for an event: last year's, or one of this year's that another resembles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from events.models import Edition
from labels import copies
from labels.forms import REVIEW, EventForm
from labels.views.access import OrganiserRequest, applications_of, for_organisers, see_other
from labels.views.begin import too_many


@for_organisers
@require_POST
def redo(request: OrganiserRequest, reference: str) -> HttpResponse:
    """Copy an application into the open edition; where none is open, the page that tells the next dates."""
    source = get_object_or_404(applications_of(request).for_verdict(), reference=reference)
    edition = Edition.objects.taking_applications()
    if edition is None:
        return see_other("labels:new")
    if refusal := too_many(request):
        return refusal
    draft = copies.copy(source, edition, request.user)
    if source.event.edition_id == edition.pk:
        messages.info(request, f"Copie de la demande {reference} : changez ce qui diffère, puis vérifiez les dates.")
        return see_other("labels:step", draft.reference, EventForm.slug)
    messages.info(request, f"Tout est repris de votre événement de {source.event.edition.year}. Vérifiez les dates.")
    return see_other("labels:step", draft.reference, REVIEW)
