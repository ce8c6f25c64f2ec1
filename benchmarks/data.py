"""Synthetic French events, as many as one asks for: the demonstration's, with descriptions of 600 characters.

``python -m benchmarks.data 8000 FILE`` fills the database of DATABASE_URL and writes the same events for Datasette.
"""

import os
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import django

LENGTH = 600
COLUMNS = {
    "id": "pk",
    "uid": "uid",
    "title": "title",
    "description": "description",
    "organiser": "organisation__name",
    "town": "commune__name",
    "region": "region",
    "departement": "commune__departement",
    "format": "format__slug",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "latitude": "latitude",
    "longitude": "longitude",
}
TYPES = {"id": "INTEGER PRIMARY KEY", "latitude": "REAL", "longitude": "REAL"}


def main(count: int, file: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "semaine.settings"
    django.setup()
    load(count)
    if not file.exists():
        write(file)


def load(count: int) -> None:
    """``count`` published events of one edition in an empty database, unless it holds exactly these."""
    from django.core.management import call_command

    from events.models import Event

    call_command("migrate", verbosity=0)
    if not Event.objects.exists():
        call_command("load_places", verbosity=0, stdout=sys.stderr)
        _fill(count)
    assert Event.objects.count() == count, "This database holds something else."


def _fill(count: int) -> None:
    from django.db import connection, transaction

    from accounts.models import User
    from demo.events import Batch, Gazetteer, Lists, places

    with transaction.atomic():
        random, gazetteer = Random(count), Gazetteer.read()
        examiner = User.objects.create_superuser("banc@exemple.gouv.fr", "x")
        # From nought: label numbers have five digits.
        Batch(_edition(), Lists.read(), examiner, _at_length).write(places(gazetteer, count, random), first=0)
    with connection.cursor() as cursor:
        # A database that runs has counted its rows by then: PostgreSQL plans otherwise without.
        cursor.execute("VACUUM ANALYZE")


def _at_length(random: Random, format_slug: str, trade: Any, name: str, town: str) -> tuple[str, str]:
    """The demonstration's words, then what other workplaces make, up to 600 characters."""
    from demo.catalogue import TRADES, describe

    title, text = describe(random, format_slug, trade, name, town)
    while len(text) < LENGTH:
        other = random.choice(TRADES)
        text += f" À voir aussi : {other.site}, {other.makes}, avec des {other.jobs}."
    return title, text[:LENGTH]


def _edition() -> Any:
    """Whose week is now, so that it is the one which pages show when none is asked for."""
    from django.utils import timezone

    from events.models import Audience, Edition

    today, now = timezone.localdate(), timezone.now()
    edition = Edition.objects.create(
        number=1,
        year=today.year,
        week_starts_on=today - timedelta(days=3),
        week_ends_on=today + timedelta(days=3),
        window_starts_on=today - timedelta(days=18),
        window_ends_on=today + timedelta(days=18),
        applications_open_at=now - timedelta(days=90),
        applications_close_at=now + timedelta(days=1),
    )
    edition.audiences.set(Audience.objects.all())
    return edition


def write(file: Path) -> None:
    """The events as a table of SQLite, with the indexes and the full text that Datasette knows how to use."""
    from events.models import Event

    rows = Event.objects.published().order_by("pk").values_list(*COLUMNS.values())
    # Without its type a number would be compared as text.
    names = ", ".join(f"{name} {TYPES.get(name, 'TEXT')}" for name in COLUMNS)
    with sqlite3.connect(file) as base:
        base.execute(f"CREATE TABLE events ({names})")
        marks = ", ".join("?" * len(COLUMNS))
        base.executemany(f"INSERT INTO events VALUES ({marks})", ([_plain(cell) for cell in row] for row in rows))  # noqa: S608
        base.execute("CREATE INDEX of_region ON events (region)")
        base.execute("CREATE INDEX of_point ON events (latitude, longitude)")
        base.execute(
            "CREATE VIRTUAL TABLE events_fts USING fts5("
            "title, description, organiser, town, content='events', content_rowid='id')"
        )
        base.execute("INSERT INTO events_fts (events_fts) VALUES ('rebuild')")
        base.execute("ANALYZE")


def _plain(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, int | float | str) else str(cell)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
