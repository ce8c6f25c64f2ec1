"""Which edition is the current one, when applications are taken, and which dates an edition may have."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import Edition
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions() -> dict[int, Edition]:
    return {year: factories.edition(year) for year in (2022, 2023, 2024)}


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2021, 1, 1), 2022),  # before all: the next
        (date(2022, 11, 22), 2022),  # in its week
        (date(2022, 11, 6), 2022),  # the first day of its window, or before
        (date(2023, 3, 1), 2023),  # between two: the next
        (date(2025, 3, 1), 2024),  # after all: the last
    ],
)
def test_the_current_edition_is_the_one_of_today_else_the_next_else_the_last(
    today: date, year: int, editions: dict[int, Edition]
) -> None:
    assert Edition.objects.current(today) == editions[year]


def test_an_edition_that_is_not_published_is_never_current(editions: dict[int, Edition]) -> None:
    Edition.objects.filter(year=2023).update(is_published=False)

    assert Edition.objects.current(date(2023, 3, 1)) == editions[2024]
    assert Edition.objects.published().filter(year=2023).count() == 0


def test_applications_are_taken_from_the_opening_to_the_instant_of_the_deadline(editions: dict[int, Edition]) -> None:
    edition = editions[2024]
    opening, closing = edition.applications_open_at, edition.applications_close_at
    instants = [opening - timedelta(seconds=1), opening, closing - timedelta(seconds=1), closing]

    assert [edition.is_open(instant) for instant in instants] == [False, True, True, False]
    assert [list(Edition.objects.open_to_applications(i)) for i in instants] == [[], [edition], [edition], []]


def test_windows_that_overlap_are_refused(editions: dict[int, Edition]) -> None:
    edition = editions[2023]
    edition.window_ends_on = editions[2024].window_starts_on

    with pytest.raises(ValidationError) as refusal:
        edition.full_clean()

    assert set(refusal.value.message_dict) == {"window_starts_on"}


@pytest.mark.parametrize(
    "changes",
    [
        {"week_ends_on": date(2024, 11, 17)},
        {"window_starts_on": date(2024, 11, 19)},
        {"window_ends_on": date(2024, 11, 20)},
        {"applications_close_at": datetime(2024, 9, 1, tzinfo=timezone.get_default_timezone())},
    ],
)
def test_dates_out_of_order_never_reach_the_table(
    changes: dict[str, date | datetime], editions: dict[int, Edition]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(year=2024).update(**changes)

    assert Edition.objects.get(year=2024).week_ends_on == editions[2024].week_ends_on
