"""Ready bytes: a document rendered once for each change, compressed once for each encoding, kept in the cache.

A cache that does not answer costs time, never the answer.
"""

import gzip
import logging
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEPT_FOR = 24 * 3600
# What was made for one caller, in case others ask for the same: a class, the readers of a partner's page.
KEPT_BRIEFLY_FOR = 300
# Seconds that the others wait for the one who renders, before they render too.
PATIENCE = 10
_POLL = 0.02
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")

Compress = Callable[[bytes], bytes]
# Best first. What is kept is worth the work; what passes is compressed in a few milliseconds.
_KEPT: dict[str, Compress] = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
_PASSING: dict[str, Compress] = {
    "br": lambda body: brotli.compress(body, quality=2),
    "gzip": lambda body: gzip.compress(body, 2, mtime=0),
}


def negotiated(accept_encoding: str) -> str:
    """The best encoding that the header takes: ``br``, ``gzip``, else ``identity``."""
    accepted = {part.split(";")[0].strip().lower() for part in accept_encoding.split(",") if not _REFUSED.search(part)}
    return next((encoding for encoding in _KEPT if encoding in accepted), "identity")


def kept(version: str, encoding: str, render: Callable[[], bytes]) -> bytes:
    """The document of ``version`` in ``encoding``, rendered and compressed by one of those who ask at once."""
    try:
        if encoding == "identity":
            return _once(version, render)
        return _once(f"{version}-{encoding}", lambda: _KEPT[encoding](_once(version, render)))
    except RedisError:
        logger.warning("The cache does not answer: a document is rendered for one request.", exc_info=True)
        return passing(encoding, render)


def kept_briefly(version: str, encoding: str, render: Callable[[], bytes]) -> bytes:
    """One of many that few ask for: not worth much work, nor waiting for another, nor to be kept for long."""
    key = f"{version}-{encoding}-brief"
    body: bytes | None = cache.get(key)
    if body is None:
        body = passing(encoding, render)
        cache.set(key, body, timeout=KEPT_BRIEFLY_FOR)
    return body


def passing(encoding: str, render: Callable[[], bytes]) -> bytes:
    """A document that nobody else is likely to ask for."""
    return render() if encoding == "identity" else _PASSING[encoding](render())


def streamed(encoding: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same of a document too large to be held: each part leaves as it comes."""
    match encoding:
        case "br":
            brotli_stream = brotli.Compressor(quality=2)
            press, finish = brotli_stream.process, brotli_stream.finish
        case "gzip":
            gzip_stream = zlib.compressobj(2, wbits=zlib.MAX_WBITS + 16)
            press, finish = gzip_stream.compress, gzip_stream.flush
        case _:
            yield from parts
            return
    yield from filter(None, map(press, parts))
    yield finish()


def _once(key: str, make: Callable[[], bytes]) -> bytes:
    body: bytes | None = cache.get(key)
    if body is not None:
        return body
    if not cache.add(f"{key}-turn", 1, timeout=PATIENCE) and (body := _awaited(key)) is not None:
        return body
    body = make()
    cache.set(key, body, timeout=KEPT_FOR)
    return body


def _awaited(key: str) -> bytes | None:
    """What another request is making, unless it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        time.sleep(_POLL)
        body: bytes | None = cache.get(key)
        if body is not None:
            return body
    return None
