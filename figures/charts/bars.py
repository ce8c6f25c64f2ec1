"""Bars one below the other, each under its name and its figure."""

from collections.abc import Sequence

from events.templatetags.event_text import figure
from figures.charts.svg import Drawing, add, drawing

WIDTH, ROW, BAR = 600, 62, 18


def draw(name: str, title: str, description: str, rows: Sequence[tuple[str, int]]) -> Drawing:
    root = drawing(name, title, description, WIDTH, max(1, len(rows)) * ROW)
    most = max((count for _, count in rows), default=0) or 1
    for rank, (label, count) in enumerate(rows):
        top = rank * ROW
        add(root, "text", label, look="text", y=top + 24, font_size=22)
        add(root, "text", figure(count), look="strong", x=WIDTH, y=top + 24, font_size=22, text_anchor="end")
        add(root, "rect", look="groove", y=top + 32, width=WIDTH, height=BAR)
        if count:
            add(root, "rect", look="bar", y=top + 32, width=max(2, round(WIDTH * count / most)), height=BAR)
    return root
