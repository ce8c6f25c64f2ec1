"""The home page: one for each time of the year, with the figures of the last edition that has any."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Edition, Event
from figures import report
from figures.report import Report
from pages.seasons import season_of

NEXT_EVENTS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    edition = Edition.objects.current()
    found = report.latest(edition)
    context = {"edition": edition, "now": now, "report": found}
    if edition:
        context |= _of_edition(edition, timezone.localdate(now), found)
    return render(request, f"pages/seasons/{season_of(edition, now)}.html", context)


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
