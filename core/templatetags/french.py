"""Dates as French writes them, with « 1er », which Django's formats lack."""

from datetime import date

from django import template
from django.utils.dateformat import format as format_date

register = template.Library()


@register.filter
def long_date(value: date | None) -> str:
    """« lundi 1er décembre 2026 »; nothing for no date."""
    return f"{format_date(value, 'l')} {_day(value)} {format_date(value, 'F Y')}" if value else ""


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
