"""Every event counts once: régions, online and without région add up to all, whatever the events."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event
from figures.counts import Counts, Group
from figures.places import NO_REGION, ONLINE, place_of
from figures.tables import Names, Row, of_audiences, of_days, of_departements, of_formats, of_regions, reconciliation

pytestmark = pytest.mark.pure

ATTENDANCES = [value.value for value in Event.Attendance]
REGIONS = ["11", "28", "84", "94", "01", "06"]
groups = st.lists(
    st.builds(
        Group,
        region=st.sampled_from([None, *REGIONS]),
        attendance=st.sampled_from(ATTENDANCES),
        departement=st.sampled_from([None, "76", "974"]),
        format=st.sampled_from([None, "atelier", "webinaire"]),
        events=st.integers(0, 10_000),
        located=st.integers(0, 10_000),
    )
)
NAMES = Names(
    dict.fromkeys(REGIONS, "Région"), {"76": "Seine-Maritime"}, {"atelier": "Atelier", "webinaire": "Webinaire"}
)


def test_the_words_of_places_are_those_of_events() -> None:
    assert ONLINE == Event.Attendance.ONLINE


def test_a_place_is_a_region_or_online_or_neither() -> None:
    places = {
        ("28", "sur-place"): "28",
        ("28", "hybride"): "28",
        ("28", "en-ligne"): ONLINE,
        (None, "en-ligne"): ONLINE,
        (None, "sur-place"): NO_REGION,
        (None, "hybride"): NO_REGION,
    }

    assert {case: place_of(*case) for case in places} == places
    assert {attendance for _, attendance in places} == set(ATTENDANCES)


@given(groups)
def test_regions_online_and_without_region_are_all_there_is(rows: list[Group]) -> None:
    counts = Counts.of(rows, {}, {})

    assert counts.in_regions + counts.online + counts.without_region == counts.total == sum(row.events for row in rows)
    assert sum(counts.formats.values()) == counts.total
    assert counts.departements.total() <= counts.in_regions


@given(groups)
def test_tables_add_up_to_the_total_that_they_show(rows: list[Group]) -> None:
    counts = Counts.of(rows, {}, {})

    for table in (of_regions(counts, NAMES), of_formats(counts, NAMES)):
        *parts, total = table.rows
        assert sum(row.count for row in parts) == total.count == counts.total


def test_what_is_counted_of_some_events() -> None:
    rows = [
        Group("28", "sur-place", "76", "atelier", 3, 3),
        Group("28", "hybride", "76", None, 1, 1),
        Group(None, "en-ligne", None, "webinaire", 2, 0),
        Group(None, "sur-place", None, "atelier", 4, 1),
    ]

    counts = Counts.of(rows, {"jeunes": 5}, {date(2026, 11, 16): 6})

    assert (counts.total, counts.located, counts.regions) == (10, 5, 1)
    assert counts.places == Counter({"28": 4, ONLINE: 2, NO_REGION: 4})
    assert counts.departements == Counter({"76": 4})
    assert of_formats(counts, NAMES).rows == [
        Row("atelier", "Atelier", (7,), "format=atelier"),
        Row("webinaire", "Webinaire", (2,), "format=webinaire"),
        Row("sans-format", "Sans format", (1,)),
        Row("total", "Ensemble", (10,), is_apart=True),
    ]
    assert of_departements(counts, NAMES).rows == [Row("76", "Seine-Maritime (76)", (4,), "departement=76")]
    assert of_audiences(counts, Names({}, {}, {}, {"jeunes": "Jeunes"})).rows[0].count == 5


def test_a_day_without_an_event_is_shown_and_so_is_one_outside_of_the_window() -> None:
    counts = Counts.of([], {}, {date(2026, 11, 3): 1, date(2026, 11, 9): 2})

    rows = of_days(counts, date(2026, 11, 2), date(2026, 11, 4)).rows

    assert [(row.code, row.count) for row in rows] == [
        ("2026-11-02", 0),
        ("2026-11-03", 1),
        ("2026-11-04", 0),
        ("2026-11-09", 2),
    ]
    assert rows[1].label == "mardi 3 novembre 2026"
    assert rows[1].query == "du=2026-11-03&au=2026-11-03"


def test_the_sum_is_written_out() -> None:
    counts = Counts.of(
        [Group("28", "sur-place", "76", None, 3462, 0), Group(None, "en-ligne", None, None, 1, 0)], {}, {}
    )

    text = reconciliation(counts).replace("\u202f", " ").replace("\xa0", " ")

    assert text == "3 462 en région + 1 en ligne + 0 sans région = 3 463 événements"
