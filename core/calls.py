"""Calls of outside services that may be slow, wrong or gone: a whole answer within two seconds, or none.

A service that fails several times in a row is left alone for a while by this process (circuit breaker); good answers
are kept in the cache. Whoever calls has a way to go on without.
"""

import json
import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx
from django.core.cache import cache

logger = logging.getLogger(__name__)

TIMEOUT = 2.0
FAILURES = 3
PAUSE = 30.0
LONGEST_PAUSE = 600.0
MOST_BYTES = 1_000_000
DAY = 24 * 3600


class Unavailable(Exception):
    """No answer that can be used: the service is not configured, silent, overloaded, refusing, or left alone."""


@dataclass
class Service:
    """One outside service, asked by GET for JSON; ``name`` stands in the log and in the cache's keys.

    The query never stands in the log: it may be a person's address.
    """

    name: str
    keep: float = DAY
    _failures: int = field(default=0, init=False)
    _away_until: float = field(default=0.0, init=False)
    # The wait is bounded by the thread that waits, so that a name server that hangs is bounded too.
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix=self.name)

    def get(self, url: str, params: Mapping[str, str | int | float]) -> Any:
        """The JSON that ``url`` answers, from the cache where it is; raises Unavailable."""
        key = self._key(url, params)
        kept = cache.get(key)
        if kept is None:
            kept = [self._ask(url, params)]
            self._keep(key, kept)
        return kept[0]

    def _keep(self, key: str, answer: Any) -> None:
        try:
            cache.set(key, answer, self.keep)
        except RecursionError:  # nested deeper than can be written, or than any reader of it would follow
            self._failed("RecursionError")
            raise Unavailable(self.name) from None

    def recall(self, url: str, params: Mapping[str, str | int | float]) -> Any:
        """The answer that is kept, without asking: for whoever holds rows; raises Unavailable where none is."""
        if (kept := cache.get(self._key(url, params))) is None:
            raise Unavailable(self.name)
        return kept[0]

    def _key(self, url: str, params: Mapping[str, str | int | float]) -> str:
        query = json.dumps([url, sorted(params.items())])
        return f"calls-{self.name}-{sha256(query.encode()).hexdigest()}"

    @property
    def is_left_alone(self) -> bool:
        return time.monotonic() < self._away_until

    def forgive(self) -> None:
        """Ask again at the next call, whatever happened before."""
        self._failures, self._away_until = 0, 0.0

    def _ask(self, url: str, params: Mapping[str, str | int | float]) -> Any:
        if not url or self.is_left_alone:
            raise Unavailable(self.name)
        deadline = time.monotonic() + TIMEOUT
        try:
            answer = self._pool.submit(_fetch, url, params, deadline)
            found = _within(answer, deadline)
        except _Refused as refusal:
            self._failed(refusal.status, pause=refusal.pause, counts=refusal.is_fault_of_theirs)
        except (TooSlow, httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            self._failed(type(error).__name__)
        else:
            self._failures = 0
            return found
        raise Unavailable(self.name)

    def _failed(self, reason: object, *, pause: float = 0, counts: bool = True) -> None:
        self._failures += counts
        if self._failures >= FAILURES:
            pause = max(pause, PAUSE)
        if pause:
            self._away_until = time.monotonic() + min(pause, LONGEST_PAUSE)
        logger.warning("%s did not answer (%s)%s", self.name, reason, f", left alone for {pause:.0f} s" * bool(pause))


class _Refused(Exception):
    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.status_code)
        self.status = response.status_code
        # Our own wrong question (400, 404) says nothing of the service.
        self.is_fault_of_theirs = self.status == httpx.codes.TOO_MANY_REQUESTS or not response.is_client_error
        after = response.headers.get("Retry-After", "")
        is_asked_to_wait = self.status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}
        self.pause = float(after) if is_asked_to_wait and after.isascii() and after.isdigit() else 0.0


def _within(answer: "Future[Any]", deadline: float) -> Any:
    try:
        return answer.result(timeout=max(0.0, deadline - time.monotonic()))
    except TooSlow:
        answer.cancel()
        raise


def _fetch(url: str, params: Mapping[str, str | int | float], deadline: float) -> Any:
    """In a thread of the pool: the body by pieces, none awaited beyond ``deadline``."""
    if (left := deadline - time.monotonic()) <= 0:
        raise TooSlow
    headers = {"Accept": "application/json", "User-Agent": "portail-semaine-industrie"}
    body = bytearray()
    with httpx.stream("GET", url, params=dict(params), headers=headers, timeout=left) as response:
        if not response.is_success:
            raise _Refused(response)
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > deadline:
                raise TooSlow
    return json.loads(body)
