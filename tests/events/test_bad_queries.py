"""Hostile or broken query strings, case by case: pages say so and show the rest, data refuse or ignore; none fails."""

import re
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from events.filters import EventFilter
from events.models import Event
from tests import bad_input, factories
from tests.bad_input import Case
from tests.outside import processor_seconds

pytestmark = pytest.mark.django_db

FRAME = "/carte/integrer/"
PAGES = ("/evenements/", "/carte/", FRAME)
DATA = ("/carte/evenements.geojson", *(f"/evenements.{name}" for name in ("csv", "json", "ics", "rss")))
# Of each filter what it takes, what it does not, and nothing.
VALUES = {
    "q": ("forge", "Le Havre", "!!", "Normandie 76"), "pres": ("49.49,0.1", "zzzz", "95,4", ""), "rayon": ("5", "x"),
    "du": ("2024-11-18", "hier"), "au": ("2024-11-22", "1999-01-01"), "lieu": ("en-ligne", "z"), "region": ("28", "zz"),
    "departement": ("76", "zz"), "commune": ("76351", "zz"), "format": ("atelier", "zz"), "public": ("scolaires", "zz"),
    "filiere": ("metallurgie", "zz"), "niveau": ("college", "zz"), "groupe": ("5", "-1"), "age": ("14", "x"),
    "edition": ("2024", "x"), "tri": ("date", "distance", "zz"), "bbox": ("-5,41,10,51", "1,2,3"), "page": ("2", "x"),
}  # fmt: skip
NOT_FOUND = {"query-046"}
# Names of the filters with a value that they cannot have: a page says so, data refuse. All other names of these cases
# are none of ours, and ignored. Of the places, « 0,0 » is far from any event, and nothing else.
REFUSED = {
    "query-002", "query-016", "query-020", "query-022", "query-024", "query-030", "query-038",
    "geo-001", "geo-003", "geo-005", "geo-013", "geo-015",
}  # fmt: skip
# A pin that was moved is no search.
QUERIES = [case for case in bad_input.cases("query", "geo") if case.id != "geo-017"]


@pytest.fixture(autouse=True)
def event() -> Event:
    event = factories.event(title="Visite de la forge", edition=factories.edition(2024))
    event.publish()
    return event


def query(case: Case) -> str:
    """A place is one that a search is made around."""
    if case.group == "query":
        return case.value
    return urlencode({"pres": case.value if "," in case.value else f"{case.value},0.1"})


def get(client: Client, address: str) -> Any:
    answers: list[Any] = []
    assert processor_seconds(lambda: answers.append(client.get(address))) < 2
    return answers[0]


def test_no_value_of_a_filter_fails_beside_that_of_another() -> None:
    pairs = [(name, value) for name, values in VALUES.items() for value in values]
    for one, other in combinations(pairs, 2):
        form = EventFilter(QueryDict(urlencode([one, other])))

        assert form.queryset().count() <= 1
        assert all(tag.label for tag in form.tags)
        found = [EventFilter(QueryDict(suggestion.query)).queryset().count() for suggestion in form.suggestions]
        assert found == [suggestion.count for suggestion in form.suggestions]
        again = EventFilter(QueryDict(form.search))
        assert (again.errors, again.search) == ({}, form.search), (one, other)


@bad_input.each(QUERIES)
def test_a_page_says_what_is_wrong_and_shows_the_rest(client: Client, case: Case) -> None:
    for address in PAGES:
        response = get(client, f"{address}?{query(case)}")

        body = response.content.decode()
        assert response.status_code == (404 if case.id in NOT_FOUND else 200), address
        assert not re.search(r"<script>alert|\"><script>|Traceback|\bSELECT ", body), address
        # A frame on somebody else's page shows what it can, without a word on its own address.
        is_told = "fr-alert--warning" in body
        assert is_told == (case.id in REFUSED and address != FRAME), address


@bad_input.each(case for case in QUERIES if case.id in REFUSED)
def test_a_broken_filter_leaves_the_others_to_find_their_events(client: Client, event: Event, case: Case) -> None:
    found = get(client, f"/evenements/?public=scolaires&{query(case)}")
    none = get(client, f"/evenements/?public=professionnels-rh&{query(case)}")

    assert event.title in found.content.decode()
    assert event.title not in none.content.decode()


@bad_input.each(QUERIES)
def test_data_refuse_or_ignore(client: Client, case: Case) -> None:
    expected = 404 if case.id in NOT_FOUND else 400 if case.id in REFUSED else 200
    for address in DATA:
        response = get(client, f"{address}?{query(case)}")

        assert response.status_code == expected, address
        if expected != 200:
            assert response.json().keys() == {"errors"}, address
