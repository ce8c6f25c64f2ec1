"""How fast and how evenly applications are answered: medians, percentiles and shares, of rows that are counts.

Nothing here knows a database. What has no value, such as the median of no answer, is None and never 0.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from labels.deadlines import promised_on, working_days_between

K = TypeVar("K", bound=Hashable)
# Counts by value: how many answers took so many working days.
Counts = Counter[int]


@dataclass(frozen=True)
class Batch:
    """``count`` applications (or changes) filed on one day and, unless none has been taken, decided on one day.

    ``region`` is the code of who examines, None the national team; ``by`` the key of who decided, where it is asked.
    """

    region: str | None
    filed_on: date
    decided_on: date | None
    count: int
    is_waiting: bool = False
    by: int | None = None


@dataclass
class Delays:
    """What a row of a table of delays says; filled by ``add``."""

    filed: int = 0
    decided: int = 0
    in_time: int = 0
    waiting: int = 0
    late: int = 0
    days: Counts = field(default_factory=Counter)

    def add(self, batch: Batch, today: date) -> None:
        """An answer keeps the promise when it is given by the day promised; one that waits is late past that day."""
        promised = promised_on(batch.filed_on)
        self.filed += batch.count
        if batch.decided_on is not None:
            self.decided += batch.count
            self.in_time += batch.count * (batch.decided_on <= promised)
            self.days[working_days_between(batch.filed_on, batch.decided_on)] += batch.count
        elif batch.is_waiting:
            self.waiting += batch.count
            self.late += batch.count * (today > promised)

    @property
    def ended(self) -> int:
        """Those that need no answer any more: withdrawn before they had one."""
        return self.filed - self.decided - self.waiting

    @property
    def median(self) -> float | None:
        return median(self.days)

    @property
    def ninth_decile(self) -> int | None:
        return ninth_decile(self.days)

    @property
    def share_in_time(self) -> int | None:
        return percent(self.in_time, self.decided)


def delays_by(batches: Iterable[Batch], key: Callable[[Batch], K], today: date) -> dict[K, Delays]:
    """One row for each key that the batches have."""
    rows: dict[K, Delays] = {}
    for batch in batches:
        rows.setdefault(key(batch), Delays()).add(batch, today)
    return rows


def together(rows: Iterable[Delays]) -> Delays:
    """All of them as one row."""
    total = Delays()
    for row in rows:
        total.filed += row.filed
        total.decided += row.decided
        total.in_time += row.in_time
        total.waiting += row.waiting
        total.late += row.late
        total.days += row.days
    return total


def median(counts: Counts) -> float | None:
    """The value in the middle; of an even number, halfway between the two in the middle."""
    if not (total := counts.total()):
        return None
    middle = (_nth(counts, (total + 1) // 2) + _nth(counts, total // 2 + 1)) / 2
    return int(middle) if middle.is_integer() else middle


def ninth_decile(counts: Counts) -> int | None:
    """The 90th percentile by the nearest rank: the least value that nine answers of ten, or more, do not exceed."""
    total = counts.total()
    return _nth(counts, -(-9 * total // 10)) if total else None


def _nth(counts: Counts, rank: int) -> int:
    """The value of that rank, from 1, in order."""
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= rank:
            return value
    raise ValueError(f"There is no {rank}th of {passed}.")


def percent(part: int, whole: int) -> int | None:
    """To the nearest unit, but 0 and 100 for none and all alone: one late answer of a thousand is not none."""
    if not whole:
        return None
    rounded = round(100 * part / whole)
    return rounded if part in (0, whole) else min(max(rounded, 1), 99)


@dataclass(frozen=True)
class Reasons:
    """Of ``decisions`` of one kind, how many rest on each condition; one may rest on several."""

    decisions: int
    conditions: Counter[str]

    def share(self, condition: str) -> int | None:
        return percent(self.conditions[condition], self.decisions)


def reasons_of(rows: Iterable[tuple[Sequence[str], int]]) -> Reasons:
    """From how many decisions rest on each set of conditions."""
    conditions: Counter[str] = Counter()
    decisions = 0
    for names, count in rows:
        decisions += count
        conditions.update(dict.fromkeys(set(names), count))
    return Reasons(decisions, conditions)
