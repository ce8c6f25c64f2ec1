"""The real editions 2022 to 2026, and one whose applications are open on the day the demonstration is loaded."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from events.models import TOLERANCE, Audience, Edition

PARIS = ZoneInfo("Europe/Paris")

# Number, theme, first day of the week, window, applications, participants. Dates of applications that no source gives
# (2022's end, 2023's start, 2025, 2026) are the demonstration's own.
_REAL: dict[int, dict[str, Any]] = {
    2022: {
        "number": 11,
        "theme": "Agir pour une industrie d’avenir",
        "week": date(2022, 11, 21),
        "window": (date(2022, 11, 7), date(2022, 12, 12)),
        "applications": (date(2022, 9, 20), date(2022, 11, 20)),
        "participants": None,
    },
    2023: {
        "number": 12,
        "theme": "",
        "week": date(2023, 11, 27),
        "window": (date(2023, 11, 13), date(2023, 12, 17)),
        "applications": (date(2023, 9, 18), date(2023, 11, 20)),
        "participants": 2_200_000,
    },
    2024: {
        "number": 13,
        "theme": "Avec l’industrie, fabrique ton avenir",
        "week": date(2024, 11, 18),
        "window": (date(2024, 11, 3), date(2024, 12, 9)),
        "applications": (date(2024, 9, 16), date(2024, 11, 12)),
        "participants": 5_700_000,
    },
    2025: {
        "number": 14,
        "theme": "",
        "week": date(2025, 11, 17),
        "window": (date(2025, 11, 2), date(2025, 12, 7)),
        "applications": (date(2025, 9, 15), date(2025, 11, 11)),
        "participants": None,
    },
    2026: {
        "number": 15,
        "theme": "",
        "week": date(2026, 11, 16),
        "window": (date(2026, 11, 1), date(2026, 12, 7)),
        "applications": (date(2026, 9, 1), date(2026, 12, 6)),
        "participants": None,
    },
}


def load(today: date) -> Edition:
    """Write the editions that are missing; the one that takes applications on ``today``."""
    for year, facts in _REAL.items():
        _write(year, facts)
    open_edition = Edition.objects.open_to_applications(noon(today)).first()
    return open_edition or _write(*_next_after(today))


def _next_after(today: date) -> tuple[int, dict[str, Any]]:
    """The first edition after the real ones whose applications can be open on ``today``: a third Monday of November."""
    year = max(today.year, max(_REAL) + 1)
    while _facts(year)["applications"][1] <= today:
        year += 1
    return year, _facts(year)


def _facts(year: int) -> dict[str, Any]:
    first = date(year, 11, 1)
    monday = first + timedelta(days=-first.weekday() % 7 + 14)
    window = (monday - TOLERANCE, monday + timedelta(days=6) + TOLERANCE)
    return {
        "number": year - 2011,
        "theme": "",
        "week": monday,
        "window": window,
        "applications": (date(year - 1, 12, 1), window[1] - timedelta(days=1)),
        "participants": None,
    }


def _write(year: int, facts: dict[str, Any]) -> Edition:
    edition, is_new = Edition.objects.get_or_create(
        year=year,
        defaults={
            "number": facts["number"],
            "theme": facts["theme"],
            "week_starts_on": facts["week"],
            "week_ends_on": facts["week"] + timedelta(days=6),
            "window_starts_on": facts["window"][0],
            "window_ends_on": facts["window"][1],
            "applications_open_at": noon(facts["applications"][0]),
            "applications_close_at": noon(facts["applications"][1]),
            "participants": facts["participants"],
            "is_demonstration": True,
        },
    )
    if is_new:
        edition.audiences.set(Audience.objects.all())
    return edition


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)
