import time
from concurrent.futures import Future
from typing import Any

import pytest

from core import calls
from core.calls import Service, Unavailable
from tests.outside import OutsideService


@pytest.fixture
def service() -> Service:
    return Service("stub")


def fails(service: Service, url: str, word: str = "x") -> None:
    with pytest.raises(Unavailable):
        service.get(url, {"q": word})


def test_an_answer_is_given_and_kept(service: Service, outside_service: OutsideService) -> None:
    outside_service.answer = {"results": ["é"]}

    answers = [service.get(outside_service.url, {"q": "rue"}) for _ in range(2)]

    assert answers == [{"results": ["é"]}] * 2
    assert outside_service.queries == [{"q": "rue"}]


def test_an_empty_answer_is_an_answer(service: Service, outside_service: OutsideService) -> None:
    outside_service.answer = []

    assert service.get(outside_service.url, {"q": "rue"}) == []
    assert service.get(outside_service.url, {"q": "rue"}) == []
    assert len(outside_service.queries) == 1


def test_a_service_that_is_not_configured_is_not_asked(service: Service) -> None:
    fails(service, "")
    assert not service.is_left_alone


@pytest.mark.parametrize("slowness", ["delay", "drip"])
def test_a_service_that_hangs_or_dribbles_is_given_two_seconds_in_all(
    service: Service, outside_service: OutsideService, slowness: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    result: Any = Future.result

    def waited(future: "Future[Any]", timeout: float) -> Any:
        waits.append(timeout)
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", waited)
    outside_service.answer = {"results": "x" * 200}
    setattr(outside_service, slowness, 30 if slowness == "delay" else 0.3)

    fails(service, outside_service.url)

    assert len(waits) == 1 and 0 < waits[0] <= calls.TIMEOUT == 2
    # It would last half a minute and more.
    assert outside_service.answered == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"status": 302, "headers": {"Location": "/elsewhere"}},
        {"body": b"<html>maintenance</html>"},
        {"body": b"\xff\xfe{}"},
        {"body": b"[" * 200_000},
        {"body": b" " * (calls.MOST_BYTES + 1) + b"{}"},
    ],
)
def test_after_three_failures_in_a_row_a_service_is_left_alone_then_asked_again(
    service: Service, outside_service: OutsideService, broken: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in broken.items():
        setattr(outside_service, name, value)

    for rank in range(5):
        fails(service, outside_service.url, str(rank))

    assert (len(outside_service.queries), service.is_left_alone) == (3, True)

    outside_service.status, outside_service.headers, outside_service.body = 200, {}, None
    now = time.monotonic()
    monkeypatch.setattr("core.calls.time.monotonic", lambda: now + calls.PAUSE + 1)
    assert service.get(outside_service.url, {"q": "again"}) == {}


def test_a_service_that_asks_for_patience_gets_it_at_once(service: Service, outside_service: OutsideService) -> None:
    outside_service.status, outside_service.headers = 429, {"Retry-After": "60"}

    fails(service, outside_service.url)
    fails(service, outside_service.url, "y")

    assert (len(outside_service.queries), service.is_left_alone) == (1, True)


def test_our_own_wrong_questions_do_not_count_against_a_service(
    service: Service, outside_service: OutsideService
) -> None:
    outside_service.status = 400

    for rank in range(5):
        fails(service, outside_service.url, str(rank))

    assert (len(outside_service.queries), service.is_left_alone) == (5, False)


def test_nothing_that_was_asked_reaches_the_log(
    service: Service, outside_service: OutsideService, caplog: pytest.LogCaptureFixture
) -> None:
    outside_service.status = 500
    caplog.set_level("INFO")

    fails(service, outside_service.url, "12 rue de Camille")

    assert "stub did not answer (500)" in caplog.text
    assert "Camille" not in caplog.text
