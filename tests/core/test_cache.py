"""The cache when Redis serves, stops, hangs and comes back."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from redis import Redis

from core import cache as missable
from core.cache import MissableRedisCache
from tests.services import RedisServer, free_port


@pytest.fixture(autouse=True)
def _never_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missable._MissableClient, "_away_until", 0.0)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def test_a_cache_that_serves_keeps_what_it_is_given(server: RedisServer) -> None:
    cache = MissableRedisCache(server.url, {})

    cache.set("a", {"b": [1]})
    cache.set_many({"c": 1, "d": 2})

    assert cache.get("a") == {"b": [1]}
    assert cache.get_many(["c", "d", "e"]) == {"c": 1, "d": 2}
    assert cache.add("a", 2) is False
    assert cache.incr("c") == 2
    assert cache.has_key("d") is True
    assert cache.delete("d") is True
    assert cache.get("d") is None


def test_one_client_of_the_library_serves_all_commands(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counted(Redis):
        def __init__(self, **given: Any) -> None:
            made.append(1)
            super().__init__(**given)

    monkeypatch.setattr(redis, "Redis", Counted)
    cache = MissableRedisCache(server.url, {})

    cache.set("a", 1)
    cache.add("b", 1)

    assert (cache.get("a"), len(made)) == (1, 1)


def test_a_cache_that_is_down_looks_empty() -> None:
    cache = MissableRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})

    cache.set("a", 1)

    assert cache.get("a", "nothing") == "nothing"
    assert cache.get_many(["a"]) == {}
    assert cache.add("a", 1) is True
    assert cache.delete("a") is False
    assert cache.get_or_set("a", lambda: 3) == 3
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_a_cache_that_hangs_is_waited_for_once(silent: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missable, "PAUSE", 3600.0)
    cache = MissableRedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})

    answers = [cache.get("a", "nothing") for _ in range(20)]

    assert answers == ["nothing"] * 20
    asked, _ = silent.accept()
    asked.close()
    with pytest.raises(BlockingIOError):
        silent.accept()


def test_a_cache_that_comes_back_is_asked_again_after_the_pause(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missable, "PAUSE", 3600.0)
    cache = MissableRedisCache(server.url, {})
    server.stop()
    cache.set("a", 1)
    server.start()
    cache.set("a", 2)
    during_the_pause = cache.get("a")

    monkeypatch.setattr(missable._MissableClient, "_away_until", 0.0)
    cache.set("a", 3)

    assert during_the_pause is None
    assert cache.get("a") == 3
