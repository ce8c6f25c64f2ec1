"""Redis as a cache that may be missing: when it does not answer, the portal is slower, never broken.

A server that is down or hangs costs one short wait; for some seconds after it this process does not ask again, and
whoever reads finds an empty cache.
"""

import logging
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT = 0.5
PAUSE = 5.0


class MissableRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _MissableClient


class _LastingClient(RedisCacheClient):
    """Django makes one of the library's clients for each command, which takes longer than the command."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._client: Any = cache(self._client)


class _MissableClient:
    """Django's client of Redis, in front of which an empty cache stands in while the server is away."""

    _away_until = 0.0  # the class's own, so that all threads wait together

    def __init__(self, servers: list[str], **options: Any) -> None:
        # The library's own default retries three times with growing pauses: a request would wait for ten seconds.
        patience = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 0)}
        self._client = _LastingClient(servers, **{**patience, **options})

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._ask, name)

    def _ask(self, name: str, *args: Any) -> Any:
        if time.monotonic() < _MissableClient._away_until:
            return _as_if_empty(name, args)
        try:
            return getattr(self._client, name)(*args)
        except (RedisError, OSError) as error:
            _MissableClient._away_until = time.monotonic() + PAUSE
            logger.warning("cache not reached, asked again in %s s: %s", PAUSE, type(error).__name__)
            return _as_if_empty(name, args)


def _as_if_empty(name: str, args: tuple[Any, ...]) -> Any:
    """What a cache that holds nothing and keeps nothing answers to the client's method ``name``."""
    match name:
        case "get":
            return args[1]
        case "get_many":
            return {}
        case "incr":
            raise ValueError(f"Key '{args[0]}' not found.")
        case _:
            return name == "add"
