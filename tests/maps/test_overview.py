"""What the map shows before the browser has read anything: as many events as there are, joined as they will be."""

import json
import re
from math import hypot
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event
from maps.overview import METROPOLE, RADIUS, ZOOMS, Cell, joined, overview
from maps.points import CANCELLED, FULL, SCHEDULED
from tests import factories
from tests.maps.test_views import MAP, published

WEST, SOUTH, EAST, NORTH = METROPOLE
cells = st.builds(Cell, st.floats(SOUTH, NORTH), st.floats(WEST, EAST), st.integers(1, 500), st.integers(1, 10**6))


def seen(events: Any = None) -> dict[int, list[list[float]]]:
    return overview((events or Event.objects.published()).located())


@pytest.mark.django_db
def test_each_event_of_metropolitan_france_is_counted_once_at_every_zoom() -> None:
    for code in ("76351", "76351", "69381", "2A004", "97411"):
        published(commune=factories.commune(code))

    assert {zoom: sum(size for _, _, size, *_ in markers) for zoom, markers in seen().items()} == dict.fromkeys(
        ZOOMS, 4
    )


@pytest.mark.django_db
def test_an_event_alone_is_itself_with_its_state() -> None:
    held, full, cancelled = (published(commune=factories.commune(code)) for code in ("76351", "69381", "2A004"))
    full.is_full = True
    full.save()
    cancelled.cancel("Fermé.")

    alone = {int(key): status for _, _, size, key, status in seen()[6] if size == 1}

    assert alone == {held.pk: SCHEDULED, full.pk: FULL, cancelled.pk: CANCELLED}


@pytest.mark.django_db
def test_what_is_not_published_is_not_seen() -> None:
    published().revoke()
    factories.event(edition=factories.edition(2024))

    assert seen() == {zoom: [] for zoom in ZOOMS}


@given(st.lists(cells, max_size=60, unique=True), st.sampled_from(ZOOMS))
def test_to_join_loses_no_event_and_moves_none_further_than_its_neighbours(given: list[Cell], zoom: int) -> None:
    found = list(joined(given, zoom))

    assert sum(cell.size for cell in found) == sum(cell.size for cell in given)
    for cell in given:
        x, y = cell.pixels(zoom)
        nearest = min(hypot(x - east, y - south) for east, south in (one.pixels(zoom) for one in found))
        assert nearest <= 2 * RADIUS


def test_those_within_reach_join_and_those_beyond_stay() -> None:
    paris, beside, lyon = Cell(48.86, 2.35, 3), Cell(48.9, 2.4, 1, 7), Cell(45.76, 4.84, 1, 8)

    assert sorted(cell.size for cell in joined([paris, beside, lyon], 6)) == [1, 4]
    assert [cell.size for cell in joined([paris, beside, lyon], 2)] == [5]


@pytest.mark.django_db
def test_the_page_of_a_search_holds_none_for_its_view_is_another(client: Client) -> None:
    event = published()

    whole, searched = (
        json.loads(re.search(r'<script id="map-data" type="application/json">(.*?)</script>', page)[1])  # type: ignore[index]
        for page in (client.get(MAP).content.decode(), client.get(f"{MAP}?lieu=sur-place").content.decode())
    )

    place = [round(event.latitude or 0, 3), round(event.longitude or 0, 3)]
    assert whole["overview"]["6"] == [[*place, 1, event.pk, SCHEDULED]]
    assert "overview" not in searched
