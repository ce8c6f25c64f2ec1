"""The engine that settings name. All that a server says to an idle connection is that it ends."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from psycopg.pq import TransactionStatus

_ENDED = select.POLLIN | select.POLLHUP | select.POLLERR
_PREPARED = "prepared"


class PreparedCursor(psycopg.Cursor[Any]):
    """PostgreSQL plans a question of its once for each connection, and is told the values apart.

    A transaction that is undone undoes all plans of its connection, which psycopg does not trust any more. Other
    cursors' are left alone: their texts hold all that they write, and psycopg would keep the last hundred.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        threshold, self.connection.prepare_threshold = self.connection.prepare_threshold, 0
        try:
            return self._asked(query, params, **options)
        finally:
            self.connection.prepare_threshold = threshold

    def _asked(self, query: Any, params: Any, **options: Any) -> Any:
        try:
            return super().execute(query, params, **options)
        except psycopg.errors.FeatureNotSupported as error:
            # A migration gave a column another type since. A transaction is lost with it, and may be tried again.
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                self.connection.close()
                raise psycopg.OperationalError(str(error)) from error
            super().execute("DEALLOCATE ALL", prepare=False)
            return super().execute(query, params, **options)


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """For who debugs; of a prepared one psycopg does not tell."""
        if not isinstance(cursor, PreparedCursor):
            return super().last_executed_query(cursor, sql, params)
        try:
            return self.compose_sql(sql, params)
        except psycopg.DataError:
            return None


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """As Django asks at each request that reads something; a question where anything makes one doubt."""
        if self.connection is None or self.errors_occurred or _has_something_to_say(self.connection):
            return bool(super().is_usable())
        return True

    def prepared_cursor(self) -> Any:
        """As any other where no connection is kept, nor anything planned for it: a pooler may know of no plans."""
        # Django has this method, its stubs do not.
        return self._cursor(_PREPARED if self.settings_dict["CONN_MAX_AGE"] else None)  # type: ignore[attr-defined]

    def create_cursor(self, name: str | None = None) -> Any:
        return PreparedCursor(self.connection) if name == _PREPARED else super().create_cursor(name)


def _has_something_to_say(connection: psycopg.Connection[Any]) -> bool:
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), _ENDED)
    return bool(poll.poll(0))
