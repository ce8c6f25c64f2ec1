"""Dates and hours as French says them."""

from datetime import date, time

import pytest

from events.dates import spoken_day, spoken_days, spoken_hours, spoken_zone

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("days", "phrase"),
    [
        ([], "dates à préciser"),
        ([date(2024, 11, 18)], "lundi 18 novembre 2024"),
        ([date(2024, 12, 1)] * 2, "dimanche 1er décembre 2024"),
        ([date(2024, 11, 19), date(2024, 11, 18)], "les 18 et 19 novembre 2024"),
        ([date(2024, 11, 18), date(2024, 12, 2)], "les 18 novembre et 2 décembre 2024"),
        ([date(2024, 11, 18), date(2024, 11, 19), date(2024, 11, 20)], "du 18 au 20 novembre 2024"),
        ([date(2024, 11, 29), date(2024, 11, 30), date(2024, 12, 1)], "du 29 novembre au 1er décembre 2024"),
        ([date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 1)], "du 30 décembre 2024 au 1er janvier 2025"),
        ([date(2024, 11, 18), date(2024, 11, 20), date(2024, 11, 22)], "du 18 au 22 novembre 2024 (3 dates)"),
    ],
)
def test_the_days_of_an_event_make_one_phrase(days: list[date], phrase: str) -> None:
    assert spoken_days(days) == phrase


def test_a_day_may_come_without_its_weekday() -> None:
    assert spoken_day(date(2024, 8, 1)) == "1er août 2024"


def test_hours_keep_together_with_no_break_spaces() -> None:
    assert spoken_hours(time(9), time(12, 5)) == "de 9\u00a0h à 12\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Paris", ""),
        ("Indian/Reunion", "heure de La Réunion (UTC+4)"),
        ("America/Martinique", "heure de Martinique (UTC\u22124)"),
        ("Pacific/Marquesas", "heure des Marquises (UTC\u22129:30)"),
    ],
)
def test_only_a_local_time_that_is_not_of_paris_is_named(zone: str, name: str) -> None:
    assert spoken_zone(zone, date(2024, 11, 18)) == name
