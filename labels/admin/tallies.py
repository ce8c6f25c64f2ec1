"""Counts of an edition's applications by the database, in the rows that ``labels.figures`` reckons with."""

from collections.abc import Iterator
from typing import Any, cast

from django.db.models import Case, CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate

from events.models import Edition
from labels.figures import Batch, Reasons, reasons_of
from labels.models import Action, Application, ApplicationQuerySet, Revision, State, Transition

# What answers an application that was filed; the label may be withdrawn much later.
ANSWERS = (Action.APPROVE, Action.RETURN, Action.REFUSE)
TAKES_BACK = (Action.UNDO, Action.REVERSE)
ANSWERS_A_REVISION = (Action.ACCEPT, Action.DECLINE)

_ANSWER = Transition.objects.filter(application=OuterRef("pk"), action__in=ANSWERS).order_by("-pk")
# A withdrawn label has moved the date of the decision.
_ANSWERED_AT = Case(When(state=State.REVOKED, then=Subquery(_ANSWER.values("at")[:1])), default="decided_at")
_NEXT = Transition.objects.filter(
    application=OuterRef("application"),
    pk__gt=OuterRef("pk"),
    action__in=(*ANSWERS, *TAKES_BACK, Action.SUBMIT),
).order_by("pk")
_REVISION_ANSWER = Transition.objects.filter(
    application=OuterRef("application"), at__gte=OuterRef("filed_at"), action__in=ANSWERS_A_REVISION
).order_by("pk")


def filed(applications: ApplicationQuerySet, edition: Edition) -> ApplicationQuerySet:
    """Those of the edition that were filed, by their latest filing: never drafts."""
    return applications.order_by().filter(event__edition=edition, submitted_at__isnull=False)


def batches(applications: ApplicationQuerySet) -> Iterator[Batch]:
    """By région, day of filing and day of the decision that stands."""
    return _batches(
        applications.annotate(
            filed_on=TruncDate("submitted_at"),
            answered_on=TruncDate(_ANSWERED_AT),
            is_waiting=Q(state=State.SUBMITTED),
            decided_by=Value(None, IntegerField()),
        ),
        "region",
    )


def batches_by_examiner(applications: ApplicationQuerySet) -> Iterator[Batch]:
    """Those decided, by who took the decision that stands, whatever the région."""
    return _batches(
        applications.filter(decided_at__isnull=False).annotate(
            filed_on=TruncDate("submitted_at"),
            answered_on=TruncDate(_ANSWERED_AT),
            is_waiting=Value(False),
            decided_by=Subquery(_ANSWER.values("by")[:1]),
            everywhere=Value(None, CharField()),
        ),
        "everywhere",
    )


def batches_of_revisions(applications: ApplicationQuerySet) -> Iterator[Batch]:
    """The changes asked of labelled events, by the same days; closed without an answer, neither decided nor waiting."""
    answered = Q(state__in=(Revision.State.ACCEPTED, Revision.State.DECLINED))
    return _batches(
        Revision.objects.order_by()
        .filter(application__in=applications)
        .annotate(
            filed_on=TruncDate("filed_at"),
            answered_on=TruncDate(Case(When(answered, then=Subquery(_REVISION_ANSWER.values("at")[:1])))),
            is_waiting=Q(state=Revision.State.PENDING),
            decided_by=Value(None, IntegerField()),
        ),
        "application__region",
    )


def _batches(rows: QuerySet[Any], region: str) -> Iterator[Batch]:
    names = (region, "filed_on", "answered_on", "is_waiting", "decided_by")
    counted = rows.values_list(*names).annotate(Count("pk"))
    for code, filed_on, answered_on, is_waiting, by, count in counted.iterator():
        yield Batch(code, filed_on, answered_on, count, bool(is_waiting), by)


def reasons(applications: ApplicationQuerySet) -> dict[Action, Reasons]:
    """The conditions of the refusals and of the returns that were not taken back, each return counted."""
    rows = (
        Transition.objects.order_by()
        .filter(application__in=applications, action__in=(Action.REFUSE, Action.RETURN))
        .annotate(following=Subquery(_NEXT.values("action")[:1]))
        .filter(Q(following=None) | ~Q(following__in=TAKES_BACK))
        .values_list("action", "conditions")
        .annotate(Count("pk"))
    )
    counted = [(action, conditions or (), count) for action, conditions, count in rows]
    return {
        wanted: reasons_of((conditions, count) for action, conditions, count in counted if action == wanted)
        for wanted in (Action.REFUSE, Action.RETURN)
    }


def in_hand(applications: ApplicationQuerySet) -> dict[int, int]:
    """How many wait in the hands of each examiner who took some."""
    taken = applications.waiting().filter(assigned_to__isnull=False)
    return dict(cast("QuerySet[Application, Any]", taken).values_list("assigned_to").annotate(Count("pk")))
