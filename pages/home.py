"""The home page: one for each time of the year, with the figures of the last edition that has any."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.ready import named, ready
from events.models import Edition, Event
from events.models.editions import current_of, versions_of
from figures import report
from figures.report import Report
from pages.seasons import season_of

NEXT_EVENTS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    editions = list(Edition.objects.published())
    version = named(request, versions_of(editions), *_hour(current_of(editions, timezone.localdate(now)), now))
    return ready(request, version, lambda: _page(request, editions, now))


def _hour(edition: Edition | None, now: datetime) -> list[object]:
    """What the clock moves on the page: the day, and whether one may apply, which is the hour's to say."""
    changes = [edition.applications_open_at, edition.applications_close_at] if edition else []
    return [timezone.localdate(now), sum(instant <= now for instant in changes)]


def _page(request: HttpRequest, editions: Sequence[Edition], now: datetime) -> bytes:
    edition, found = current_of(editions, timezone.localdate(now)), report.latest(editions)
    context = {"edition": edition, "now": now, "report": found}
    if edition:
        context |= _of_edition(edition, timezone.localdate(now), found)
    return render_to_string(f"pages/seasons/{season_of(edition, now)}.html", context, request).encode()


def _of_edition(edition: Edition, today: date, found: Report | None) -> dict[str, Any]:
    upcoming = Event.objects.held().filter(edition=edition, starts_on__gte=today).order_by("starts_on", "pk")
    is_past = found is not None and found.edition != edition and bool(found.counts.total)
    return {
        "audiences": edition.audiences.all(),
        "next_events": upcoming.for_cards()[:NEXT_EVENTS],
        "today": today,
        "today_count": found.counts.days[today] if found and not is_past else 0,
        # What a search finds while the edition has no event yet.
        "past": found.edition if found and is_past else None,
        "is_over": today > edition.window_ends_on,
        "has_begun": edition.window_starts_on <= today,
        "is_week": edition.week_starts_on <= today <= edition.week_ends_on,
        "days_left": (edition.week_starts_on - today).days,
    }
