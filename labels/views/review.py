"""The last page of the form: what was declared, what is still missing, and the sending of the whole."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from core import limits
from events.dates import spoken_day
from labels import copies
from labels.forms import REVIEW, STEPS, DeclarationForm, Flaw, flaws_of
from labels.links import Link
from labels.models import Action, Application
from labels.views.access import OrganiserRequest, see_other
from labels.views.frame import frame
from labels.workflow import MoveRefused, StaleError, perform

# A network's whole list of events, and no machine's.
MOST, SECONDS = 100, 600
_TOO_MANY = (
    "Trop de demandes ont été déposées depuis votre connexion. Celle-ci est gardée\N{NO-BREAK SPACE}: déposez-la dans"
)
_CHANGED = "La demande a été modifiée depuis que vous avez ouvert cette page : relisez-la, puis déposez-la."


def review(
    request: OrganiserRequest,
    found: Application,
    form: DeclarationForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    fresh = Application.objects.for_verdict().get(pk=found.pk)
    verdict = fresh.verdict
    context = {
        "form": form or DeclarationForm(fresh),
        "flaws": _by_step(flaws_of(STEPS, fresh, request.user, verdict)),
        "refusal": refusal,
        "preview_url": Link.PREVIEW.to(fresh.reference),
        "moved_slots": copies.moved_slots(fresh) if fresh.are_dates_proposed else set(),
    }
    status = 409 if refusal else 200
    return render(request, "labels/review.html", context | frame(fresh, REVIEW, verdict), status=status)


def _by_step(flaws: Sequence[Flaw]) -> list[tuple[str, str, list[Flaw]]]:
    grouped = [(item.slug, item.heading, [flaw for flaw in flaws if flaw.step == item.slug]) for item in STEPS]
    return [group for group in grouped if group[2]]


def submit(request: OrganiserRequest, found: Application) -> HttpResponse:
    form = DeclarationForm(found, request.POST)
    if limits.is_exceeded(request, "submit", most=MOST, seconds=SECONDS):
        return limits.tell(review(request, found, form, f"{_TOO_MANY} {limits.spoken(SECONDS)}."), SECONDS)
    try:
        if not _send(request, found, form):
            return review(request, found, form)
    except StaleError as refusal:
        messages.info(request, f"{refusal} Voici où elle en est.")
        return see_other("labels:application", found.reference)
    except MoveRefused as refusal:
        return review(request, found, form, str(refusal))
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
