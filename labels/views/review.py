"""The last page of the form: what was declared, what is still missing, and the sending of the whole."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render

from core import limits
from events.dates import spoken_day
from labels import copies
from labels.forms import REVIEW, STEPS, DeclarationForm, Flaw, VersionForm, flaws_of
from labels.links import Link
from labels.models import Action, Application, reading
from labels.moves import as_one
from labels.views.access import OrganiserRequest, closed, see_other
from labels.views.frame import frame
from labels.workflow import MoveRefused, perform

# A network's whole list of events, and no machine's.
MOST, SECONDS = 100, 600
_TOO_MANY = (
    "Trop de demandes ont été déposées depuis votre connexion. Celle-ci est gardée\N{NO-BREAK SPACE}: déposez-la dans"
)
_CHANGED = "La demande a été modifiée depuis que vous avez ouvert cette page : relisez-la, puis déposez-la."


def review(request: OrganiserRequest, reference: str) -> HttpResponse:
    if request.method == "POST":
        return _submit(request, reference)
    found = _read(request, reference)
    return _page(request, found, DeclarationForm(found)) if found.is_editable else closed(request, found)


def _read(request: OrganiserRequest, reference: str) -> Application:
    try:
        return reading.of_organiser(request.user, reference)
    except Application.DoesNotExist as error:
        raise Http404 from error


def _page(request: OrganiserRequest, found: Application, form: DeclarationForm, refusal: str = "") -> HttpResponse:
    verdict = found.verdict
    context = {
        "form": form,
        "flaws": _by_step(flaws_of(STEPS, found, request.user, verdict)),
        "refusal": refusal,
        "preview_url": Link.PREVIEW.to(found.reference),
        "moved_slots": copies.moved_slots(found) if found.are_dates_proposed else set(),
    }
    status = 409 if refusal else 200
    return render(request, "labels/review.html", context | frame(found, REVIEW, verdict), status=status)


def _by_step(flaws: Sequence[Flaw]) -> list[tuple[str, str, list[Flaw]]]:
    grouped = [(item.slug, item.heading, [flaw for flaw in flaws if flaw.step == item.slug]) for item in STEPS]
    return [group for group in grouped if group[2]]


def _submit(request: OrganiserRequest, reference: str) -> HttpResponse:
    if limits.is_exceeded(request, "submit", most=MOST, seconds=SECONDS):
        refused = _refused(request, reference, f"{_TOO_MANY} {limits.spoken(SECONDS)}.")
        return limits.tell(refused, SECONDS) if refused.status_code == 409 else refused
    try:
        sent = _send(request, reference)
    except MoveRefused as refusal:
        return _refused(request, reference, str(refusal))
    if sent is None:
        return _refused(request, reference)
    promised = spoken_day(sent.promised_on, with_weekday=True) if sent.promised_on else ""
    messages.success(request, f"Votre demande {reference} est déposée. Réponse au plus tard le {promised}.")
    return see_other("labels:application", reference)


def _refused(request: OrganiserRequest, reference: str, refusal: str = "") -> HttpResponse:
    """The page of what is stored now, with what was ticked; where it is theirs no longer, what became of it."""
    found = _read(request, reference)
    if not found.is_editable:
        return closed(request, found)
    form = DeclarationForm(found, request.POST)
    if not refusal and form.is_valid() and form.seen != found.version:
        refusal = _CHANGED
    return _page(request, found, form, refusal)


@as_one()
def _send(request: OrganiserRequest, reference: str) -> Application | None:
    """Submit if the declaration is signed and nothing is missing, both read while the row is held; what was sent.

    What is sworn is what was read: a step saved since, in another tab or by a colleague, asks to read again.
    """
    seen = VersionForm(request.POST)
    if not seen.is_valid():
        return None
    held = reading.held(request.user, reference, seen=seen.cleaned_data["version"])
    if held is None:
        return None
    form = DeclarationForm(held, request.POST)
    if not form.is_valid() or flaws_of(STEPS, held, request.user, held.verdict):
        return None
    if form.asks_for_dates:
        copies.confirm_dates(held)
    perform(held, Action.SUBMIT, by=request.user, is_held=True)
    return held
