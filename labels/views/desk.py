"""The organiser's desk: their applications, where each stands, and what they may do with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from core.outbox import Mail
from events.changes import snapshot
from events.diffs import Labels, Row, rows
from events.models import Edition
from labels import copies, corrections
from labels.forms import GROUPS, STEPS, DeskFilter
from labels.links import Link
from labels.models import Action, Application, State, Transition
from labels.readiness import sending
from labels.views.access import OrganiserRequest, applications_of, for_organisers
from labels.views.proposals import offer
from labels.workflow import available

# Few enough to be read, many enough that most organisers have one page.
PAGE_SIZE = 25
# Below, one sees all at a glance.
SEARCHED_FROM = 6
# Of last year's events, on top of the desk; the others are asked for again from their own pages.
REDONE = 5


@dataclass(frozen=True)
class Group:
    """Applications of one edition in one state: those of the page, and how many there are in all."""

    edition: Edition
    label: str
    applications: list[Application]
    count: int
    opens_edition: bool


@dataclass(frozen=True)
class Step:
    """One line of an application's history, as its organiser may read it: no member of staff is named."""

    transition: Transition
    label: str
    by: str
    changes: list[Row]
    note: str


@for_organisers
@require_safe
def desk(request: OrganiserRequest) -> HttpResponse:
    mine = applications_of(request)
    form = DeskFilter(mine, request.GET)
    found = form.narrow(mine)
    counts = found.count_by_group()
    current = Edition.objects.current()
    page = Paginator(found.for_own_desk().in_desk_order(current), PAGE_SIZE).get_page(request.GET.get("page"))
    opened = Edition.objects.taking_applications()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "groups": list(_groups(page, counts)),
        "count": page.paginator.count,
        "page_obj": page,
        "prefix": f"?{query.urlencode()}&" if query else "?",
        "is_searchable": form.is_used or page.paginator.count >= SEARCHED_FROM,
        "first_step": STEPS[0].slug,
        "year": opened.year if opened else None,
        "to_redo": list(copies.to_redo(request.user, opened)[:REDONE]) if opened and not form.is_used else [],
        "now": timezone.now(),
        "today": timezone.localdate(),
    }
    return render(request, "labels/desk.html", context)


def _groups(page: Page[Application], counts: dict[tuple[int, str], int]) -> Iterator[Group]:
    edition = None
    for (opened, state), items in groupby(page, lambda item: (item.event.edition, item.state)):
        shown = list(items)
        # One that moved since they were counted may be alone where it now stands.
        count = counts.get((opened.year, state), len(shown))
        yield Group(opened, GROUPS[state], shown, count, opened != edition)
        edition = opened


@for_organisers
@require_safe
def application(request: OrganiserRequest, reference: str) -> HttpResponse:
    found = get_object_or_404(applications_of(request).for_verdict(), reference=reference)
    transitions = found.transitions.select_related("by")
    revision, labels = found.pending_revision, Labels()
    return render(
        request,
        "labels/application.html",
        {
            "application": found,
            "event": found.event,
            "history": [_told(transition, request.user, labels) for transition in transitions],
            "decision": found.last_decision if found.state in {State.RETURNED, State.REFUSED, State.REVOKED} else None,
            "revision": revision,
            "diff": rows(snapshot(found.event), revision.changes, labels) if revision else [],
            "actions": {action.value for action in available(found, request.user)},
            "first_step": STEPS[0].slug,
            "preview_url": Link.PREVIEW.to(reference) if found.is_pending else "",
            "today": timezone.localdate(),
            "year": opened.year if (opened := Edition.objects.taking_applications()) else None,
            "sending": sending(found, State(found.state)),
            "undelivered": Mail.objects.undelivered(reference),
            **(offer(found, proposed) if (proposed := corrections.proposal_of(found)) else {}),
        },
    )


def _told(transition: Transition, user: User, labels: Labels) -> Step:
    if transition.by == user:
        by = "par vous"
    elif transition.by and transition.by.is_staff:
        by = "par les services de l’État"
    else:
        by = "par votre organisme"
    # Why it went to other examiners is said to them alone.
    note = "" if transition.action == Action.MOVE else transition.note
    return Step(transition, transition.done, by, rows(transition.before, transition.changes, labels), note)
