"""An answer is promised in working days, public holidays counted."""

from datetime import date, timedelta

import pytest

from labels.deadlines import is_working_day, promised_on, working_days_between

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("submitted", "promised"),
    [
        (date(2024, 10, 7), date(2024, 10, 11)),  # Monday to Friday
        (date(2024, 10, 8), date(2024, 10, 14)),  # over a week-end
        (date(2024, 10, 12), date(2024, 10, 17)),  # on a Saturday
        (date(2024, 10, 31), date(2024, 11, 7)),  # over All Saints' Day, a Friday
        (date(2024, 10, 29), date(2024, 11, 5)),  # over All Saints' Day and a week-end
        (date(2024, 11, 7), date(2024, 11, 14)),  # over Armistice Day, a Monday
        (date(2024, 11, 12), date(2024, 11, 18)),  # on the last day of applications
        (date(2025, 11, 6), date(2025, 11, 13)),  # over Armistice Day, a Tuesday
        (date(2024, 12, 24), date(2024, 12, 31)),  # over Christmas
        (date(2024, 12, 27), date(2025, 1, 3)),  # over New Year's Day
        (date(2025, 4, 17), date(2025, 4, 24)),  # over Easter Monday
    ],
)
def test_an_answer_is_promised_within_four_working_days(submitted: date, promised: date) -> None:
    assert promised_on(submitted) == promised


def test_a_day_that_is_a_holiday_in_alsace_alone_is_worked() -> None:
    assert is_working_day(date(2024, 12, 26)) is True


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2024, 11, 12), date(2024, 11, 12), 0),  # the same day
        (date(2024, 11, 12), date(2024, 11, 18), 4),  # a Tuesday to the Monday promised
        (date(2024, 11, 7), date(2024, 11, 14), 4),  # over Armistice Day
        (date(2024, 10, 29), date(2024, 11, 5), 4),  # over All Saints' Day
        (date(2025, 11, 6), date(2025, 11, 13), 4),  # over Armistice Day, a Tuesday
        (date(2024, 11, 8), date(2024, 11, 11), 0),  # a Friday to a holiday that is a Monday
        (date(2024, 11, 9), date(2024, 11, 12), 1),  # a Saturday to the Tuesday after the holiday
        (date(2024, 12, 31), date(2025, 1, 2), 1),  # over New Year's Day
        (date(2024, 11, 12), date(2024, 11, 8), 0),  # an end before its start
    ],
)
def test_working_days_between_two_dates_leave_the_first_out_and_count_the_last(
    start: date, end: date, days: int
) -> None:
    assert working_days_between(start, end) == days


def test_the_day_promised_is_as_many_working_days_away_as_are_promised() -> None:
    year = [date(2024, 1, 1) + timedelta(days=days) for days in range(366)]

    assert {working_days_between(day, promised_on(day)) for day in year} == {4}
