"""Dates and hours as French writes them; no Django, no clock."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from places.zones import ZONES

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def spoken_day(day: date, *, with_weekday: bool = False) -> str:
    """
    >>> spoken_day(date(2024, 12, 1), with_weekday=True)
    'dimanche 1er décembre 2024'
    """
    weekday = f"{DAYS[day.weekday()]} " if with_weekday else ""
    return f"{weekday}{_number(day)} {MONTHS[day.month - 1]} {day.year}"


def spoken_days(days: Collection[date]) -> str:
    """All the days of an event, in any order, in one phrase.

    >>> spoken_days([date(2024, 11, 18), date(2024, 11, 19), date(2024, 11, 20)])
    'du 18 au 20 novembre 2024'
    """
    ordered = sorted(set(days))
    if not ordered:
        return "dates à préciser"
    first, last = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return spoken_day(first, with_weekday=True)
    if len(ordered) == 2:
        return f"les {_short(first, last)} et {spoken_day(last)}"
    phrase = f"du {_short(first, last)} au {spoken_day(last)}"
    is_unbroken = last - first == timedelta(days=len(ordered) - 1)
    return phrase if is_unbroken else f"{phrase} ({len(ordered)} dates)"


def spoken_hour(clock: time) -> str:
    """
    >>> spoken_hour(time(9, 5)).replace("\\xa0", " ")
    '9 h 05'
    """
    return f"{clock.hour}\u00a0h" + (f"\u00a0{clock.minute:02d}" if clock.minute else "")


def spoken_hours(start: time, end: time) -> str:
    """
    >>> spoken_hours(time(9), time(12, 30)).replace("\\xa0", " ")
    'de 9 h à 12 h 30'
    """
    return f"de {spoken_hour(start)} à {spoken_hour(end)}"


def spoken_zone(time_zone: str, day: date) -> str:
    """The name of a local time that is not that of Paris, with its offset on ``day``; else nothing."""
    if time_zone not in ZONES:
        return ""
    return f"{ZONES[time_zone]} (UTC{_offset(time_zone, day)})"


def _offset(time_zone: str, day: date) -> str:
    """Hours, and minutes where there are any: the Marquesas are nine and a half behind UTC."""
    seconds = (datetime.combine(day, time(12), ZoneInfo(time_zone)).utcoffset() or timedelta()).total_seconds()
    hours, minutes = divmod(abs(int(seconds)) // 60, 60)
    sign = "\u2212" if seconds < 0 else "+"
    return f"{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def _number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _short(first: date, last: date) -> str:
    """``first`` without what it shares with ``last``."""
    if first.year != last.year:
        return spoken_day(first)
    return _number(first) if first.month == last.month else f"{_number(first)} {MONTHS[first.month - 1]}"
