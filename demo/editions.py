"""The real editions 2022 to 2026, and one whose applications are open on the day the demonstration is loaded."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from events.known_editions import Days, KnownEdition, known_editions
from events.models import TOLERANCE, Audience, Edition

PARIS = ZoneInfo("Europe/Paris")


def load(today: date) -> Edition:
    """Write the editions that are missing; the one that takes applications on ``today``."""
    for year, facts in known_editions().items():
        if facts.applications:
            _write(year, facts, facts.applications)
    open_edition = Edition.objects.open_to_applications(noon(today)).first()
    return open_edition or _invent(_next_year(today))


def _next_year(today: date) -> int:
    """The first after the known editions whose applications can still be open on ``today``."""
    year = max(today.year, max(known_editions()) + 1)
    while _applications(year)[1] <= today:
        year += 1
    return year


def _invent(year: int) -> Edition:
    facts = KnownEdition(
        number=None, theme="", week=_week(year), window=_window(year), applications=None, participants=None
    )
    return _write(year, facts, _applications(year))


def _week(year: int) -> Days:
    """That of November's third Monday."""
    first = date(year, 11, 1)
    monday = first + timedelta(days=-first.weekday() % 7 + 14)
    return monday, monday + timedelta(days=6)


def _window(year: int) -> Days:
    monday, sunday = _week(year)
    return monday - TOLERANCE, sunday + TOLERANCE


def _applications(year: int) -> Days:
    return date(year - 1, 12, 1), _window(year)[1] - timedelta(days=1)


def _write(year: int, facts: KnownEdition, applications: Days) -> Edition:
    edition, is_new = Edition.objects.get_or_create(
        year=year,
        defaults={
            "number": facts.number or year - 2011,
            "theme": facts.theme,
            "week_starts_on": facts.week[0],
            "week_ends_on": facts.week[1],
            "window_starts_on": facts.window[0],
            "window_ends_on": facts.window[1],
            "applications_open_at": noon(applications[0]),
            "applications_close_at": noon(applications[1]),
            "participants": facts.participants,
            "is_demonstration": True,
        },
    )
    if is_new:
        edition.audiences.set(Audience.objects.all())
    return edition


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)
