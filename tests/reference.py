"""The rows that every test finds, written by the migrations and ``make_groups``, and left by every test that commits.

Django would empty every table after such a test and read the rows in again, one by one, before the next: seconds on
PostgreSQL, for a test that wrote to a dozen tables.
"""

from collections.abc import Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from accounts.audit import AuditEntry

Rows = list[tuple[Any, ...]]


def end_other_sessions() -> None:
    """Those that nobody closes: the loop that a browser runs in this thread has a connection of its own, and a base in
    use cannot be dropped.
    """
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


class ReferenceRows:
    """What the tables hold now, to be put back as often as it takes."""

    def __init__(self) -> None:
        self._columns: dict[str, list[str]] = {}
        self._rows: dict[str, Rows] = {}
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.django_table_names(only_existing=True, include_views=False)):
                self._rows[table] = _read(cursor, table)
                self._columns[table] = [column[0] for column in cursor.description]

    def put_back(self) -> None:
        """Leave every table as it was; keys are checked at the end, so that the order of the tables does not matter."""
        with transaction.atomic(), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            is_postgresql = cursor.db.vendor == "postgresql"
            if is_postgresql:
                # What a request still writes is waited for, or it would come after.
                cursor.execute(f"LOCK TABLE {', '.join(map(_quoted, self._rows))} IN SHARE ROW EXCLUSIVE MODE")
            for table in list(self._changed(cursor)):
                # The database refuses to erase what is logged, row by row.
                is_kept = is_postgresql and table == AuditEntry._meta.db_table
                cursor.execute(f"{'TRUNCATE' if is_kept else 'DELETE FROM'} {_quoted(table)}")
                self._write(cursor, table)

    def _changed(self, cursor: CursorWrapper) -> Iterator[str]:
        held = [table for table, rows in self._rows.items() if rows]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})"
                for table in self._rows
                if table not in held
            )
        )
        yield from [table for (table,) in cursor.fetchall()]
        yield from [table for table in held if _read(cursor, table) != self._rows[table]]

    def _write(self, cursor: CursorWrapper, table: str) -> None:
        columns = self._columns[table]
        cursor.executemany(
            f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, columns))}) "
            f"VALUES ({', '.join(['%s'] * len(columns))})",
            self._rows[table],
        )


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)


def _read(cursor: CursorWrapper, table: str) -> Rows:
    cursor.execute(f"SELECT * FROM {_quoted(table)}")
    return list(cursor.fetchall())


def keep() -> None:
    """From now on every test that commits leaves the rows that there are now."""
    rows = ReferenceRows()

    def put_back(_: TransactionTestCase) -> None:
        rows.put_back()

    TransactionTestCase._fixture_teardown = put_back  # type: ignore[attr-defined]
