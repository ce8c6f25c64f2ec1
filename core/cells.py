"""What a cell of a file may hold: text that no spreadsheet takes for a formula and no XML reader refuses."""

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone

# As spreadsheets read the beginning of a cell, the full-width forms of eastern keyboards included.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# All that XML 1.0 has no place for, and a CSV no use.
_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a cell of a workbook holds, in the units of UTF-16.
LONGEST = 32767


def clean(text: str) -> str:
    """Without the characters that XML refuses, each end of a line one character."""
    return _REFUSED.sub("", text.replace("\r\n", "\n"))


def is_formula(text: str) -> bool:
    return text.startswith(STARTS_A_FORMULA)


def safe(text: str) -> str:
    """``text`` for a file that says of no cell whether it is text."""
    text = clean(text)
    return f"'{text}" if is_formula(text) else text


def short(text: str) -> str:
    """``text`` cut to what a workbook's cell holds, with an ellipsis; a character of two units counts twice."""
    if len(text) <= LONGEST // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", errors="ignore") + "…"


def local(value: Any) -> Any:
    """An instant by the clock of Paris, without its zone, which no spreadsheet holds."""
    return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value


def written(value: Any) -> str:
    """``value`` for a CSV: dates in ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return safe(str(value))
