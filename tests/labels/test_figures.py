"""The figures of the work, worked out by hand: days, medians, percentiles, shares."""

from collections import Counter
from datetime import date

import pytest

from labels.figures import Batch, Counts, Delays, delays_by, median, ninth_decile, percent, reasons_of

pytestmark = pytest.mark.pure

TODAY = date(2024, 11, 20)


def counts(*values: int) -> Counts:
    return Counter(values)


@pytest.mark.parametrize(
    ("values", "middle", "ninth"),
    [
        ((), None, None),
        ((3,), 3, 3),
        ((0,), 0, 0),
        ((1, 4), 2.5, 4),
        ((2, 4), 3, 4),
        ((1, 2, 9), 2, 9),
        ((1, 1, 2, 8), 1.5, 8),
        # Of ten values the ninth: nine of ten do not exceed it.
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 5.5, 9),
        # Of eleven the tenth (9.9 rounded up).
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 6, 10),
        ((4, 4, 4, 4, 4, 4, 4, 4, 4, 30), 4, 4),
        ((4, 4, 4, 4, 4, 4, 4, 4, 30, 30), 4, 30),
    ],
)
def test_the_median_and_the_90th_percentile(values: tuple[int, ...], middle: float | None, ninth: int | None) -> None:
    assert (median(counts(*values)), ninth_decile(counts(*values))) == (middle, ninth)


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(0, 0, None), (0, 7, 0), (7, 7, 100), (1, 3, 33), (1, 1000, 1), (999, 1000, 99)]
)
def test_a_share_is_rounded_and_never_to_none_or_all_when_it_is_neither(part: int, whole: int, shown: int) -> None:
    assert percent(part, whole) == shown


def test_delays_count_working_days_over_public_holidays_and_hold_them_against_the_promise() -> None:
    row = Delays()
    for batch in (
        # A Thursday before Armistice Day: promised for Thursday 14, which it is given on.
        Batch("28", date(2024, 11, 7), date(2024, 11, 14), count=2),
        # A day too late.
        Batch("28", date(2024, 11, 7), date(2024, 11, 15), count=1),
        # The same day.
        Batch("28", date(2024, 11, 12), date(2024, 11, 12), count=1),
        # Promised for Monday 18: late on the 20th; and for Friday 22: in time.
        Batch("28", date(2024, 11, 12), None, count=3, is_waiting=True),
        Batch("28", date(2024, 11, 18), None, count=4, is_waiting=True),
        # Withdrawn before an answer.
        Batch("28", date(2024, 11, 12), None, count=5),
    ):
        row.add(batch, TODAY)

    assert row.days == Counter({4: 2, 5: 1, 0: 1})
    assert (row.filed, row.decided, row.waiting, row.late, row.ended) == (16, 4, 7, 3, 5)
    assert (row.in_time, row.share_in_time) == (3, 75)
    assert (row.median, row.ninth_decile) == (4, 5)


def test_an_answer_on_the_saturday_after_the_day_promised_is_late_though_no_working_day_passed() -> None:
    row = Delays()

    row.add(Batch(None, date(2024, 10, 7), date(2024, 10, 12), count=1), TODAY)

    assert (row.median, row.in_time, row.share_in_time) == (4, 0, 0)


def test_a_row_without_a_decision_has_no_delay_and_no_share() -> None:
    row = Delays()

    row.add(Batch(None, date(2024, 11, 12), None, count=1, is_waiting=True), TODAY)

    assert (row.median, row.ninth_decile, row.share_in_time) == (None, None, None)


def test_delays_are_told_apart_by_what_one_asks_for() -> None:
    batches = [
        Batch("28", date(2024, 11, 12), date(2024, 11, 13), count=1, by=1),
        Batch(None, date(2024, 11, 12), date(2024, 11, 14), count=1, by=1),
        Batch("28", date(2024, 11, 12), date(2024, 11, 15), count=1, by=2),
    ]

    by_region = delays_by(batches, lambda batch: batch.region, TODAY)
    by_examiner = delays_by(batches, lambda batch: batch.by, TODAY)

    assert {key: row.median for key, row in by_region.items()} == {"28": 2, None: 2}
    assert {key: row.median for key, row in by_examiner.items()} == {1: 1.5, 2: 3}


def test_a_decision_that_rests_on_two_conditions_counts_once_for_each() -> None:
    reasons = reasons_of([(["free"], 2), (["free", "dates"], 1), (["dates", "dates"], 1)])

    assert reasons.decisions == 4
    assert reasons.conditions == Counter({"free": 3, "dates": 2})
    assert [reasons.share(name) for name in ("free", "dates", "industry")] == [75, 50, 0]


def test_no_decision_has_no_share_of_reasons() -> None:
    assert reasons_of([]).share("free") is None
