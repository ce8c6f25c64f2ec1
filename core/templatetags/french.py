"""Dates as French writes them, with « 1er », which Django's formats lack; telephones and weights of files too."""

import re
from datetime import date, datetime

from django import template
from django.utils.dateformat import format as format_date

register = template.Library()


@register.filter(expects_localtime=True)
def long_date(value: date | None) -> str:
    """« lundi 1er décembre 2026 »; nothing for no date."""
    return f"{format_date(value, 'l')} {_day(value)} {format_date(value, 'F Y')}" if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """« 1er décembre 2026 à 12 h », « 21 novembre 2026 à 9 h 05 »; nothing for no moment."""
    if not value:
        return ""
    minutes = f"\N{NO-BREAK SPACE}{value:%M}" if value.minute else ""
    return f"{_day(value)} {format_date(value, 'F Y')} à {value.hour}\N{NO-BREAK SPACE}h{minutes}"


@register.simple_tag
def period(first: date, last: date) -> str:
    """« du 16 au 22 novembre 2026 », « du 30 novembre au 1er décembre 2026 », « le 16 novembre 2026 »."""
    end = f"{_day(last)} {format_date(last, 'F Y')}"
    if first == last:
        return f"le {end}"
    if first.year != last.year:
        return f"du {_day(first)} {format_date(first, 'F Y')} au {end}"
    if first.month != last.month:
        return f"du {_day(first)} {format_date(first, 'F')} au {end}"
    return f"du {_day(first)} au {end}"


def _day(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)


@register.filter
def phone(number: str) -> str:
    """« 01 23 45 67 89 » for +33123456789, « 0692 12 34 56 » for +262692123456; any other number as it is."""
    french = re.fullmatch(r"\+(33|590|594|596|262)(\d{9})", number)
    if not french:
        return number
    digits, first = "0" + french[2], 2 if french[1] == "33" else 4
    return " ".join([digits[:first], *(digits[i : i + 2] for i in range(first, 10, 2))])


@register.filter
def siret(number: str) -> str:
    """« 552 081 317 66522 », as companies write it; anything else as it is."""
    parts = re.fullmatch(r"(\d{3})(\d{3})(\d{3})(\d{5})", number)
    return "\N{NO-BREAK SPACE}".join(parts.groups()) if parts else number


@register.filter
def weight(size: int) -> str:
    """« 340 ko », « 2,3 Mo » for a number of bytes."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\N{NO-BREAK SPACE}ko"
    return f"{size / 1e6:.1f}\N{NO-BREAK SPACE}Mo".replace(".", ",")
