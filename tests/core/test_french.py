from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from core.templatetags.french import long_date, period, siret, weight

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 16), "lundi 16 novembre 2026"),
        (date(2026, 12, 1), "mardi 1er décembre 2026"),
        (date(2026, 8, 21), "vendredi 21 août 2026"),
        (None, ""),
    ],
)
def test_a_date_is_written_as_french_people_do(day: date | None, expected: str) -> None:
    assert long_date(day) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "du 16 au 22 novembre 2026"),
        (date(2026, 11, 1), date(2026, 12, 7), "du 1er novembre au 7 décembre 2026"),
        (date(2026, 12, 28), date(2027, 1, 1), "du 28 décembre 2026 au 1er janvier 2027"),
        (date(2026, 11, 1), date(2026, 11, 1), "le 1er novembre 2026"),
    ],
)
def test_a_period_repeats_neither_month_nor_year(first: date, last: date, expected: str) -> None:
    assert period(first, last) == expected


def test_both_are_at_hand_in_a_template() -> None:
    template = Template("{% load french %}{{ day|long_date }} – {% period day day %}")

    assert template.render(Context({"day": date(2026, 11, 1)})) == "dimanche 1er novembre 2026 – le 1er novembre 2026"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 12, 1, 11, 0, tzinfo=UTC), "1er décembre 2026 à 12 h"),
        (datetime(2026, 8, 21, 7, 5, tzinfo=UTC), "21 août 2026 à 9 h 05"),
        (None, ""),
    ],
)
def test_a_moment_is_told_in_the_hour_of_paris(value: datetime | None, expected: str) -> None:
    template = Template("{% load french %}{{ value|moment }}")

    assert template.render(Context({"value": value})) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(10, "1\u00a0ko"), (340_400, "340\u00a0ko"), (2_345_678, "2,3\u00a0Mo"), (5 * 1024**3, "5368,7\u00a0Mo")],
)
def test_a_weight_is_told_in_the_units_that_people_know(size: int, expected: str) -> None:
    assert weight(size) == expected


def test_a_siret_is_grouped_as_companies_write_it() -> None:
    assert siret("55208131766522") == "552\u00a0081\u00a0317\u00a066522"
    assert siret("552") == "552"
