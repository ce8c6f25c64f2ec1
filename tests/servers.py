"""Real servers for the tests that are about them: a Redis to stop and start, a Celery worker, an SMTP server."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from semaine.celery import app
from tests.services import RedisServer, free_port, with_path

READY = " ready."


@pytest.fixture
def postgresql_url(transactional_db: None) -> str:
    """The address of the test database, for another process; only what is committed shows there."""
    return with_path(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))


@pytest.fixture
def redis_server(settings: Settings) -> Iterator[RedisServer]:
    """A Redis of this test's own, which Celery talks to instead of running tasks in the caller."""
    server = RedisServer()
    server.start()
    before = app.conf.broker_url
    settings.CELERY_TASK_ALWAYS_EAGER = app.conf.task_always_eager = False
    point_celery_at(server.url)
    yield server
    point_celery_at(before)
    app.conf.task_always_eager = True
    server.stop()


def point_celery_at(url: str) -> None:
    app.conf.update(broker_url=url)
    app._after_fork()  # type: ignore[attr-defined]  # forgets the connections to the server before


class SmtpServer:
    """Keeps the messages it takes; ``reply`` is what it answers to the next ones."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.reply = "250 OK"
        # Done once a message is whole, before it is answered.
        self.before_reply: Callable[[], None] = lambda: None
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._arrived = threading.Condition()
        self._controller: Any = None

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        if self.reply.startswith("250"):
            message = BytesParser(policy=modern).parsebytes(envelope.content)
            with self._arrived:
                self.messages.append(message)
                self._arrived.notify_all()
        self.before_reply()
        return self.reply

    def wait_for(self, count: int, *, seconds: float = 10) -> list[EmailMessage]:
        """The messages once there are ``count``; fails when they do not come in time."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.messages) >= count, timeout=seconds):
                pytest.fail(f"{len(self.messages)} mails came in {seconds} s, not {count}.")
        return self.messages


@pytest.fixture
def smtp_server(settings: Settings) -> Iterator[SmtpServer]:
    """An SMTP server that this process and the worker send to."""
    server = SmtpServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield server
    server.stop()


class Worker:
    """A Celery worker and the process that does its tasks; one that ends by itself is started again, as by Docker."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._is_put_down = False
        self._process = self._started()
        self._keeper = threading.Thread(target=self._keep_up, daemon=True)
        self._keeper.start()

    def _started(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "semaine", "worker", "--concurrency", "1", "--loglevel", "INFO"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if READY in line:
                return process
        pytest.fail("The worker does not start:\n" + "".join(lines[-20:]))

    def _keep_up(self) -> None:
        """Read on, too: a full pipe would block the worker."""
        while True:
            assert self._process.stdout
            with self._process.stdout:
                self._process.stdout.read()
            self._process.wait()
            if self._is_put_down:
                return
            self._process = self._started()

    def kill(self) -> None:
        """At once, with the process that does its tasks, for good: nothing is put away."""
        self._is_put_down = True
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._keeper.join()


@pytest.fixture
def start_worker(
    postgresql_url: str, redis_server: RedisServer, smtp_server: SmtpServer
) -> Iterator[Callable[[], Worker]]:
    """Starts real workers on the test database, the test's Redis and its SMTP server, each ready."""
    environment = {
        **os.environ,
        "DATABASE_URL": postgresql_url,
        "REDIS_URL": redis_server.url,
        "EMAIL_URL": smtp_server.url,
        "SITE_URL": django_settings.SITE_URL,
    }
    workers: list[Worker] = []

    def start() -> Worker:
        workers.append(Worker(environment))
        return workers[-1]

    yield start
    for worker in workers:
        # Put away with care it takes ten seconds, for a database that is dropped.
        worker.kill()


@pytest.fixture
def celery_worker(start_worker: Callable[[], Worker]) -> Worker:
    return start_worker()
