"""Two versions of one page: nothing is overwritten in silence, the organiser chooses which is kept."""

from dataclasses import dataclass
from itertools import chain

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from labels.forms import StepForm
from labels.views.access import OrganiserRequest
from labels.views.frame import frame
from labels.views.saves import save_of

# What the page that asks writes itself.
_OWN = {"csrfmiddlewaretoken", "seen", "page", "rank", "action"}
_WAYS_ON = {"continue", "quit"}


@dataclass(frozen=True)
class Difference:
    label: str
    mine: str
    stored: str


def conflict(request: OrganiserRequest, mine: StepForm, stored: StepForm, page: str) -> HttpResponse:
    found = stored.application
    save = save_of(stored)
    action = request.POST.get("action", "")
    context = {
        "differences": _differences(mine, stored),
        "carried": _carried(request.POST),
        "loses_files": bool(request.FILES),
        "seen": stored.fingerprint,
        "page": page,
        "action": action if action in _WAYS_ON else "save",
        "save": save,
        "is_mine": save is not None and save.by == request.user.pk,
    }
    return render(request, "labels/conflict.html", context | frame(found, stored.slug, found.verdict), status=409)


def _differences(mine: StepForm, stored: StepForm) -> list[Difference]:
    ours, theirs = mine.spoken(), stored.spoken()
    labels = dict.fromkeys(chain(ours, theirs))
    return [
        Difference(label, ours.get(label, ""), theirs.get(label, ""))
        for label in labels
        if ours.get(label, "") != theirs.get(label, "")
    ]


def _carried(posted: QueryDict) -> list[tuple[str, str]]:
    """All that was typed, to be posted again as it is."""
    return [(name, value) for name, values in posted.lists() if name not in _OWN for value in values]
