"""``manage.py migrate`` beside a portal that serves: nothing waits behind it for longer than a moment.

A change of a table waits for whoever reads it, and whoever comes next waits behind the change. So it waits a second at
most, lets the others pass, and begins that migration again: those before it are done.
"""

import time
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

PATIENCE = "1s"
PAUSE = 2.0
TRIES = 60


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        for left in reversed(range(TRIES)):
            try:
                self._within_patience(connection, *args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or not left:
                    raise
                self.stderr.write("Une table est occupée\u00a0: nouvel essai dans un instant.")
                time.sleep(PAUSE)
            else:
                return

    def _within_patience(self, connection: Any, *args: Any, **options: Any) -> None:
        # A pooler would hand the setting on to whoever comes next: behind one, the patience is that of the role.
        if not connection.settings_dict["CONN_MAX_AGE"]:
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
