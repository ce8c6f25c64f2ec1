"""An answer is promised in working days, public holidays counted."""

from datetime import date

import pytest

from labels.deadlines import is_working_day, promised_on


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
