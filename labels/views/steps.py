"""The application form: a page a step, each saved on its own, by its buttons or as each field is left."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods

from core import limits
from core.whole import Gone
from labels import copies
from labels.forms import REVIEW, STEPS, NoLongerEditable, Overtaken, PlaceForm, StepForm, moves_rows
from labels.models import Application
from labels.views import kept
from labels.views.access import OrganiserRequest, applications_of, closed, for_organisers, see_other
from labels.views.conflicts import conflict
from labels.views.frame import frame
from labels.views.review import review
from labels.views.saves import has_seen, remember

# As often as three tabs that save whenever they may (static/js/autosave.js), by one account.
MOST, SECONDS = 300, 60
_PAGE_NAME = re.compile("[a-zA-Z0-9]{12}")
_RANK = re.compile("[0-9]{1,16}")


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: OrganiserRequest, reference: str, step: str) -> HttpResponse:
    if step == REVIEW:
        return review(request, reference)
    mine = applications_of(request)
    # What a form stores is read again: nothing fetched ahead may stand in for it.
    found = get_object_or_404(mine.for_desk() if request.method == "POST" else mine.for_verdict(), reference=reference)
    form_class = next((item for item in STEPS if item.slug == step), None)
    if form_class is None:
        raise Http404
    if not found.is_editable:
        return closed(request, found)
    if request.method == "POST":
        if limits.is_exceeded_for(request.user.pk, "save", most=MOST, seconds=SECONDS):
            typed_in = get_object_or_404(mine.for_verdict(), pk=found.pk)
            return _refused(request, form_class(typed_in, request.user, request.POST))
        kept.take(request)
        try:
            return _save(request, found, form_class)
        except Gone:
            # Read anew: what was chosen and is no more is said beside its field, and the rest is kept.
            return _save(request, get_object_or_404(mine.for_desk(), pk=found.pk), form_class)
    typed = kept.take(request) if request.method == "GET" else None
    return _page(request, form_class(found, request.user, typed), shows_errors=False)


def _save(request: OrganiserRequest, found: Application, form_class: type[StepForm]) -> HttpResponse:
    form = form_class(found, request.user, request.POST, request.FILES)
    form.is_valid()
    seen, page, rank = request.POST.get("seen", ""), _page_name(request.POST), _rank(request.POST)
    try:
        stored = form.save(lambda now: has_seen(now, seen, page, rank)) if seen else form.save()
    except NoLongerEditable:
        return closed(request, found)
    except Overtaken as overtaken:
        return conflict(request, form, overtaken.stored, page)
    remember(stored, page, rank)
    form.judge(stored.application.verdict)
    return _saved(request, form, stored)


def _refused(request: OrganiserRequest, form: StepForm) -> HttpResponse:
    """What was typed stands in the page, which says when to save it."""
    return limits.tell(_page(request, form, shows_errors=False, wait=limits.spoken(SECONDS)), SECONDS)


def _saved(request: OrganiserRequest, form: StepForm, stored: StepForm) -> HttpResponse:
    """Where each button leads; a script that saves in the background reads the page with its errors."""
    found, action = stored.application, request.POST.get("action")
    if action != "autosave":
        for warning in form.warnings():
            messages.warning(request, warning)
    if moves_rows(request.POST):
        return _page(request, form, stored, shows_errors=False)
    if form.slug == PlaceForm.slug and form.is_valid() and action != "autosave":
        copies.confirm_dates(found)
    if action == "quit":
        left = "" if form.is_valid() else " Des points restent à corriger."
        messages.success(request, f"Demande {found.reference} enregistrée.{left}")
        return see_other("labels:desk")
    if action == "save":
        messages.success(request, "Votre version est enregistrée.")
    if form.is_valid() and action != "autosave":
        following = form.slug if action == "save" else _after(form.slug)
        return see_other("labels:step", found.reference, following)
    return _page(request, form, stored)


def _page_name(posted: Mapping[str, Any]) -> str:
    """What tells one opened page from another tab's or a colleague's."""
    name = posted.get("page", "")
    return name if _PAGE_NAME.fullmatch(name) else get_random_string(12)


def _rank(posted: Mapping[str, Any]) -> int:
    """Which of its page's saves this is, by the clock of its browser."""
    rank = posted.get("rank", "")
    return int(rank) if _RANK.fullmatch(rank) else 0


def _after(slug: str) -> str:
    slugs = [*(item.slug for item in STEPS), REVIEW]
    return slugs[slugs.index(slug) + 1]


def _page(
    request: OrganiserRequest,
    form: StepForm,
    stored: StepForm | None = None,
    *,
    shows_errors: bool = True,
    wait: str = "",
) -> HttpResponse:
    """``form`` as it is kept or was typed; typed and without ``stored`` it is not saved: it comes from before a
    sign-in, or must ``wait``.
    """
    found = (stored or form).application
    helper = form.helper
    helper.form_show_errors = shows_errors
    typed = form.data if form.is_bound else {}
    context = {
        "form": form,
        "helper": helper,
        "flaws": form.flaws() if form.is_bound and shows_errors else [],
        "shows_errors": shows_errors,
        "wait": wait,
        "is_unsaved": form.is_bound and stored is None,
        "seen": stored.fingerprint if stored else typed.get("seen") or form.fingerprint,
        "page": _page_name(typed),
    }
    return render(
        request, "labels/step.html", context | frame(found, form.slug, found.verdict, (stored or form).unanswered)
    )
