"""The application form: a page a step, each saved on its own, and the page that sends the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from events.dates import spoken_day
from labels import copies
from labels.forms import (
    REVIEW,
    STEPS,
    DeclarationForm,
    Flaw,
    NoLongerEditable,
    PlaceForm,
    StepForm,
    flaws_of,
    moves_rows,
    step_of_field,
)
from labels.models import Action, Application, Condition, State
from labels.rules import Finding, Verdict
from labels.views.access import OrganiserRequest, applications_of, for_organisers, see_other
from labels.workflow import MoveRefused, StaleError, perform

REVIEW_HEADING = "Vérification et dépôt"
_CHANGED = "La demande a été modifiée depuis que vous avez ouvert cette page : relisez-la, puis déposez-la."
_CLOSED = "Cette demande n’est plus modifiable. Voici où elle en est."


@dataclass(frozen=True)
class Reading:
    """One finding with the words and the address that the page shows."""

    finding: Finding
    label: str
    url: str


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: OrganiserRequest, reference: str, step: str) -> HttpResponse:
    found = get_object_or_404(applications_of(request).for_desk(), reference=reference)
    form_class = next((item for item in STEPS if item.slug == step), None)
    if form_class is None and step != REVIEW:
        raise Http404
    if not found.is_editable:
        return _closed(request, found)
    if form_class is None:
        return _submit(request, found) if request.method == "POST" else _review(request, found)
    if request.method == "POST":
        return _save(request, found, form_class)
    return _page(request, found, form_class(found, request.user))


def _closed(request: OrganiserRequest, found: Application) -> HttpResponse:
    """A second click on « Déposer » lands where the first did."""
    has_just_been_sent = request.method == "POST" and found.state == State.SUBMITTED
    messages.info(request, f"La demande {found.reference} est déposée." if has_just_been_sent else _CLOSED)
    return see_other("labels:application", found.reference)


def _save(request: OrganiserRequest, found: Application, form_class: type[StepForm]) -> HttpResponse:
    form = form_class(found, request.user, request.POST, request.FILES)
    form.is_valid()
    try:
        form.save()
    except NoLongerEditable:
        return _closed(request, found)
    verdict = _verdict(found)
    form.judge(verdict)
    for warning in form.warnings():
        messages.warning(request, warning)
    if moves_rows(request.POST):
        return _page(request, found, form, verdict, shows_errors=False)
    if form_class is PlaceForm and form.is_valid():
        copies.confirm_dates(found)
    if request.POST.get("action") == "quit":
        left = "" if form.is_valid() else " Des points restent à corriger."
        messages.success(request, f"Demande {found.reference} enregistrée.{left}")
        return see_other("labels:desk")
    if form.is_valid():
        return see_other("labels:step", found.reference, _after(form_class.slug))
    return _page(request, found, form, verdict)


def _after(slug: str) -> str:
    slugs = [*(item.slug for item in STEPS), REVIEW]
    return slugs[slugs.index(slug) + 1]


def _verdict(found: Application) -> Verdict:
    """The findings on what is stored now, whatever ``found`` still remembers."""
    return Application.objects.for_verdict().get(pk=found.pk).verdict


def _page(
    request: OrganiserRequest,
    found: Application,
    form: StepForm,
    verdict: Verdict | None = None,
    *,
    shows_errors: bool = True,
) -> HttpResponse:
    helper = form.helper
    helper.form_show_errors = shows_errors
    flaws = form.flaws() if form.is_bound and shows_errors else []
    context = {"form": form, "helper": helper, "flaws": flaws, "shows_errors": shows_errors}
    return render(request, "labels/step.html", context | _frame(found, form.slug, verdict or _verdict(found)))


def _frame(found: Application, slug: str, verdict: Verdict) -> dict[str, Any]:
    """What stands around each page: the way through the form and the four findings."""
    steps = [*((item.slug, item.heading) for item in STEPS), (REVIEW, REVIEW_HEADING)]
    number = [item for item, _ in steps].index(slug) + 1
    return {
        "application": found,
        "event": found.event,
        "edition": found.event.edition,
        "steps": steps,
        "number": number,
        "slug": slug,
        "heading": steps[number - 1][1],
        "next_heading": steps[number][1] if number < len(steps) else "",
        "previous_slug": steps[number - 2][0] if number > 1 else "",
        "readings": [_reading(found, finding) for finding in verdict.findings],
    }


def _reading(found: Application, finding: Finding) -> Reading:
    slug, anchor = step_of_field(finding.field)
    url = reverse("labels:step", args=[found.reference, slug]) + f"#{anchor}"
    return Reading(finding, Condition(finding.condition.value).label, url)


def _review(
    request: OrganiserRequest,
    found: Application,
    form: DeclarationForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    fresh = Application.objects.for_verdict().get(pk=found.pk)
    verdict = fresh.verdict
    flaws = flaws_of(STEPS, fresh, request.user, verdict)
    context = {
        "form": form or DeclarationForm(fresh),
        "flaws": _by_step(flaws),
        "refusal": refusal,
        "moved_slots": copies.moved_slots(fresh) if fresh.are_dates_proposed else set(),
        "is_late": fresh.state == State.DRAFT and not fresh.event.edition.is_open(timezone.now()),
    }
    status = 409 if refusal else 200
    return render(request, "labels/review.html", context | _frame(fresh, REVIEW, verdict), status=status)


def _by_step(flaws: Sequence[Flaw]) -> list[tuple[str, str, list[Flaw]]]:
    grouped = [(item.slug, item.heading, [flaw for flaw in flaws if flaw.step == item.slug]) for item in STEPS]
    return [group for group in grouped if group[2]]


def _submit(request: OrganiserRequest, found: Application) -> HttpResponse:
    form = DeclarationForm(found, request.POST)
    try:
        if not _send(request, found, form):
            return _review(request, found, form)
    except StaleError as refusal:
        messages.info(request, f"{refusal} Voici où elle en est.")
        return see_other("labels:application", found.reference)
    except MoveRefused as refusal:
        return _review(request, found, form, str(refusal))
    found.refresh_from_db()
    promised = spoken_day(found.promised_on, with_weekday=True) if found.promised_on else ""
    messages.success(request, f"Votre demande {found.reference} est déposée. Réponse au plus tard le {promised}.")
    return see_other("labels:application", found.reference)


@transaction.atomic
def _send(request: OrganiserRequest, found: Application, form: DeclarationForm) -> bool:
    """Submit if the declaration is signed and nothing is missing, both read while the row is held.

    What is sworn is what was read: a step saved since, in another tab or by a colleague, asks to read again.
    """
    if not form.is_valid():
        return False
    if not found.hold(seen=form.seen):
        found.refresh_from_db()
        raise MoveRefused(_CHANGED) if found.is_editable else StaleError("Cette demande vient de changer d’état.")
    held = Application.objects.for_verdict().get(pk=found.pk)
    if flaws_of(STEPS, held, request.user, held.verdict):
        return False
    if form.asks_for_dates:
        copies.confirm_dates(held)
    perform(held, Action.SUBMIT, by=request.user)
    return True
