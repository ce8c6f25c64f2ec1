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
    """``found`` was read ``for_review``."""
    verdict = found.verdict
    context = {
        "form": form or DeclarationForm(found),
        "flaws": _by_step(flaws_of(STEPS, found, request.user, verdict)),
        "refusal": refusal,
        "preview_url": Link.PREVIEW.to(found.reference),
        "moved_slots": copies.moved_slots(found) if found.are_dates_proposed else set(),
    }
    status = 409 if refusal else 200
    return render(request, "labels/review.html", context | frame(found, REVIEW, verdict), status=status)


def _again(request: OrganiserRequest, pk: int, form: DeclarationForm, refusal: str = "") -> HttpResponse:
    """The page of what is stored now, with what was ticked."""
    return review(request, Application.objects.for_review().get(pk=pk), form, refusal)


def _by_step(flaws: Sequence[Flaw]) -> list[tuple[str, str, list[Flaw]]]:
    grouped = [(item.slug, item.heading, [flaw for flaw in flaws if flaw.step == item.slug]) for item in STEPS]
    return [group for group in grouped if group[2]]


def submit(request: OrganiserRequest, found: Application) -> HttpResponse:
    form = DeclarationForm(found, request.POST)
    if limits.is_exceeded(request, "submit", most=MOST, seconds=SECONDS):
        return limits.tell(_again(request, found.pk, form, f"{_TOO_MANY} {limits.spoken(SECONDS)}."), SECONDS)
    try:
        sent = _send(request, found, form)
    except StaleError as refusal:
        messages.info(request, f"{refusal} Voici où elle en est.")
        return see_other("labels:application", found.reference)
    except MoveRefused as refusal:
        return _again(request, found.pk, form, str(refusal))
    if sent is None:
        return _again(request, found.pk, form)
    promised = spoken_day(sent.promised_on, with_weekday=True) if sent.promised_on else ""
    messages.success(request, f"Votre demande {found.reference} est déposée. Réponse au plus tard le {promised}.")
    return see_other("labels:application", found.reference)


@transaction.atomic
def _send(request: OrganiserRequest, found: Application, form: DeclarationForm) -> Application | None:
    """Submit if the declaration is signed and nothing is missing, both read while the row is held; what was sent.

    What is sworn is what was read: a step saved since, in another tab or by a colleague, asks to read again.
    """
    if not form.is_valid():
        return None
    held = Application.objects.held(found.pk, seen=form.seen)
    if held is None:
        found.refresh_from_db()
        raise MoveRefused(_CHANGED) if found.is_editable else StaleError("Cette demande vient de changer d’état.")
    if flaws_of(STEPS, held, request.user, held.verdict):
        return None
    if form.asks_for_dates:
        copies.confirm_dates(held)
    perform(held, Action.SUBMIT, by=request.user, is_held=True)
    return held
