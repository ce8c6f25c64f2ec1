import socket
from collections.abc import Iterator
from contextlib import suppress
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from core import cache as missable
from pages import health
from tests.services import RedisServer, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _never_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missable._MissableClient, "_away_until", 0.0)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.stop()


def _use(settings: Settings, url: str) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    settings.CELERY_BROKER_URL = url
    settings.CACHES = {"default": {"BACKEND": "core.cache.MissableRedisCache", "LOCATION": url}}


def test_liveness_depends_on_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/sante/vivant")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_readiness_asks_the_real_servers(client: Client, settings: Settings, redis: RedisServer) -> None:
    _use(settings, redis.url)

    answer = client.get("/sante/pret")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "cache": "ok", "broker": "ok"}


def test_readiness_needs_no_broker_where_tasks_run_in_the_caller(client: Client) -> None:
    assert client.get("/sante/pret").status_code == 200


def test_a_redis_that_is_down_is_told_at_once(client: Client, settings: Settings) -> None:
    _use(settings, f"redis://127.0.0.1:{free_port()}/0")

    answer = client.get("/sante/pret")

    assert answer.status_code == 503
    assert answer.json() == {"status": "ko", "database": "ok", "cache": "ko", "broker": "ko"}


def test_a_redis_that_hangs_is_asked_twice_for_half_a_second_each(client: Client, settings: Settings) -> None:
    """Once as a cache, once as a broker; left to itself its client asks each three times more."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        _use(settings, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        answer = client.get("/sante/pret")
        asked = _asked(silent)

    assert (asked, health.TIMEOUT, missable.TIMEOUT) == (2, 0.5, 0.5)
    assert answer.status_code == 503
    assert answer.json() == {"status": "ko", "database": "ok", "cache": "ko", "broker": "ko"}


def _asked(silent: socket.socket) -> int:
    """How many connections were made to it, over by now."""
    silent.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            silent.accept()[0].close()
            count += 1
    return count


def test_a_database_that_is_down_is_told_without_detail(client: Client) -> None:
    with patch("pages.health.connection.cursor", side_effect=OperationalError("password of semaine refused")):
        answer = client.get("/sante/pret")

    assert answer.status_code == 503
    assert answer.json() == {"status": "ko", "database": "ko", "cache": "ok", "broker": "ok"}


@pytest.mark.parametrize("address", ["/sante/vivant", "/sante/pret"])
def test_health_is_asked_never_changed(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
