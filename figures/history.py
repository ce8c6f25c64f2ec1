"""How an edition filled: labels given by the number of days before its week; no database, no clock.

Days count down to the first day of the week: 7 is a week before it, 0 that day, -3 three days later.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date


@dataclass
class History:
    """The labels of one edition that hold today; filled by ``add``, a day at a time."""

    week_starts_on: date
    window_ends_on: date
    days: Counter[int] = field(default_factory=Counter)
    instants: int = 0

    def add(self, day: date, count: int, instants: int) -> None:
        """``count`` labels given on ``day``, at so many different ``instants``."""
        self.days[self.days_before(day)] += count
        self.instants += instants

    def days_before(self, day: date) -> int:
        return (self.week_starts_on - day).days

    @property
    def total(self) -> int:
        return self.days.total()

    @property
    def is_known(self) -> bool:
        """Whether labels bear the day they were given.

        Those read from a file bear the instant of the reading: most share it with others, or all came after the event.
        """
        return 2 * self.instants > self.total and max(self.days) >= self.days_before(self.window_ends_on)

    def labelled(self, days_before: int) -> int:
        """How many had their label by the end of that day."""
        return sum(count for day, count in self.days.items() if day >= days_before)

    def curve(self) -> list[tuple[int, int]]:
        """Each day on which labels were given, and how many there were by its end; from the first to the last."""
        reached, points = 0, []
        for day in sorted(self.days, reverse=True):
            reached += self.days[day]
            points.append((day, reached))
        return points
