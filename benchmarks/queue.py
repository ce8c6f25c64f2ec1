"""How the examiner's queue bears its length: ``python -m benchmarks.queue`` on an empty database.

``DATABASE_URL`` names it; without one it is a file of SQLite, thrown away. On PostgreSQL, thrown away too:
``python -m tests.services python -m benchmarks.queue``. Pages are asked for at 550 applications and at 55 000, rounds
interleaved with a reference in the same run; what counts is the ratio of the two, and that queries are as many.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.test import Client

FEW, MANY = 550, 55_000
ROUNDS, REQUESTS = 7, 3
BOUND = 1.5
BATCH = 2_000
BOUNDED = ("queue",)
QUEUE, FRONT = "/admin/labels/application/", "/admin/"
PAGES = {
    "queue": QUEUE,
    "queue, région": f"{QUEUE}?region=28",
    "queue, late": f"{QUEUE}?attente=en-retard",
    "queue, doubt": f"{QUEUE}?doute=free",
    "queue, nobody's": f"{QUEUE}?examinateur=personne",
    "queue, by title": f"{QUEUE}?o=2",
    "queue, all states": f"{QUEUE}?etat=toutes",
    "queue, common word": f"{QUEUE}?q=fonderie",
    "queue, rare word": f"{QUEUE}?q=introuvable",
    "queue, reference": f"{QUEUE}?q=SI2026-000100",
    "front page": FRONT,
}
WORDS = (
    "fonderie", "atelier", "métier", "usine", "capteur", "soudure", "visite", "lycée", "pièce", "machine", "ligne",
    "production", "énergie",
)  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'queue.sqlite3'}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
        django.setup()
        few, many = measured()
    report(few, many)


def measured() -> tuple[dict[str, tuple[float, int]], dict[str, tuple[float, int]]]:
    """Seconds and queries of each page, at ``FEW`` and at ``MANY``."""
    from django.core.management import call_command

    from labels.models import Application

    call_command("migrate", verbosity=0)
    call_command("load_places", verbosity=0)
    assert not Application.objects.exists(), "this database is not empty: it would be filled"
    results = []
    for size in (FEW, MANY):
        seed(size)
        results.append(timed(national()))
    return results[0], results[1]


def seed(size: int) -> None:
    """Fill up to ``size`` applications: two thirds wait, the others are decided."""
    from django.db import connection

    from labels.models import Application

    begin = Application.objects.count()
    for start in range(begin, size, BATCH):
        _batch(range(start, min(start + BATCH, size)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batch(ranks: range) -> None:
    from accounts.models import Organisation
    from events.models import Event, Format
    from labels.models import Application
    from places.models import Commune

    edition = _edition()
    formats = list(Format.objects.all())
    communes = list(Commune.objects.filter(region__isnull=False).order_by("-population")[:400])
    names = [Organisation(name=f"Société {rank}", kind="entreprise") for rank in ranks]
    organisations = Organisation.objects.bulk_create(names)
    events = []
    for rank, organisation in zip(ranks, organisations, strict=True):
        event = Event(
            edition=edition,
            organisation=organisation,
            title=f"{WORDS[rank % len(WORDS)].capitalize()} ouverte n° {rank}",
            description=_prose(rank),
            format=formats[rank % len(formats)],
            starts_on=edition.window_starts_on + timedelta(days=rank % 30),
        )
        event.set_place(communes[rank * 7 % len(communes)])
        event.search_text = f"{event.title} {event.description}".lower()
        events.append(event)
    Application.objects.bulk_create(
        _application(rank, event) for rank, event in zip(ranks, Event.objects.bulk_create(events), strict=True)
    )


def _prose(rank: int) -> str:
    return " ".join(WORDS[(rank + place * place) % len(WORDS)] for place in range(90))


def _application(rank: int, event: "Event") -> "Application":  # type: ignore[name-defined]  # noqa: F821
    from django.utils import timezone

    from labels.models import Application, State

    promised = timezone.localdate() + timedelta(days=rank % 9 - 2)
    is_waiting = rank % 3 != 0
    assert event.starts_on
    return Application(
        reference=f"SI{event.edition.year}-{rank:06d}",
        event=event,
        region=event.region,
        state=State.SUBMITTED if is_waiting else (State.APPROVED, State.RETURNED, State.REFUSED)[rank // 3 % 3],
        submitted_at=timezone.now(),
        promised_on=promised,
        due_on=min(promised, event.starts_on) if is_waiting else None,
        doubts="free:to_examine" if rank % 5 == 0 else "",
    )


def _edition() -> "Edition":  # type: ignore[name-defined]  # noqa: F821
    from django.utils import timezone

    from events.models import Edition

    today = timezone.localdate()
    now = timezone.now()
    return Edition.objects.get_or_create(
        year=2026,
        defaults={
            "number": 15,
            "week_starts_on": today + timedelta(days=5),
            "week_ends_on": today + timedelta(days=11),
            "window_starts_on": today - timedelta(days=10),
            "window_ends_on": today + timedelta(days=26),
            "applications_open_at": now - timedelta(days=60),
            "applications_close_at": now + timedelta(days=10),
        },
    )[0]


def national() -> "Client":
    """Signed in as the national team, who see all there is."""
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import User
    from labels.permissions import NATIONAL

    call_command("make_groups", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    user = User.objects.filter(email="banc@exemple.gouv.fr").first()
    user = user or User.objects.create_user("banc@exemple.gouv.fr", is_staff=True)
    user.groups.add(Group.objects.get(name=NATIONAL))
    client = Client()
    client.force_login(user)
    return client


def timed(client: "Client") -> dict[str, tuple[float, int]]:
    """Each page's median of seconds, and its queries."""
    jobs = dict(_jobs(client))
    queries = {name: _queries(job) for name, job in jobs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            begun = time.perf_counter()
            for _ in range(REQUESTS):
                job()
            seconds[name].append((time.perf_counter() - begun) / REQUESTS)
    return {name: (statistics.median(values), queries[name]) for name, values in seconds.items()}


def _jobs(client: "Client") -> Iterator[tuple[str, Callable[[], object]]]:
    from labels.models import Application

    waiting = Application.objects.waiting().order_by("due_on", "pk")
    page = f"{QUEUE}{waiting[200].pk}/change/?_changelist_filters=region%3D28"
    for name, address in {**PAGES, "one application": page}.items():
        yield name, lambda address=address: _get(client, address)  # type: ignore[misc]


def _get(client: "Client", address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


def _queries(job: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    job()
    with CaptureQueriesContext(connection) as captured:
        job()
    return len(captured)


def report(few: dict[str, tuple[float, int]], many: dict[str, tuple[float, int]]) -> None:
    out = sys.stdout.write
    out(f"{'page':22}{f'ms at {FEW}':>12}{f'ms at {MANY}':>14}{'ratio':>8}{'queries':>10}\n")
    for name, (seconds, queries) in few.items():
        later, then = many[name]
        out(f"{name:22}{seconds * 1000:12.1f}{later * 1000:14.1f}{later / seconds:8.2f}{f'{queries}, {then}':>10}\n")
    slow = [name for name in BOUNDED if many[name][0] > BOUND * few[name][0]]
    uneven = [name for name, (_, queries) in few.items() if queries != many[name][1]]
    if slow or uneven:
        sys.exit(f"Over {BOUND} times: {slow or 'none'}; more queries: {uneven or 'none'}.")


if __name__ == "__main__":
    main()
