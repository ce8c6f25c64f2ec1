"""A column for each day of the window, the week itself between two marks."""

from collections.abc import Sequence
from datetime import date

from events.dates import MONTHS
from events.templatetags.event_text import figure
from figures.charts.scales import step_for
from figures.charts.svg import Drawing, add, drawing

WIDTH, HEIGHT = 760, 480
_LEFT, _TOP, _BOTTOM = 84, 20, 380
_LINES = 4


def draw(
    name: str, title: str, description: str, counts: Sequence[tuple[date, int]], week: tuple[date, date]
) -> Drawing:
    """``counts`` in order, a day each, at least one."""
    root = drawing(name, title, description, WIDTH, HEIGHT)
    step = step_for(max(count for _, count in counts), _LINES)
    _add_grid(root, step)
    width = (WIDTH - _LEFT) / len(counts)
    for rank, (_, count) in enumerate(counts):
        height = round((_BOTTOM - _TOP) * count / (step * _LINES))
        x, y = round(_LEFT + (rank + 1 / 8) * width, 1), _BOTTOM - max(2, height)
        if count:
            add(root, "rect", look="bar", x=x, y=y, width=round(width * 3 / 4, 1), height=_BOTTOM - y)
    add(root, "path", look="axis", d=f"M{_LEFT} {_BOTTOM}H{WIDTH}")
    _mark_week(root, [day for day, _ in counts], week, width)
    return root


def _add_grid(root: Drawing, step: int) -> None:
    for rank in range(1, _LINES + 1):
        y = _BOTTOM - rank * (_BOTTOM - _TOP) // _LINES
        add(root, "path", look="grid", d=f"M{_LEFT} {y}H{WIDTH}")
        add(root, "text", figure(rank * step), look="quiet", x=_LEFT - 10, y=y + 9, font_size=24, text_anchor="end")


def _mark_week(root: Drawing, days: Sequence[date], week: tuple[date, date], width: float) -> None:
    first, last = days.index(week[0]), days.index(week[1])
    left, right = round(_LEFT + first * width), round(_LEFT + (last + 1) * width)
    add(root, "path", look="axis", d=f"M{left} {_BOTTOM + 8}v14H{right}v-14", fill="none")
    middle = (left + right) // 2
    add(root, "text", "La Semaine", look="strong", x=middle, y=_BOTTOM + 52, font_size=26, text_anchor="middle")
    add(root, "text", _short(days[0]), look="quiet", x=_LEFT, y=_BOTTOM + 84, font_size=24)
    add(root, "text", _short(days[-1]), look="quiet", x=WIDTH, y=_BOTTOM + 84, font_size=24, text_anchor="end")


def _short(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"
