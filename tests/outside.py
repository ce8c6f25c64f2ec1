"""Stands in for an outside service: a real HTTP server on loopback that answers, hangs or fails as told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


class OutsideService:
    """``answer`` is what to say to a query (a JSON value, or a function of the query's parameters).

    ``status``, ``headers`` and ``body`` (raw bytes in place of the JSON) bend the answer; ``delay`` waits that many
    seconds before it, ``drip`` sends one byte each so many seconds. ``queries`` keeps what was asked, ``answered``
    counts the answers that were sent to their end.
    """

    def __init__(self) -> None:
        self.answer: Any | Callable[[dict[str, str]], Any] = {}
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.delay = self.drip = 0.0
        self.queries: list[dict[str, str]] = []
        self.answered = 0
        self._stopped = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.serve(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/search"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.queries.append(query)
        self._stopped.wait(self.delay)
        answer = self.answer(query) if callable(self.answer) else self.answer
        body = json.dumps(answer).encode() if self.body is None else self.body
        try:
            self._send(handler, body)
        except OSError:
            return  # who asked has gone
        self.answered += not self._stopped.is_set()

    def _send(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(self.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **self.headers,
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        if not self.drip:
            handler.wfile.write(body)
            return
        for position in range(len(body)):
            if self._stopped.wait(self.drip):
                return
            handler.wfile.write(body[position : position + 1])
            handler.wfile.flush()

    def stop(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def outside_service() -> Iterator[OutsideService]:
    service = OutsideService()
    yield service
    service.stop()


def processor_seconds(call: Callable[[], object]) -> float:
    """How much work ``call`` is, whatever else the machine does."""
    started = time.process_time()
    call()
    return time.process_time() - started
