"""A correction that an examiner proposes, read and accepted by its organiser: by the mail's link, or signed in.

Whoever holds the link acts as the person it was mailed to, for as long as that person may act themselves.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from events.dates import spoken_day
from events.diffs import rows
from labels import corrections
from labels.forms import DeclarationForm
from labels.links import Link
from labels.models import Action, Application, Transition
from labels.permissions import owns
from labels.views.access import OrganiserRequest, applications_of, for_organisers, see_other
from labels.views.linked import opened_by
from labels.workflow import MoveRefused, StaleError, perform

_CHANGED = "La demande a été modifiée depuis que vous avez ouvert cette page\u00a0: relisez-la, puis acceptez."
_BY_LINK = "Acceptée par le lien du courriel, sans connexion."


@require_http_methods(["GET", "HEAD", "POST"])
@opened_by(Link.PROPOSAL)
def proposal(request: HttpRequest, subject: str) -> HttpResponse:
    """The correction as it was mailed to one person; once it is no more to be accepted, what came of it."""
    pk, _, reader = subject.partition("-")
    if not (pk.isdecimal() and reader.isdecimal()):
        raise Http404
    proposed = get_object_or_404(Transition.objects.proposing(), pk=pk)
    found = _read(proposed.application_id)
    person = User.objects.filter(pk=reader).first()
    if corrections.proposal_of(found) != proposed:
        return _outcome(request, found, proposed)
    if person is None or not owns(person, found):
        return _page(request, "proposal", found, {"is_gone": True}, status=_status(request))
    form = DeclarationForm(found, request.POST if request.method == "POST" else None)
    try:
        refusal = _accept(found, proposed, person, form, note=_BY_LINK) if form.is_bound else None
    except StaleError:
        return _outcome(request, _read(found.pk), proposed)
    if form.is_bound and form.is_valid() and refusal is None:
        return see_other("labels:proposal", _token(request))
    return _offer(request, "proposal", found, proposed, form, refusal=refusal)


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: OrganiserRequest, reference: str) -> HttpResponse:
    """The same for who is signed in and answers for the application."""
    found = get_object_or_404(applications_of(request).for_verdict(), reference=reference)
    proposed = corrections.proposal_of(found)
    if proposed is None:
        return _no_longer(request, found)
    form = DeclarationForm(found, request.POST if request.method == "POST" else None)
    try:
        refusal = _accept(found, proposed, request.user, form) if form.is_bound else None
    except StaleError:
        return _no_longer(request, found)
    if form.is_bound and form.is_valid() and refusal is None:
        found.refresh_from_db()
        promised = spoken_day(found.promised_on, with_weekday=True) if found.promised_on else ""
        messages.success(
            request, f"La correction est acceptée et la demande déposée de nouveau. Réponse au plus tard le {promised}."
        )
        return see_other("labels:application", reference)
    return _offer(request, "agree", found, proposed, form, refusal=refusal)


def offer(found: Application, proposed: Transition, form: DeclarationForm | None = None) -> dict[str, Any]:
    """What the templates say of a correction that may be accepted."""
    return {
        "proposed": proposed,
        "diff": rows(proposed.before, proposed.changes),
        "changed_since": corrections.in_french(corrections.changed_since(found, proposed)),
        "declaration": form or DeclarationForm(found),
    }


def _accept(
    found: Application, proposed: Transition, person: User, form: DeclarationForm, *, note: str = ""
) -> str | None:
    """Accept what was sworn on the application as it was read; the reason why not. Raises StaleError."""
    if not form.is_valid():
        return None
    if form.seen != found.version:
        return _CHANGED
    try:
        perform(found, Action.AGREE, by=person, changes=proposed.changes, note=note)
    except StaleError:
        raise
    except MoveRefused as refusal:
        return str(refusal)
    return None


def _offer(
    request: HttpRequest,
    template: str,
    found: Application,
    proposed: Transition,
    form: DeclarationForm,
    *,
    refusal: str | None,
) -> HttpResponse:
    """The page again after a refusal reads the application anew, with a box to tick again."""
    if refusal:
        found, form = _read(found.pk), DeclarationForm(_read(found.pk))
    context = {**offer(found, proposed, form), "refusal": refusal}
    return _page(request, template, found, context, status=409 if refusal else 200)


def _outcome(request: HttpRequest, found: Application, proposed: Transition) -> HttpResponse:
    """Where the application stands since; a second click on « Accepter » lands where the first did."""
    outcome = corrections.outcome_of(proposed)
    is_accepted = outcome is not None and outcome.action == Action.AGREE
    if request.method == "POST" and is_accepted:
        return see_other("labels:proposal", _token(request))
    return _page(request, "proposal", found, {"outcome": outcome}, status=_status(request))


def _no_longer(request: OrganiserRequest, found: Application) -> HttpResponse:
    messages.info(request, "Cette correction n’attend plus votre réponse. Voici où en est la demande.")
    return see_other("labels:application", found.reference)


def _read(pk: int) -> Application:
    return Application.objects.for_verdict().get(pk=pk)


def _token(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs["token"]) if match else ""


def _status(request: HttpRequest) -> int:
    return 409 if request.method == "POST" else 200


def _page(
    request: HttpRequest, template: str, found: Application, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {"application": found, "event": found.event, **context}
    return render(request, f"labels/{template}.html", context, status=status)
