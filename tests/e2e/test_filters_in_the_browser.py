"""The map filters in the browser as the server does: whatever is asked, the same events, or the server is asked."""

from collections.abc import Callable
from datetime import date, time, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from events.filters import EventFilter
from events.models import Event, Format, Level, Sector
from tests import factories
from tests.maps.test_views import published

pytestmark = pytest.mark.django_db(transaction=True)

AUDIENCES = ["scolaires", "jeunes", "etudiants", "grand-public"]
FORMATS = ["atelier", "job-dating", "conference"]
SECTORS = ["metallurgie", "aeronautique"]
COMMUNES = ["76351", "14118", "69381", "97411", "98818", "2A004"]
MONDAY = date(2024, 11, 18)

Search = Callable[[str], list[int] | None]

PREPARE = """async () => {
  const { choose, decode } = await import("/static/js/workers/points.js");
  const response = await fetch("/carte/points.json?edition=2024");
  const points = decode(await response.json());
  globalThis.chosen = (query) => choose(points, query)?.map((rank) => points.id[rank]) ?? null;
}"""


@pytest.fixture
def search(page: Page, live_server: LiveServer) -> Search:
    """Which events the browser keeps of a varied edition; None where it leaves that to the server."""
    random = Random(2024)
    for rank in range(45):
        _event(random, rank)
    page.goto("/carte/points.json?edition=2024")
    page.evaluate(PREPARE)
    return lambda query: page.evaluate("query => chosen(query)", query)


def _event(random: Random, rank: int) -> None:
    days = {MONDAY + timedelta(days=random.randrange(6)) for _ in range(random.choice([1, 1, 2, 3]))}
    event = published(
        title=f"Fonderie {rank}",
        commune=factories.commune(random.choice(COMMUNES)) if rank % 9 else None,
        attendance=random.choice(list(Event.Attendance)),
        format=Format.objects.get(slug=random.choice(FORMATS)),
        audiences=random.sample(AUDIENCES, random.randrange(1, 4)),
        slots=[(day, time(9), time(12)) for day in sorted(days)],
        group_size=random.choice([None, 10, 25, 30]),
        capacity=random.choice([None, 12, 40]),
        minimum_age=random.choice([None, 12, 16]),
        is_full=rank % 7 == 0,
    )
    event.sectors.set(Sector.objects.filter(slug__in=random.sample(SECTORS, random.randrange(3))))
    event.levels.set(Level.objects.all()[: random.randrange(3)])
    if event.latitude is not None and event.longitude is not None:
        point = {"latitude": event.latitude + random.random() / 3, "longitude": event.longitude + random.random() / 3}
        Event.objects.filter(pk=event.pk).update(**point)


def codes(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


def one(*values: Any) -> st.SearchStrategy[list[Any]]:
    return st.sampled_from(values).map(lambda value: [value])


# What the columns tell, whatever is joined to it.
DECIDED: dict[str, st.SearchStrategy[list[Any]]] = {
    "region": codes("28", "84", "04", "94"),
    "departement": codes("76", "14", "69", "974"),
    "format": codes(*FORMATS),
    "public": codes(*AUDIENCES),
    "filiere": codes(*SECTORS),
    "du": one("2024-11-17", "2024-11-19", "2024-11-20"),
    "au": one("2024-11-20", "2024-11-22", "2025-01-01"),
    "lieu": one("sur-place", "en-ligne", ""),
    "groupe": st.integers(1, 45).map(lambda size: [size]) | one(100_000),
    "age": st.integers(1, 20).map(lambda age: [age]),
    "pres": one("49.49,0.1", "45.77, 4.83", "-20.9,55.4"),
    "rayon": one("", 5, 40, 200),
    "bbox": one("-5,41,10,51.2", "0.05,49.05,3,51", "160,-30,-170,0", ""),
    "tri": one("date", "distance", "zz"),
    "page": one("2", "zz"),
    "inconnu": one("1"),
}
# What they do not, or the server does not take.
LEFT: list[tuple[str, str]] = [
    ("q", "fonderie"), ("q", "Le Havre"), ("q", "!!"), ("commune", "69123"), ("commune", "76351"), ("pres", "Caen"),
    ("pres", "76351"), ("pres", "91,0"), ("region", "zz"), ("region", "11"), ("format", "\0"), ("groupe", "0"),
    ("groupe", "9e9"), ("age", "douze"), ("du", "hier"), ("du", "2024-02-30"), ("bbox", "1,2,3"), ("bbox", "0,51,5,49"),
    ("lieu", "partout"),
]  # fmt: skip


def is_group_of_days(values: dict[str, Any]) -> bool:
    """Of a slot's room the columns tell that of the roomiest alone."""
    return "groupe" in values and bool({"du", "au"} & values.keys())


searches = st.fixed_dictionaries({}, optional=DECIDED)
decided = searches.filter(lambda values: not is_group_of_days(values)).map(lambda v: urlencode(v, doseq=True))
left = st.builds(lambda query, pair: f"{query}&{urlencode([pair])}", decided, st.sampled_from(LEFT))


def found(query: str) -> set[int]:
    return set(EventFilter(QueryDict(f"edition=2024&{query}")).queryset().values_list("pk", flat=True))


def test_the_browser_finds_what_the_server_finds(search: Search) -> None:
    kept: set[frozenset[int]] = set()

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(decided)
    def agree(query: str) -> None:
        chosen = search(query)
        assert chosen is not None, query
        assert set(chosen) == found(query), query
        assert len(chosen) == len(set(chosen))
        kept.add(frozenset(chosen))

    agree()
    assert len(kept) > 25


def test_what_the_columns_do_not_tell_is_left_to_the_server(search: Search) -> None:
    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(left)
    def leave(query: str) -> None:
        assert search(query) is None, query

    leave()
    assert search("du=2024-11-20&au=2024-11-19") is None
    assert search("du=2024-11-19&groupe=5") is None
    # A point on the very edge, which the columns hold to a metre.
    longitude = Event.objects.located().values_list("longitude", flat=True)[0] or 0
    assert search(f"bbox={longitude:.6f},-80,179,80") is None
    assert search(f"bbox={longitude - 0.01:.6f},-80,179,80") is not None
