"""The portal in production with so many events: a database that stays from a run to the next, a cache, a server."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import servers
from tests.services import LOCAL_REDIS, claim_redis_database, with_path

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True)
class Portal:
    url: str
    database: str
    environment: Mapping[str, str]
    # The same events for Datasette.
    file: Path


@contextmanager
def portal(events: int, **environment: str) -> Iterator[Portal]:
    database = _database(f"semaine_bench_{events}")
    file = servers.WORK / f"events_{events}.sqlite3"
    servers.WORK.mkdir(parents=True, exist_ok=True)
    fill = [sys.executable, "-m", "benchmarks.data", str(events), str(file)]
    subprocess.run(fill, env={**os.environ, "DATABASE_URL": database}, check=True)
    redis, release = claim_redis_database(os.environ.get("TEST_REDIS_URL", LOCAL_REDIS))
    try:
        whole = servers.production(database, redis, **environment)
        servers.collect_static()
        with servers.granian(whole) as url:
            yield Portal(url, database, whole, file)
    finally:
        release()


def _database(name: str) -> str:
    with closing(psycopg.connect(POSTGRESQL, autocommit=True)) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return with_path(POSTGRESQL, name)
