"""Migrations are applied while the portal serves, on 55 000 events: nobody is answered by an error."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from pytest_django import Settings

from events.models import Event
from labels.models import State
from tests import factories
from tests.labels import answers
from tests.portal import Load, Portal, posting

pytestmark = [pytest.mark.postgresql, pytest.mark.fault, pytest.mark.xdist_group("postgresql_server")]

ROWS = 55_000
STEPS = ["rehearsed_1_expand", "rehearsed_2_fill", "rehearsed_3_index", "rehearsed_4_contract"]


def fill() -> None:
    """Copies of a published event."""
    factories.application(state=State.APPROVED)
    own = {"id", "uid", "label_number"}
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.local_concrete_fields if field.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO events_event (uid, label_number, {columns}) "
            f"SELECT gen_random_uuid(), 'T' || rank, {columns} "
            f"FROM (SELECT * FROM events_event WHERE published_at IS NOT NULL LIMIT 1) AS one, "
            f"generate_series(1, {ROWS}) AS rank"
        )
        cursor.execute("ANALYZE events_event")


@contextmanager
def somebody_who_reads_for(seconds: float, url: str) -> Iterator[None]:
    """A report that reads the table while it is to change."""
    gate = threading.Event()

    def read() -> None:
        with psycopg.connect(url) as link:
            link.execute("SELECT count(*) FROM events_event")
            gate.set()
            time.sleep(seconds)

    thread = threading.Thread(target=read)
    thread.start()
    gate.wait(30)
    yield
    thread.join()


def test_applied_under_load_on_55_000_rows_migrations_make_no_error(portal_on_it: Portal, settings: Settings) -> None:
    portal = portal_on_it
    fill()
    owner = factories.organiser()
    drafts = [(portal.signed_in(owner), factories.application(by=owner)) for _ in range(2)]
    rank = count()

    def ask() -> int:
        turn = next(rank)
        browser, draft = drafts[turn % len(drafts)]
        if turn % 4:
            return browser.get(("/evenements/", "/carte/points.json", "/organisateurs/")[turn % 3]).status_code
        address = reverse("labels:step", args=[draft.reference, "evenement"])
        return posting(browser, address, **{**answers.EVENT, "title": f"Visite {turn}"}, action="save").status_code

    settings.MIGRATION_MODULES = {"events": "tests.faults.rehearsal"}
    with Load(ask, threads=3) as load:
        load.wait_for(10)
        with somebody_who_reads_for(3, portal.database_url):
            call_command("migrate", "events", verbosity=0)
        load.wait_for(10)

    assert set(load.answers) == {200, 303}
    assert [name for _, name in MigrationRecorder(connection).applied_migrations() if name in STEPS] == STEPS
    assert Event.objects.count() > ROWS
