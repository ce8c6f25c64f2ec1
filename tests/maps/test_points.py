"""What the map page filters by itself: columns, identifiers for what these do not tell, cards by page."""

import gzip
import json
from datetime import date, time
from itertools import accumulate
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.models import Event, Sector
from tests import factories
from tests.maps.test_views import published

pytestmark = pytest.mark.django_db

POINTS, IDS, CARDS = "/carte/points.json", "/carte/ids.json", "/carte/fiches.json"


def read(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    document: dict[str, Any] = response.json()
    return document


def codes(document: dict[str, Any], name: str) -> list[list[str]]:
    """Of each event, in the document's order."""
    facet = document[name]
    return [facet["sets"][rank] for rank in facet["of"]]


def test_an_event_is_its_numbers_and_codes(client: Client) -> None:
    event = published(
        commune=factories.commune("97411"),
        attendance=Event.Attendance.MIXED,
        slots=[(date(2024, 11, 20), time(9), time(10)), (date(2024, 11, 18), time(9), time(10))],
        group_size=30,
        minimum_age=14,
    )
    event.sectors.set([Sector.objects.get(slug="metallurgie")])

    document = read(client, POINTS)

    assert document == {
        "id": [event.pk],
        "latitude": [-2087890],
        "longitude": [5544810],
        "status": [0],
        "groupe": [30],
        "age": [14],
        "jours": {"sets": [["2024-11-18", "2024-11-20"]], "of": [0]},
        "region": {"sets": [["04"]], "of": [0]},
        "departement": {"sets": [["974"]], "of": [0]},
        "format": {"sets": [["visite-entreprise"]], "of": [0]},
        "lieu": {"sets": [["sur-place", "en-ligne"]], "of": [0]},
        "public": {"sets": [["grand-public", "scolaires"]], "of": [0]},
        "filiere": {"sets": [["metallurgie"]], "of": [0]},
        "niveau": {"sets": [[]], "of": [0]},
    }


def test_those_without_a_place_count_and_come_last(client: Client) -> None:
    online = published(commune=None, attendance=Event.Attendance.ONLINE)
    on_site = published()

    document = read(client, POINTS)

    assert list(accumulate(document["id"])) == [on_site.pk, online.pk]
    assert len(document["latitude"]) == len(document["longitude"]) == 1
    assert codes(document, "region") == [["28"], []]


@pytest.mark.parametrize(
    ("fields", "largest"),
    [
        ({}, 100_000),
        ({"group_size": 30}, 30),
        ({"capacity": 12}, 12),
        ({"group_size": 30, "capacity": 12}, 12),
        ({"group_size": 30, "capacity": 12, "is_full": True}, 0),
        ({"group_size": 200_000}, 100_000),
    ],
)
def test_the_largest_group_is_what_one_slot_takes(client: Client, fields: dict[str, Any], largest: int) -> None:
    published(**fields)

    assert read(client, POINTS)["groupe"] == [largest]


def test_what_is_marked_on_the_map_is_told(client: Client) -> None:
    published(title="Forge")
    published(title="Soierie", is_full=True)
    published(title="Fonderie", is_full=True).cancel("Fermé.")

    assert sorted(read(client, POINTS)["status"]) == [0, 1, 2]


def test_columns_hold_nothing_that_people_wrote(client: Client) -> None:
    event = published(title="Forge", registration_email="contact@exemple.fr", registration_phone="0102030405")
    assert event.organisation

    body = client.get(POINTS).content.decode()

    for secret in ("Forge", "exemple", "0102030405", event.organisation.name, str(event.uid)):
        assert secret not in body


def test_a_change_that_the_public_sees_is_in_the_next_answer(client: Client) -> None:
    event = published()
    first = client.get(POINTS, headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(first.content))["id"] == [event.pk]
    again = client.get(POINTS, headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    event.revoke()

    later = client.get(POINTS, headers={"if-none-match": first["ETag"]})
    assert (later.status_code, later.json()["id"]) == (200, [])


@pytest.mark.parametrize("count", [1, 30])
def test_columns_take_the_same_few_queries_whatever_they_hold(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        published()

    with django_assert_num_queries(6):
        client.get(f"{POINTS}?edition=2024")


def test_identifiers_are_those_of_the_search(client: Client) -> None:
    published(title="Soierie", description="Tissage.")
    found = [published(title=f"Forge {rank}", description="Métal.").pk for rank in range(3)]

    assert list(accumulate(read(client, f"{IDS}?q=forge")["ids"])) == sorted(found)
    assert client.get(f"{IDS}?region=zz").json() == {
        "errors": {"region": ["«\u00a0zz\u00a0» n’est pas un code connu."]}
    }


# Cards ----------------------------------------------------------------------------------------------------------------


def test_a_card_says_what_a_popup_shows(client: Client) -> None:
    event = published(slots=[(date(2024, 11, 18), time(9), time(12))], title="Forge <b>à cœur</b>")
    event.cancel("Fermé.")

    assert read(client, f"{CARDS}?ids={event.pk}") == {
        "events": [
            {
                "id": event.pk,
                "title": "Forge <b>à cœur</b>",
                "url": event.get_absolute_url(),
                "when": "Lundi 18 novembre 2024, de 9\u00a0h à 12\u00a0h",
                "town": "Le Havre",
                "format": "Visite d’entreprise",
                "state": "Annulé",
            }
        ]
    }


def test_no_card_of_what_is_not_public(client: Client) -> None:
    draft, revoked, public = factories.event(), published(), published()
    revoked.revoke()

    cards = read(client, f"{CARDS}?ids={draft.pk},{revoked.pk},{public.pk},999999")["events"]

    assert [card["id"] for card in cards] == [public.pk]


@pytest.mark.parametrize("count", [1, 30])
def test_cards_take_the_same_few_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = ",".join(str(published().pk) for _ in range(count))

    with django_assert_num_queries(4):
        client.get(f"{CARDS}?ids={ids}")


@pytest.mark.parametrize("ids", ["", "a", "1,", "1;2", "-1", "1.5", "٣", "1" * 16, "%00", ",".join(["1"] * 101)])
def test_broken_identifiers_are_refused_in_json(client: Client, ids: str) -> None:
    response = client.get(f"{CARDS}?ids={ids}")

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"ids"}
