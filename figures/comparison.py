"""Editions side by side, at the same number of days before their week; no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from figures.charts.editions import FURTHEST, Curve
from figures.history import History
from figures.tables import Missing, Row, Table, Value

MARKS = (60, 45, 30, 15, 7, 0)
MOST_CURVES = 5


@dataclass(frozen=True)
class Compared:
    """What is known of an edition; ``participants`` as declared, None where nobody gave a figure."""

    year: int
    history: History
    participants: int | None

    def labelled(self, days_before: int, today: date) -> Value:
        """By the end of that day."""
        if days_before < self.history.days_before(today):
            return Missing.TO_COME
        if self.history.is_known:
            return self.history.labelled(days_before)
        return Missing.UNKNOWN if self.history.total or self._is_over(today) else 0

    def total(self, today: date) -> Value:
        """An edition that is over without an event here took place all the same: its figure is not known."""
        return Missing.UNKNOWN if self._is_over(today) and not self.history.total else self.history.total

    def _is_over(self, today: date) -> bool:
        return today > self.history.window_ends_on


def table(compared: Sequence[Compared], shown: Compared, today: date) -> Table:
    marks = marks_for(shown, today)
    rows = [
        Row(
            str(each.year),
            str(each.year),
            (
                *(each.labelled(mark, today) for mark in marks),
                each.total(today),
                Missing.UNKNOWN if each.participants is None else each.participants,
            ),
            f"edition={each.year}",
        )
        for each in compared
    ]
    measures = (*map(spoken, marks), "En tout", "Participants déclarés")
    return Table("editions", "Éditions côte à côte", "Édition", rows, measures)


def marks_for(shown: Compared, today: date) -> list[int]:
    """The usual ones, and today's while the edition shown goes on."""
    now = shown.history.days_before(today)
    is_on = now <= FURTHEST and today <= shown.history.window_ends_on
    return sorted({*MARKS, now} if is_on else MARKS, reverse=True)


def spoken(days_before: int) -> str:
    """« 30 jours avant », « Premier jour », « 1 jour après »; always of the week."""
    if not days_before:
        return "Premier jour"
    number = abs(days_before)
    return f"{number} jour{'s' if number > 1 else ''} {'avant' if days_before > 0 else 'après'}"


def curves(compared: Sequence[Compared], shown: Compared, today: date) -> list[Curve]:
    """Of the editions whose history is known, the one that is shown first; each as far as it went."""
    known = sorted((each for each in compared if each.history.is_known), key=lambda each: each.year != shown.year)
    return [
        Curve(str(each.year), _drawn_out(each.history, today), each.year == shown.year) for each in known[:MOST_CURVES]
    ]


def _drawn_out(history: History, today: date) -> list[tuple[int, int]]:
    end = history.days_before(min(today, history.window_ends_on))
    points = [(day, count) for day, count in history.curve() if day >= end]
    return [*points, (end, history.labelled(end))]


def years_without_history(compared: Sequence[Compared]) -> list[int]:
    """Those with events of which nobody knows when they were labelled."""
    return [each.year for each in compared if each.history.total and not each.history.is_known]
