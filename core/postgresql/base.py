"""The engine that settings name. All that a server says to an idle connection is that it ends."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base

_ENDED = select.POLLIN | select.POLLHUP | select.POLLERR


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """As Django asks at each request that reads something; a question where anything makes one doubt."""
        if self.connection is None or self.errors_occurred or _has_something_to_say(self.connection):
            return bool(super().is_usable())
        return True


def _has_something_to_say(connection: psycopg.Connection[Any]) -> bool:
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), _ENDED)
    return bool(poll.poll(0))
