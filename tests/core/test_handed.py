"""What names its version is handed out by the process that sent it, and nothing else is."""

import gzip
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import handed
from events.models import Edition, Event
from tests import factories

pytestmark = pytest.mark.django_db

POINTS = "/carte/points.json"


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def named(query: str = "") -> str:
    edition = Edition.objects.get(year=2024)
    return f"{POINTS}?{query}edition={edition.year}&version={edition.public_version}"


def test_the_second_who_asks_for_a_version_gets_the_same_answer_without_a_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published()
    first = client.get(named(), headers={"accept-encoding": "gzip"})
    address = named()

    with django_assert_num_queries(0):
        second = client.get(address, headers={"accept-encoding": "gzip"})

    assert second.content == first.content
    kept = {name: value for name, value in first.items() if name != "X-Request-ID"}
    assert {name: value for name, value in second.items() if name != "X-Request-ID"} == kept
    assert second["X-Request-ID"] != first["X-Request-ID"]
    assert "Set-Cookie" not in second.headers


def test_what_is_handed_out_is_counted_under_the_name_of_its_address(client: Client) -> None:
    published()
    answers: list[Any] = [client.get(named()) for _ in range(2)]

    assert [answer.wsgi_request.resolver_match.view_name for answer in answers] == ["maps:points"] * 2


def test_a_change_is_another_address_and_the_one_before_is_not_kept_for_long(client: Client) -> None:
    published(title="Forge")
    before = named()
    old = client.get(before).json()

    published(title="Soierie")
    new = client.get(named()).json()

    assert named() != before
    assert (len(old["id"]), len(new["id"])) == (1, 2)
    assert handed.KEPT_FOR <= 60


def test_an_address_of_a_version_that_is_over_is_read_anew_each_time(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published()
    before = named()
    published()
    answers = [client.get(before) for _ in range(2)]

    assert {answer["Cache-Control"] for answer in answers} == {"public, no-cache"}
    assert {len(answer.json()["id"]) for answer in answers} == {2}
    assert handed.count() == 0


@pytest.mark.parametrize(
    "address", [POINTS, "/evenements/?version=1", "/evenements.json?version=0", "/nulle-part/?version=1", "/?version=1"]
)
def test_what_does_not_say_that_it_may_is_never_kept(client: Client, address: str) -> None:
    published()
    client.get(address)

    assert handed.count() == 0


def test_each_encoding_and_each_scheme_has_its_own(client: Client) -> None:
    published()
    plain = client.get(named())
    pressed = [client.get(named(), headers={"accept-encoding": "gzip"}) for _ in range(2)]
    client.get(named(), secure=True)

    assert handed.count() == 3
    assert "Content-Encoding" not in plain
    assert [gzip.decompress(answer.content) for answer in pressed] == [plain.content] * 2


def test_who_has_it_already_is_told_that_nothing_changed(client: Client) -> None:
    published()
    first = client.get(named())

    again = client.get(named(), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_process_keeps_a_few_and_forgets_the_oldest(client: Client) -> None:
    published()
    for region in range(handed.MOST + 3):
        client.get(named(f"age={region + 1}&"))

    assert handed.count() == handed.MOST
