"""When an answer is promised and a draft recalled: in working days of the national calendar, the same everywhere."""

from datetime import date, timedelta
from functools import cache

import holidays

ANSWER_IN_WORKING_DAYS = 4
# When those who left a draft are told that the deadline comes near.
REMINDED_DAYS_BEFORE = (7, 1)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _public_holidays(day.year)


@cache
def promised_on(submitted_on: date, working_days: int = ANSWER_IN_WORKING_DAYS) -> date:
    """The last of the ``working_days`` that follow ``submitted_on``, that day not counted."""
    day = submitted_on
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day


@cache
def working_days_between(start: date, end: date) -> int:
    """How many working days follow ``start`` up to ``end``, that one counted; 0 when ``end`` is not later."""
    return sum(is_working_day(start + timedelta(days=days)) for days in range(1, (end - start).days + 1))


def reminders_due(today: date, closes_on: date) -> int:
    """How many reminders a draft may have had by ``today``: the last working day before each date that is none."""
    return sum(today >= working_day_until(closes_on - timedelta(days=days)) for days in REMINDED_DAYS_BEFORE)


def working_day_until(day: date) -> date:
    """``day``, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
