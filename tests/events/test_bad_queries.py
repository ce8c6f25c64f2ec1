"""Hostile or broken query strings, case by case: pages say so and show the rest, data refuse or ignore; none fails."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.outside import processor_seconds

pytestmark = pytest.mark.django_db

PAGES = ("/evenements/", "/carte/")
DATA = "/carte/evenements.geojson"
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "bad_input_query.json").read_text())
NOT_FOUND = {"edition=1999"}
# What a page says beside the field and data refuse; all other names of these cases are none of ours, and ignored.
REFUSED = {"region=%00", "q=%25%25%25%25%25%25%25%25%25%25", "format=xml", "page=1e3", "bbox=inf,-inf,inf,inf"} | {
    "q=" + 8000 * "a", "q=%FF%FE",
}  # fmt: skip


def query(case: dict[str, Any]) -> str:
    given = case["input"]
    if isinstance(given, dict):
        start, letter, count = given["repeat"]
        return str(start + letter * count)
    return str(given)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_what_is_wrong_and_shows_the_rest(client: Client, address: str) -> None:
    factories.event(edition=factories.edition(2024)).publish()
    for case in CASES:
        asked = query(case)
        spent = processor_seconds(partial(client.get, f"{address}?{asked}"))
        response = client.get(f"{address}?{asked}")

        body = response.content.decode()
        assert response.status_code == (404 if asked in NOT_FOUND else 200), asked
        assert "<script>alert" not in body and '"><script>' not in body, asked
        assert ("fr-alert--warning" in body) == (asked in REFUSED), asked
        assert spent < 2, asked


def test_data_refuse_or_ignore(client: Client) -> None:
    factories.event(edition=factories.edition(2024)).publish()
    statuses = {query(case): client.get(f"{DATA}?{query(case)}").status_code for case in CASES}

    assert statuses == {
        asked: 404 if asked in NOT_FOUND else 400 if asked in REFUSED else 200 for asked in map(query, CASES)
    }
