"""What an examiner's morning holds: counts of what waits for them and, for the national team, how the régions stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.auth.models import Permission
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from labels.deadlines import working_day_until
from labels.models import Application, Revision, State
from places.models import Region

# When digests leave: what came since the last one is new.
SENT_AT = time(7, 30)
NAMED = 20


class Counts(NamedTuple):
    waiting: int
    late: int
    # The first day for which one of the late ones was promised.
    oldest: date | None


@dataclass(frozen=True)
class RegionState:
    """How the applications of one région, or of none, stand."""

    code: str | None
    name: str
    counts: Counts
    is_examined: bool


@dataclass(frozen=True)
class Country:
    regions: Sequence[RegionState]
    # What belongs to no région is the national team's own.
    without_region: RegionState

    @property
    def has_news(self) -> bool:
        return bool(self.unexamined or self.late or self.without_region.counts.waiting)

    @property
    def unexamined(self) -> list[RegionState]:
        return [region for region in self.regions if not region.is_examined]

    @property
    def late(self) -> list[RegionState]:
        return [region for region in self.regions if region.counts.late]


@dataclass(frozen=True)
class Morning:
    today: date
    country: Country


@dataclass(frozen=True)
class Digest:
    total: int
    late: int
    due_today: int
    # Those whose first day comes before the answer was promised for.
    before_answer: int
    new: int
    revisions: int
    assigned: int
    applications: Sequence[Application]


def examiners() -> list[User]:
    """Active accounts whose own groups have them decide; who may do everything is nobody's examiner for that."""
    return list(_allowed("examine_application").order_by("pk"))


def _allowed(codename: str) -> "QuerySet[User]":
    permission = Permission.objects.filter(content_type__app_label="labels", codename=codename)
    granted = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    holders = User.objects.filter(granted).values("pk")
    return User.objects.filter(is_staff=True, is_active=True, pk__in=holders)


def country(today: date) -> Country:
    """How every région stands, in three queries for all the digests of a morning."""
    is_late = Q(promised_on__lt=today)
    grouped = Application.objects.waiting().order_by().values("region")
    rows = grouped.annotate(
        waiting=Count("pk"), late=Count("pk", filter=is_late), oldest=Min("promised_on", filter=is_late)
    )
    columns = rows.values_list("region", "waiting", "late", "oldest")
    counts: dict[str | None, Counts] = {code: Counts(*numbers) for code, *numbers in columns}
    regional = _allowed("examine_application").exclude(pk__in=_allowed("examine_everywhere").values("pk"))
    examined = set(regional.values_list("regions", flat=True))
    names = Region.objects.order_by("name").values_list("code", "name")
    return Country(
        [RegionState(code, name, counts[code], code in examined) for code, name in names if code in counts],
        RegionState(None, "Sans région", counts.get(None, Counts(0, 0, None)), is_examined=True),
    )


def of(examiner: User, today: date) -> Digest:
    """In two queries, beside those of the account's permissions."""
    waiting = Application.objects.visible_to(examiner).waiting()
    changed = Revision.objects.pending().filter(filed_at__gte=_last_morning(today)).values("application")
    is_new = Q(state=State.SUBMITTED, submitted_at__gte=_last_morning(today)) | Q(pk__in=changed)
    counts = waiting.order_by().aggregate(
        total=Count("pk"),
        late=Count("pk", filter=Q(promised_on__lt=today)),
        due_today=Count("pk", filter=Q(promised_on=today)),
        before_answer=Count("pk", filter=Q(due_on__lt=F("promised_on"))),
        new=Count("pk", filter=is_new),
        revisions=Count("pk", filter=Q(state=State.APPROVED)),
        assigned=Count("pk", filter=Q(assigned_to=examiner)),
    )
    urgent = waiting.for_desk().select_related("region").order_by("due_on", "pk")
    return Digest(**counts, applications=list(urgent[:NAMED]) if counts["total"] else [])


def _last_morning(today: date) -> datetime:
    """When the digest of the working day before ``today`` left."""
    return datetime.combine(working_day_until(today - timedelta(days=1)), SENT_AT, timezone.get_current_timezone())
