"""What names its version, and what a search found while it stands, is handed out by the process that sent it."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from events import open_data
from events.models import Edition, Event
from pages import metrics
from semaine import handed
from semaine.requests import HEADER
from tests import factories
from tests.semaine.test_requests import lines, production_log

pytestmark = pytest.mark.django_db

POINTS = "/carte/points.json"


@pytest.fixture(autouse=True)
def _connection_of_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As the client of Django's own tests does: a request ends no transaction but its own."""
    monkeypatch.setattr(handed, "close_old_connections", lambda: None)
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


@pytest.mark.usefixtures("sent")
def test_where_errors_are_reported_which_wraps_what_django_answers_it_is_handed_out_as_well() -> None:
    published()
    first, again = get(named()), get(named())

    assert (handed.count(), again.content) == (1, first.content)


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


@pytest.mark.parametrize(
    "condition", [{"if_match": '"another"'}, {"if_unmodified_since": "Mon, 01 Jan 2001 00:00:00 GMT"}]
)
@pytest.mark.usefixtures("_some_time_ago")
def test_who_asks_for_another_state_of_it_is_told_that_it_is_not_so(condition: Any) -> None:
    statuses = [(get(address).status, get(address, **condition).status) for address in (named(), PART)]

    assert statuses == [(200, 412)] * 2


def test_a_process_keeps_a_few_and_forgets_the_oldest() -> None:
    published()
    for region in range(handed.NAMED.most + 3):
        get(named(f"age={region + 1}&"))

    assert handed.count() == handed.NAMED.most


PART = "/carte/evenements.geojson?region=28"


@pytest.fixture
def _some_time_ago() -> None:
    """An edition with an event; nothing changed in this second, of which less is told."""
    published(title="Forge")
    Edition.objects.update(public_changed_at=timezone.now() - timedelta(minutes=1))


def titles(answer: Answer) -> list[str]:
    return [feature["properties"]["title"] for feature in json.loads(answer.content)["features"]]


@pytest.mark.parametrize("address", [PART, f"{PART}&edition=2024", "/evenements.ics?region=28"])
@pytest.mark.usefixtures("_some_time_ago")
def test_what_a_search_finds_is_handed_out_again_for_the_one_question_whether_it_still_stands(
    address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = get(address, accept_encoding="gzip")
    with django_assert_num_queries(1):
        again = get(address, accept_encoding="gzip")
    django_s = get(address, accept_encoding="gzip", by=WSGIHandler())

    assert handed.count() == 1
    assert [again.content, django_s.content] == [first.content] * 2
    assert without_identity(again) == without_identity(django_s) == without_identity(first)


@pytest.mark.usefixtures("_some_time_ago")
def test_what_a_search_finds_is_never_older_than_its_edition() -> None:
    before = titles(get(PART))
    published(title="Soierie")
    after = titles(get(PART))
    Edition.objects.update(is_published=False)

    assert (before, sorted(after), titles(get(PART))) == (["Forge"], ["Forge", "Soierie"], [])


@pytest.mark.usefixtures("_some_time_ago")
def test_another_edition_in_force_is_another_answer() -> None:
    with time_machine.travel(timezone.make_aware(datetime(2024, 11, 20, 12)), tick=False):
        Edition.objects.update(public_changed_at=timezone.now() - timedelta(minutes=1))
        published(title="Soierie", edition=factories.edition(2025))
        before = titles(get(PART))
    with time_machine.travel(timezone.make_aware(datetime(2025, 11, 20, 12)), tick=False):
        after = titles(get(PART))

    assert (before, after) == (["Forge"], ["Soierie"])


@pytest.mark.usefixtures("_some_time_ago")
def test_at_midnight_what_the_day_before_said_is_handed_out_no_more() -> None:
    with time_machine.travel(timezone.make_aware(datetime(2024, 11, 19, 23, 59, 58)), tick=False) as clock:
        Edition.objects.update(public_changed_at=timezone.now() - timedelta(minutes=1))
        get(PART)
        kept = handed.count()
        clock.shift(3)
        after, django_s = get(PART), get(PART, by=WSGIHandler())

    assert kept == 1
    assert without_identity(after) == without_identity(django_s)


@pytest.mark.usefixtures("_some_time_ago")
def test_what_is_handed_out_counts_against_its_caller_who_is_refused_at_the_same_number() -> None:
    statuses = [get(PART).status for _ in range(open_data.MOST + 1)]
    others = get(PART, x_forwarded_for="198.51.100.7").status

    assert statuses == [200] * open_data.MOST + [429]
    assert others == 429  # no proxy is trusted here: it is the same caller


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
@pytest.mark.usefixtures("_some_time_ago")
def test_a_database_that_does_not_answer_is_django_s_to_tell(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    get(PART)

    def fails(*asked: object) -> None:
        raise fault

    monkeypatch.setattr(type(Edition.objects.all()), "current", fails)

    assert get(PART).status == 503


def test_in_the_second_of_a_change_nothing_is_kept() -> None:
    published()
    get(PART)

    assert handed.count() == 0


@pytest.mark.usefixtures("_some_time_ago")
def test_searches_never_put_out_what_the_map_reads_and_weigh_no_more_than_they_may() -> None:
    get(named())
    for age in range(handed.FOUND.most + 2):
        get(f"{PART}&age={age % 120 + 1}")

    assert (len(handed.NAMED), len(handed.FOUND)) == (1, handed.FOUND.most)


def test_what_is_too_heavy_puts_nothing_out() -> None:
    shelf = handed.Shelf(most=3, heaviest=10)
    for name, weight in {"a": 4, "b": 4, "heavy": 11, "c": 4}.items():
        shelf.keep((name,), handed._Sent(b"x" * weight, [], "", 0, None))

    assert [bool(shelf.get((name,))) for name in ("a", "b", "heavy", "c")] == [False, True, False, True]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_some_time_ago")
def test_a_connection_that_the_database_closed_meanwhile_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "close_old_connections", close_old_connections)
    request_started.connect(close_old_connections)
    before = get(PART)
    kept = handed.count()
    with connection.cursor() as cursor, suppress(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.errors_occurred = False  # as in a process that has yet to find out

    assert kept == 1
    assert [get(PART).content for _ in range(2)] == [before.content] * 2
