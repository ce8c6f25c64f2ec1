"""When an answer is promised: in working days of the national calendar, the same for every région."""

from datetime import date, timedelta
from functools import cache

import holidays

ANSWER_IN_WORKING_DAYS = 4


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def promised_on(submitted_on: date, working_days: int = ANSWER_IN_WORKING_DAYS) -> date:
    """The last of the ``working_days`` that follow ``submitted_on``, that day not counted."""
    day = submitted_on
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day
