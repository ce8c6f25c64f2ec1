"""A kept connection is asked whether it lives only where its socket, or an error, makes one doubt.

It plans once what is asked over and over.
"""

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, DataError, OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test.utils import CaptureQueriesContext

from core import prepared
from tests.portal import until

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What Django's own question was answered, each time."""
    answers, own = list[bool](), DatabaseWrapper.is_usable

    def is_usable(wrapper: DatabaseWrapper) -> bool:
        answers.append(own(wrapper))
        return answers[-1]

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    return answers


@pytest.fixture(autouse=True)
def another_connection() -> Iterator[None]:
    connection.close()
    connection.ensure_connection()
    yield
    connection.close()


def ended(pid: int, url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_one_that_lives_is_not_asked(asked: list[bool]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert connection.is_usable()
    assert asked == []


def test_one_that_the_server_ended_is_not_used(asked: list[bool], postgresql_url: str) -> None:
    ended(connection.connection.info.backend_pid, postgresql_url)
    until(lambda: not connection.is_usable())

    assert asked == [False]
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


def test_one_that_this_side_closed_is_not_used(asked: list[bool]) -> None:
    connection.connection.close()

    assert not connection.is_usable()
    assert asked == [False]


def test_after_an_error_it_is_asked(asked: list[bool]) -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_thing")

    assert connection.errors_occurred
    assert connection.is_usable()
    assert asked == [True]


@pytest.fixture
def table() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE towns (name varchar(20))")
        cursor.execute("INSERT INTO towns VALUES ('Lens'), ('Vire')")
    yield "towns"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE towns")


def found(name: str) -> list[tuple[str]]:
    with prepared.cursor() as cursor:
        cursor.execute("SELECT name FROM towns WHERE name = %s", [name])
        rows: list[tuple[str]] = cursor.fetchall()
        return rows


def planned() -> list[tuple[str, int]]:
    """Each statement, and how often it was planned for its values alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, custom_plans FROM pg_prepared_statements")
        plans: list[tuple[str, int]] = cursor.fetchall()
        return plans


def widen(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ALTER name TYPE text")


def test_a_question_of_a_prepared_cursor_is_planned_once_whatever_its_values_and_no_other_is(table: str) -> None:
    for name in ("Lens", "Vire", "Brest"):
        assert found(name) == [(name,)][: name != "Brest"]

    assert planned() == [("SELECT name FROM towns WHERE name = $1", 0)]


def test_nothing_is_planned_for_a_connection_that_is_not_kept(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    assert found("Lens") == [("Lens",)]
    assert planned() == []


def test_a_migration_sets_nothing_on_a_connection_that_a_pooler_may_hand_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    with CaptureQueriesContext(connection) as asked:
        call_command("migrate", verbosity=0)

    assert not [query for query in asked if "lock_timeout" in query["sql"]]


def test_who_debugs_reads_what_was_asked_with_its_values(table: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        found("Lens")
        found("Vire")

    assert [query["sql"] for query in asked] == [f"SELECT name FROM towns WHERE name = '{n}'" for n in ("Lens", "Vire")]


def test_what_was_planned_is_found_after_a_rollback(table: str) -> None:
    assert found("Lens")
    with transaction.atomic():
        assert found("Vire")
        transaction.set_rollback(True)

    assert found("Vire") == [("Vire",)]


def test_a_question_is_planned_anew_once_a_migration_changed_the_type_of_its_columns(table: str) -> None:
    assert found("Lens")
    widen(table)

    assert found("Lens") == found("Lens") == [("Lens",)]


def test_a_transaction_that_such_a_migration_overtook_is_told_as_a_moment_of_the_database_and_the_next_one_passes(
    table: str,
) -> None:
    assert found("Lens")
    widen(table)

    with pytest.raises(OperationalError), transaction.atomic():
        found("Lens")
    with transaction.atomic():
        assert found("Lens") == [("Lens",)]


def test_what_cannot_be_asked_is_told_alike_to_who_debugs(table: str) -> None:
    for asked in (nullcontext(), CaptureQueriesContext(connection)):
        with asked, pytest.raises(DataError):
            found("a\0b")
