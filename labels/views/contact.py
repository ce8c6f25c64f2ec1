"""The private contact of a labelled event: changed at once, and logged without the name nor the number."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from labels.forms import ContactForm
from labels.models import Action, Application
from labels.views.access import (
    OrganiserRequest,
    applications_of,
    for_organisers,
    no_longer_changeable,
    not_too_often,
    see_other,
)
from labels.workflow import MoveRefused, StaleError, available, perform


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
@not_too_often
def contact(request: OrganiserRequest, reference: str) -> HttpResponse:
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    if Action.CONTACT not in available(found, request.user):
        return no_longer_changeable(request, found)
    form = ContactForm(found, request.POST if request.method == "POST" else None)
    if not form.is_valid() or form.is_overtaken:
        return _page(request, form)
    try:
        _change(request, form)
    except StaleError:
        return _page(request, ContactForm(Application.objects.select_related("event").get(pk=found.pk), request.POST))
    except MoveRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("labels:application", found.reference)


@transaction.atomic
def _change(request: OrganiserRequest, form: ContactForm) -> None:
    if not form.changes:
        messages.info(request, "Rien n’a changé sur cette page.")
        return
    perform(form.application, Action.CONTACT, by=request.user)
    Application.objects.filter(pk=form.application.pk).update(**form.changes)
    messages.success(request, "La personne à contacter est changée.")


def _page(request: OrganiserRequest, form: ContactForm) -> HttpResponse:
    """What was typed, over the application as it is now."""
    application = form.application
    context = {"application": application, "event": application.event, "form": form}
    return render(request, "labels/contact.html", context, status=409 if form.is_overtaken else 200)
