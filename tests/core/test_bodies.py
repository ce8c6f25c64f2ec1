"""Ready bytes: rendered once for each change, whoever asks and however many ask at once."""

import gzip
import threading
from collections.abc import Callable

import brotli
import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisDown

from core import bodies

BODY = b"Semaine de l'industrie " * 500


class Renderer:
    """Renders the same document, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> bytes:
        self.times += 1
        return BODY


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br; q=0.0, gzip; q=0", "identity"),
        ("zstd, *", "identity"),
    ],
)
def test_the_best_encoding_that_is_taken_is_chosen(header: str, encoding: str) -> None:
    assert bodies.negotiated(header) == encoding


@pytest.mark.parametrize(
    ("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)]
)
def test_every_encoding_holds_the_same_document(encoding: str, decode: Callable[[bytes], bytes]) -> None:
    assert decode(bodies.kept("v1", encoding, Renderer())) == BODY
    assert decode(bodies.passing(encoding, Renderer())) == BODY


def test_a_version_is_rendered_once_for_all_encodings() -> None:
    render = Renderer()

    for encoding in ("br", "gzip", "identity", "br"):
        bodies.kept("v1", encoding, render)

    assert render.times == 1
    bodies.kept("v2", "br", render)
    assert render.times == 2


def test_those_who_ask_at_once_wait_for_the_one_who_renders() -> None:
    started, go_on, answers = threading.Event(), threading.Event(), []

    def slow() -> bytes:
        started.set()
        assert go_on.wait(5)
        return BODY

    def never() -> bytes:
        raise AssertionError("rendered twice")

    first = threading.Thread(target=lambda: answers.append(bodies.kept("v1", "identity", slow)))
    first.start()
    assert started.wait(5)
    others = [threading.Thread(target=lambda: answers.append(bodies.kept("v1", "identity", never))) for _ in range(4)]
    for thread in others:
        thread.start()
    go_on.set()
    for thread in [first, *others]:
        thread.join(5)

    assert answers == [BODY] * 5


def test_who_renders_too_long_or_dies_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    cache.add("v1-turn", 1, timeout=60)

    assert bodies.kept("v1", "identity", Renderer()) == BODY


def test_a_cache_that_is_down_costs_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RedisDown

    monkeypatch.setattr(cache, "get", fail)

    assert brotli.decompress(bodies.kept("v1", "br", Renderer())) == BODY
