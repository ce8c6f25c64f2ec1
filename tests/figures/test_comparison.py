"""Editions side by side, at the same number of days before the week of each."""

from datetime import date, timedelta

import pytest

from figures.comparison import Compared, curves, marks_for, spoken, table, years_without_history
from figures.history import History
from figures.tables import Missing

pytestmark = pytest.mark.pure

WEEK, END = date(2024, 11, 18), date(2024, 12, 9)
UNKNOWN, TO_COME = Missing.UNKNOWN, Missing.TO_COME


def history(days: dict[int, int], *, year: int = 2024, instants: int | None = None) -> History:
    """``days``: how many labels were given, by the number of days before the week."""
    shift = timedelta(days=364) * (year - 2024)
    result = History(WEEK + shift, END + shift)
    for before, count in days.items():
        result.add(result.week_starts_on - timedelta(days=before), count, count if instants is None else instants)
    return result


def compared(year: int, days: dict[int, int], **fields: int | None) -> Compared:
    return Compared(year, history(days, year=year, instants=fields.get("instants")), fields.get("participants"))


def test_labels_count_from_the_day_they_are_given() -> None:
    given = history({40: 2, 7: 3, 0: 1, -2: 4})

    assert {day: given.labelled(day) for day in (60, 40, 39, 7, 6, 0, -1, -2)} == {
        60: 0, 40: 2, 39: 2, 7: 5, 6: 5, 0: 6, -1: 6, -2: 10,
    }  # fmt: skip
    assert given.curve() == [(40, 2), (7, 5), (0, 6), (-2, 10)]


@pytest.mark.parametrize(
    ("days", "instants", "is_known"),
    [
        ({30: 5, 20: 5}, None, True),
        ({12: 1}, 1, True),
        ({12: 4737}, 1, False),  # read from a file in one go
        ({12: 3000, 11: 1737}, 1, False),  # in two
        ({-21: 1}, None, True),  # the last day of the window
        ({-22: 1, -40: 3}, None, False),  # once all was over
        ({-40: 3, 12: 1}, None, True),
    ],
)
def test_a_history_is_known_when_labels_bear_their_own_days(
    days: dict[int, int], instants: int | None, is_known: bool
) -> None:
    assert history(days, instants=instants).is_known is is_known


def test_an_edition_without_events_has_no_history() -> None:
    assert history({}).is_known is False


def test_editions_stand_side_by_side() -> None:
    shown = compared(2025, {40: 10, 8: 5})
    rows = [
        compared(2026, {}),
        shown,
        compared(2024, {50: 100, 20: 300, 5: 40}, participants=5_700_000),
        compared(2023, {}, participants=2_200_000),
        compared(2022, {12: 4737}, instants=1),
    ]
    today = shown.history.week_starts_on - timedelta(days=7)

    result = table(rows, shown, today)

    marks = ["60 jours avant", "45 jours avant", "30 jours avant", "15 jours avant", "7 jours avant", "Premier jour"]
    assert list(result.measures) == [*marks, "En tout", "Participants déclarés"]
    assert {row.label: row.values for row in result.rows} == {
        "2026": (*[TO_COME] * 6, 0, UNKNOWN),
        "2025": (0, 0, 10, 10, 15, TO_COME, 15, UNKNOWN),
        "2024": (0, 100, 100, 400, 400, 440, 440, 5_700_000),
        "2023": (*[UNKNOWN] * 7, 2_200_000),
        "2022": (*[UNKNOWN] * 6, 4737, UNKNOWN),
    }
    assert years_without_history(rows) == [2022]


@pytest.mark.parametrize(
    ("before", "marks"),
    [
        (12, [60, 45, 30, 15, 12, 7, 0]),
        (7, [60, 45, 30, 15, 7, 0]),
        (-3, [60, 45, 30, 15, 7, 0, -3]),
        (-22, [60, 45, 30, 15, 7, 0]),
        (200, [60, 45, 30, 15, 7, 0]),
    ],
)
def test_today_is_among_the_marks_of_an_edition_that_goes_on(before: int, marks: list[int]) -> None:
    assert marks_for(compared(2024, {60: 1}), WEEK - timedelta(days=before)) == marks


def test_days_are_said_in_words() -> None:
    assert [spoken(day) for day in (30, 1, 0, -1, -13)] == [
        "30 jours avant",
        "1 jour avant",
        "Premier jour",
        "1 jour après",
        "13 jours après",
    ]


def test_curves_are_of_known_histories_and_go_to_today_or_to_the_end() -> None:
    shown = compared(2025, {40: 10, 8: 5})
    today = shown.history.week_starts_on - timedelta(days=3)
    before = compared(2024, {50: 100, 5: 40})

    drawn = curves([before, compared(2022, {12: 9}, instants=1), shown], shown, today)

    assert [(curve.label, curve.is_shown, curve.points) for curve in drawn] == [
        ("2025", True, [(40, 10), (8, 15), (3, 15)]),
        ("2024", False, [(50, 100), (5, 140), (-21, 140)]),
    ]
