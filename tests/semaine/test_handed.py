"""What names its version is handed out by the process that sent it, and nothing else is."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from events.models import Edition, Event
from pages import metrics
from semaine import handed
from semaine.requests import HEADER
from tests import factories
from tests.semaine.test_requests import lines, production_log

pytestmark = pytest.mark.django_db

POINTS = "/carte/points.json"


@pytest.fixture(autouse=True)
def _connection_of_the_test() -> Iterator[None]:
    """As the client of Django's own tests does: a request ends no transaction but its own."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


class Answer:
    """What a server would send."""

    def __init__(self, asked: dict[str, Any], handler: Callable[..., Any]) -> None:
        self.status, self.headers = 0, dict[str, str]()
        body = handler(asked, self._start)
        self.content = b"".join(body)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


def get(address: str, *, secure: bool = False, by: Callable[..., Any] | None = None, **headers: str) -> Answer:
    request = RequestFactory().get(address, secure=secure, headers={k.replace("_", "-"): v for k, v in headers.items()})
    return Answer(request.META, by or handed.Handler())


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def named(query: str = "") -> str:
    edition = Edition.objects.get(year=2024)
    return f"{POINTS}?{query}edition={edition.year}&version={edition.public_version}"


def without_identity(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != HEADER}


def counted() -> float:
    return float(metrics.REQUESTS.labels("maps:points", 200)._value.get())


def test_the_second_who_asks_for_a_version_gets_the_same_answer_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    published()
    first = get(named(), accept_encoding="gzip")
    address = named()

    with django_assert_num_queries(0):
        second = get(address, accept_encoding="gzip")

    assert (second.status, second.content) == (200, first.content)
    assert without_identity(second) == without_identity(first)
    assert second.headers[HEADER] != first.headers[HEADER]


def test_it_bears_every_header_that_django_would_send() -> None:
    published()
    get(named())

    handed_out, django_s = get(named()), get(named(), by=WSGIHandler())

    assert without_identity(handed_out) == without_identity(django_s)
    assert {"Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options"} <= handed_out.headers.keys()


def test_what_is_handed_out_is_told_in_log_and_counts_as_any_request_is(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    published()
    get(named())
    before = counted()
    with production_log() as printed:
        answer = get(named(), x_request_id="donne-par-le-mandataire")

    (line,) = lines(printed)
    told = {name: line[name] for name in ("request_id", "method", "route", "status")}
    assert told == {"request_id": "donne-par-le-mandataire", "method": "GET", "route": "maps:points", "status": 200}
    assert answer.headers[HEADER] == "donne-par-le-mandataire"
    assert counted() == before + 1


def test_a_change_is_another_address_and_the_one_before_is_not_kept_for_long() -> None:
    published(title="Forge")
    before = named()
    old = json.loads(get(before).content)

    published(title="Soierie")
    new = json.loads(get(named()).content)

    assert named() != before
    assert (len(old["id"]), len(new["id"])) == (1, 2)
    assert handed.KEPT_FOR <= 60


def test_an_address_of_a_version_that_is_over_is_read_anew_each_time(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    published()
    before = named()
    published()
    answers = [get(before) for _ in range(2)]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, no-cache"}
    assert {len(json.loads(answer.content)["id"]) for answer in answers} == {2}
    assert handed.count() == 0


@pytest.mark.parametrize(
    "address", [POINTS, "/evenements/?version=1", "/evenements.json?version=0", "/nulle-part/?version=1", "/?version=1"]
)
def test_what_does_not_say_that_it_may_is_never_kept(address: str) -> None:
    published()
    get(address)

    assert handed.count() == 0


def test_each_encoding_and_each_scheme_has_its_own() -> None:
    published()
    plain = get(named())
    pressed = [get(named(), accept_encoding="gzip") for _ in range(2)]
    get(named(), secure=True)

    assert handed.count() == 3
    assert "Content-Encoding" not in plain.headers
    assert [gzip.decompress(answer.content) for answer in pressed] == [plain.content] * 2


def test_another_host_is_not_answered_from_what_was_kept_for_one() -> None:
    published()
    get(named())

    assert get(named(), host="ailleurs.example").status == 400
    assert handed.count() == 1


def test_who_has_it_already_is_told_that_nothing_changed() -> None:
    published()
    first = get(named())

    again = get(named(), if_none_match=first.headers["ETag"])

    assert (again.status, again.content) == (304, b"")


def test_a_process_keeps_a_few_and_forgets_the_oldest() -> None:
    published()
    for region in range(handed.MOST + 3):
        get(named(f"age={region + 1}&"))

    assert handed.count() == handed.MOST
