"""What a change of an edition does to the applications made for it, counted before it is made."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core.templatetags.french import moment, period
from events.changes import slots_of
from events.consequences import Consequence, Facts, Row
from events.models import Event
from labels.models import Application, ApplicationQuerySet, Revision, State
from labels.rules import Window

LISTED = 50
# Whom a change of the terms touches; the others are over.
_CONCERNED = {
    State.SUBMITTED: ("demande à instruire", "demandes à instruire"),
    State.APPROVED: ("événement labellisé", "événements labellisés"),
    State.RETURNED: ("demande à corriger", "demandes à corriger"),
    State.DRAFT: ("brouillon", "brouillons"),
}
# Whose organiser was told something already: they are named one by one.
_NAMED = (State.SUBMITTED, State.APPROVED)


def consequences(before: Facts, after: Facts) -> list[Consequence]:
    """Those on the applications of a stored edition, each told only where there is one."""
    found = [_window(before, after), _audiences(before, after), _deadline(before, after)]
    return [item for item in found if item and item.sentences]


def terms_changed(before: Facts, after: Facts) -> bool:
    """Whether the rules will read the edition's applications in another way."""
    return (_window_of(before), before.audiences) != (_window_of(after), after.audiences)


def outside(applications: ApplicationQuerySet, window: Window) -> ApplicationQuerySet:
    """Those with a slot outside ``window``, by its date at the venue; the columns are those of all its slots."""
    before, after = Q(event__starts_on__lt=window.starts_on), Q(event__ends_on__gt=window.ends_on)
    return applications.filter(before | after)


def missing(applications: ApplicationQuerySet, audiences: Iterable[str]) -> ApplicationQuerySet:
    """Those that aim at somebody, and at nobody among ``audiences``; none of these is everybody."""
    if not (targets := list(audiences)):
        return applications.none()
    aimed_at = Event.audiences.through.objects.filter(event=OuterRef("event_id"))
    return applications.filter(Exists(aimed_at)).exclude(Exists(aimed_at.filter(audience__slug__in=targets)))


def _of(edition: Facts) -> ApplicationQuerySet:
    return Application.objects.filter(event__edition=edition.pk, state__in=_CONCERNED)


def _window_of(facts: Facts) -> Window:
    return Window(facts.window_starts_on, facts.window_ends_on)


def _window(before: Facts, after: Facts) -> Consequence | None:
    if _window_of(before) == (window := _window_of(after)):
        return None
    everyone, old = _of(before), _window_of(before)
    found = outside(everyone, window)
    sentences = []
    if found.exists():
        already = outside(found, old).count()
        known = f" (dont {already} déjà)" if already else ""
        sentences.append(f"Hors de la fenêtre {period(window.starts_on, window.ends_on)} : {_counted(found)}{known}.")
    if asked := _asked_outside(before, window):
        sentences.append(f"Modifications à examiner dont une date serait hors de la fenêtre : {asked}.")
    if returning := _count_but(outside(everyone, old), found):
        sentences.append(f"De nouveau dans la fenêtre : {returning}.")
    return Consequence("Dates hors de la fenêtre", sentences, *_listed(found))


def _count_but(applications: ApplicationQuerySet, others: ApplicationQuerySet) -> int:
    return applications.exclude(pk__in=others.order_by().values("pk")).count()


def _asked_outside(edition: Facts, window: Window) -> int:
    """How many changes that wait to be examined ask for a date outside ``window``."""
    pending = Revision.objects.pending().filter(application__event__edition=edition.pk)
    asked = (changes.get("slots", []) for changes in pending.values_list("changes", flat=True).iterator())
    return sum(any(slot.date not in window for slot in slots_of(values)) for values in asked)


def _audiences(before: Facts, after: Facts) -> Consequence | None:
    if before.audiences == after.audiences:
        return None
    old, new = (missing(_of(before), facts.audiences) for facts in (before, after))
    found = new.exclude(pk__in=old.order_by().values("pk"))
    sentences = []
    if found.exists():
        sentences.append(f"Ne visent que des publics qui ne seront plus ciblés : {_counted(found)}.")
    if returning := _count_but(old, new):
        sentences.append(f"Viseront de nouveau un public ciblé : {returning}.")
    return Consequence("Publics ciblés", sentences, *_listed(found))


def _deadline(before: Facts, after: Facts) -> Consequence | None:
    """What a draft may no longer, or may again, and what the deadline was told to be."""
    now = timezone.now()
    drafts = Application.objects.filter(event__edition=before.pk).in_state(State.DRAFT).count()
    told = _number(drafts, State.DRAFT)
    sentences = []
    if drafts and before.is_open(now) and not after.is_open(now):
        sentences.append(f"Ne pourront plus être déposés : {told}.")
    elif drafts and after.is_open(now) and not before.is_open(now):
        sentences.append(f"Pourront de nouveau être déposés : {told}.")
    elif drafts and after.is_open(now) and after.applications_close_at < before.applications_close_at:
        limit = moment(timezone.localtime(after.applications_close_at))
        sentences.append(f"À déposer plus tôt, avant le {limit} : {told}.")
    returned = Application.objects.filter(event__edition=before.pk).in_state(State.RETURNED).count()
    if returned and before.applications_open_at <= now < after.applications_open_at:
        sentences.append(f"Ne pourront revenir qu’à l’ouverture : {_number(returned, State.RETURNED)}.")
    return Consequence("Brouillons et demandes à corriger", sentences)


def _counted(applications: ApplicationQuerySet) -> str:
    """« 3 demandes à instruire, 1 brouillon »."""
    rows = applications.order_by().values_list("state").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows)
    return ", ".join(_number(counts[state], state) for state in _CONCERNED if state in counts)


def _number(count: int, state: State) -> str:
    return f"{count} {_CONCERNED[state][count > 1]}"


def _listed(applications: ApplicationQuerySet) -> tuple[Sequence[Row], int]:
    """The first fifty of those to name, what waits before what is labelled, and how many more there are."""
    named = applications.filter(state__in=_NAMED)
    first = named.select_related("event").prefetch_related("event__slots").order_by("-state", "event__starts_on", "pk")
    rows = [_row(application) for application in first[:LISTED]]
    return rows, named.count() - len(rows)


def _row(application: Application) -> Row:
    event: Any = application.event
    return Row(
        reference=application.reference,
        url=reverse("admin:labels_application_change", args=[application.pk]),
        title=str(event),
        dates=event.when,
        state=application.get_state_display(),
    )
