"""The portal as production serves it, in processes of its own: to be broken, restarted and asked by many at once."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import environ
import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg import sql

from accounts.models import User
from tests.services import PostgresqlServer, free_port, with_path

START_WITHIN = 60


def until(is_so: Callable[[], bool], *, seconds: float = START_WITHIN) -> None:
    """Wait for what another process does; fails when it does not come."""
    give_up_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            pytest.fail(f"It did not come in {seconds} s.")
        time.sleep(0.02)


class Portal:
    """granian with its two workers; ``reload`` changes them, ``stop`` ends it as Docker does."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {**os.environ, "SITE_URL": self.url, "LOG_LEVEL": "WARNING", **environment}
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed by remove()
        self._process: subprocess.Popen[bytes] | None = None
        self._browsers: list[httpx.Client] = []

    def start(self, *, before: Callable[[], None] | None = None) -> None:
        """Once it answers; ``before`` is done in the new process, before the portal."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "semaine.server", "--port", str(self.port)],
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before,  # noqa: PLW1509  no thread of this process is touched
        )
        self.wait_until_alive()

    def wait_until_alive(self) -> None:
        give_up_at = time.monotonic() + START_WITHIN
        while not self.is_alive():
            if time.monotonic() > give_up_at or (self._process and self._process.poll() is not None):
                pytest.fail(f"The portal does not start:\n{self.log()[-3000:]}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def database_url(self) -> str:
        return self._environment["DATABASE_URL"]

    def is_alive(self) -> bool:
        try:
            return httpx.get(f"{self.url}/sante/vivant", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def reload(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def log(self) -> str:
        # Opened anew: the portal writes where this handle stands.
        return Path(f"/proc/self/fd/{self._log.fileno()}").read_text()

    def remove(self) -> None:
        if self._process:
            # With its workers, and without waiting for what they are at: their database is dropped.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for browser in self._browsers:
            browser.close()
        self._log.close()

    def signed_in(self, user: User) -> httpx.Client:
        """A browser of theirs: its session, and the cookie that its forms are checked against."""
        session = Client()
        session.force_login(user)
        cookies = {settings.SESSION_COOKIE_NAME: session.cookies[settings.SESSION_COOKIE_NAME].value}
        browser = httpx.Client(base_url=self.url, cookies=cookies, timeout=60)
        self._browsers.append(browser)
        browser.get(reverse("admin:index") if user.is_staff else reverse("labels:new"))
        return browser


def posting(browser: httpx.Client, address: str, *, files: Any = None, **data: Any) -> httpx.Response:
    """As its form does, with the token that stands in it."""
    typed = {**data, "csrfmiddlewaretoken": browser.cookies[settings.CSRF_COOKIE_NAME]}
    return browser.post(address, data=typed, files=files, headers={"Origin": str(browser.base_url).rstrip("/")})


@pytest.fixture
def start_portal() -> Iterator[Callable[..., Portal]]:
    """Starts the portal on the database, the Redis and the mail server that are named."""
    portals: list[Portal] = []

    def start(*, before: Callable[[], None] | None = None, **environment: str) -> Portal:
        portal = Portal(**environment)
        portals.append(portal)
        portal.start(before=before)
        return portal

    yield start
    for portal in portals:
        portal.remove()


class Load:
    """Threads that ask again and again while something happens; what each was answered, or what broke."""

    def __init__(self, ask: Callable[[], Any], *, threads: int = 4, pause: float = 0.02) -> None:
        self._ask, self._pause = ask, pause
        self.answers: list[Any] = []
        self._is_over = threading.Event()
        self._pool = ThreadPoolExecutor(threads)
        self._threads = threads

    def __enter__(self) -> Self:
        self._running = [self._pool.submit(self._run) for _ in range(self._threads)]
        return self

    def _run(self) -> None:
        while not self._is_over.wait(self._pause):
            try:
                self.answers.append(self._ask())
            except httpx.HTTPError as error:
                self.answers.append(type(error).__name__)

    def wait_for(self, count: int) -> None:
        """Until so many more were answered."""
        wanted = len(self.answers) + count
        until(lambda: len(self.answers) >= wanted)

    def __exit__(self, *raised: object) -> None:
        self._is_over.set()
        self._pool.shutdown()
        for done in self._running:
            done.result()


# A PostgreSQL that a test may stop ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Its database ``model`` is migrated; those of the tests are copies of it."""
    server = PostgresqlServer()
    server.start()
    try:
        _run(server, "CREATE DATABASE model")
        # What dies here is its processes, never the machine.
        _run(server, "ALTER SYSTEM SET fsync = off")
        _run(server, "SELECT pg_reload_conf()")
        environment = {**os.environ, "DATABASE_URL": with_path(server.url, "model"), "LOG_LEVEL": "WARNING"}
        prepare = "import django; django.setup(); from django.core.management import call_command as call; "
        prepare += "call('migrate', verbosity=0); call('make_groups', verbosity=0)"
        environment["DJANGO_SETTINGS_MODULE"] = "semaine.settings"
        subprocess.run([sys.executable, "-c", prepare], env=environment, check=True, stdout=subprocess.DEVNULL)
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def mortal_portal(postgresql_server: PostgresqlServer) -> Iterator[Portal]:
    """The portal on a database of that server; its tasks are done in the caller, its mails leave for the log."""
    name = f"mortal_{free_port()}"
    _run(postgresql_server, f"CREATE DATABASE {name} TEMPLATE model")
    portal = Portal(DATABASE_URL=with_path(postgresql_server.url, name), REDIS_URL="")
    try:
        portal.start()
        yield portal
    finally:
        portal.remove()


@pytest.fixture
def portal_on_it(mortal_portal: Portal, transactional_db: None) -> Iterator[Portal]:
    """The same, whose database this test's own rows are written to, beside those of the tests before."""
    with _standing_on(mortal_portal.database_url):
        yield mortal_portal


def _run(server: PostgresqlServer, command: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as link:
        link.execute(sql.SQL(command))


@contextmanager
def _standing_on(url: str) -> Iterator[None]:
    named, before = environ.Env.db_url_config(url), dict(connection.settings_dict)
    connection.close()
    options = {**before["OPTIONS"], **named.get("OPTIONS", {})}
    connection.settings_dict.update(
        {**{key: named[key] for key in ("NAME", "USER", "HOST", "PORT")}, "OPTIONS": options}
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
