"""Parts of the map are read from what a process keeps by place: the same answers as the database gives, never older."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import ANY
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from events import features
from events.distances import Box
from events.models import Edition, Event
from maps import views
from tests import factories

pytestmark = pytest.mark.django_db

DATA = "/carte/evenements.geojson"
FRANCE = f"{DATA}?bbox=-10,40,15,52"
# Where events are, with their neighbours: a box ends at one of them more often than by chance.
LATITUDES = [-90.0, -21.3, -0.05, 0.0, 0.05, 48.8, 48.8500001, 48.9, 49.4938, 90.0]
LONGITUDES = [-180.0, -179.9, -61.5, -0.1, 0.0, 0.1077, 2.35, 2.3500001, 55.4, 180.0]


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


@pytest.fixture
def scattered() -> None:
    edition = factories.edition(2024)
    for rank, (latitude, longitude) in enumerate(_places()):
        event = published(edition=edition, title=f"Forge {rank % 7}")
        Event.objects.filter(pk=event.pk).update(latitude=latitude, longitude=longitude)
    published(edition=factories.edition(2023))
    # The second of a change says less of it.
    Edition.objects.update(public_changed_at=timezone.now() - timedelta(minutes=1))


def _places() -> Iterator[tuple[float, float]]:
    for rank, latitude in enumerate(LATITUDES):
        yield from ((latitude, longitude) for longitude in LONGITUDES[rank % 3 :: 3])


degrees = st.one_of(
    st.sampled_from([*LATITUDES, *LONGITUDES]).map(str),
    st.integers(-181, 181).map(str),
    st.floats(-200, 200).map(lambda number: f"{number:.12f}"),
)
boxes = st.lists(degrees, min_size=4, max_size=4).map(",".join)
good_boxes = st.tuples(
    st.sampled_from(LONGITUDES), st.sampled_from(LATITUDES), st.sampled_from(LONGITUDES), st.sampled_from(LATITUDES)
).map(lambda box: f"{box[0]},{min(box[1], box[3])},{box[2]},{max(box[1], box[3])}")
bad_boxes = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["1,2,3", "nan,1,2,3", "1,2,3,4,5", "\u0661,2,3,4", " 1 , 2 , 3 , 4 ", "1e1,2,3,4", "\x00", "-0,-0,0,0", ""]
    ),
)
others = st.sampled_from(
    ["tri=date", "tri=distance", "tri=", "tri=x", "page=2", "page=x", "edition=2024", "edition=2023", "edition=1999",
     "edition=", "region=28", "region=", "region=zz", "q=", "q=forge", "q=%00", "limit=1", "lieu=sur-place", "rayon=5",
     "version=3", "du=", "é=1", "%", "bbox"]
)  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> str:
    asked = [("bbox", draw(st.one_of(good_boxes, good_boxes, boxes, bad_boxes)))]
    if draw(st.integers(0, 5)) == 0:
        asked.append(("bbox", draw(st.one_of(good_boxes, bad_boxes))))
    parts = [urlencode([pair], errors="surrogatepass") for pair in asked]
    parts += draw(st.lists(others, max_size=2))
    return "&".join(draw(st.permutations(parts)))


def answer(query: str) -> tuple[int, bytes, dict[str, str]]:
    cache.clear()
    response = Client().get(f"{DATA}?{query}")
    return response.status_code, response.content, {**response.headers, "X-Request-ID": ANY}


def test_whatever_is_asked_the_answer_is_the_database_s(scattered: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from_memory: list[int] = []
    within = features.features_within

    def noted(*asked: Any) -> list[bytes] | None:
        found = within(*asked)
        if found is not None:
            from_memory.append(len(found))
        return found

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries())
    def compare(query: str) -> None:
        monkeypatch.setattr(views, "features_within", noted)
        kept = answer(query)
        monkeypatch.setattr(views, "features_within", lambda *asked: None)
        assert kept == answer(query)

    compare()
    assert sum(map(bool, from_memory)) > 20


def test_from_the_third_who_asks_on_a_part_of_the_map_is_read_without_a_question_about_events(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published()
    first = [client.get(FRANCE).content for _ in range(2)]
    with django_assert_num_queries(1):
        third = client.get(f"{DATA}?bbox=-10,40,15,52.5").content

    assert json.loads(third)["features"]
    assert first == [third] * 2


def test_a_change_is_on_every_part_of_the_map_at_the_next_request(client: Client) -> None:
    event = published(title="Forge")
    for _ in range(3):
        client.get(FRANCE)

    event.revoke()
    withdrawn = [json.loads(client.get(FRANCE).content)["features"] for _ in range(3)]
    published(title="Soierie")
    titles = [json.loads(client.get(FRANCE).content)["features"][0]["properties"]["title"] for _ in range(3)]

    assert (withdrawn, titles) == ([[]] * 3, ["Soierie"] * 3)


def test_an_edition_of_more_than_a_process_keeps_is_read_from_the_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "MOST", 2)
    for rank in range(3):
        event = published(title=f"Forge {rank}")
    read = [json.loads(client.get(FRANCE).content)["features"] for _ in range(3)]

    assert [len(found) for found in read] == [3] * 3
    box = Box(-10, 40, 15, 52)
    assert features.features_within(event.edition, box) is None
