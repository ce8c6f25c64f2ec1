"""What exports and figures cost as the queue grows: ``python -m benchmarks.exports [rows]`` (550 by default).

Loads that many applications into a database of its own (``DATABASE_URL``, which must be empty or hold as many), then
downloads each format and reads the figures, each in a process of its own: seconds, the peak of the process's memory
over what an empty download takes, and queries. Run it for 550 and for 55 000: memory must not grow with the rows.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

JOBS = ("nothing", "csv", "xlsx", "figures")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    if sys.argv[1:2] == ["job"]:
        run(sys.argv[2])
        return
    load(int(sys.argv[1]) if sys.argv[1:] else 550)
    for job in JOBS:
        subprocess.run([sys.executable, "-m", "benchmarks.exports", "job", job], check=True)


def load(count: int) -> None:
    """As many applications, a sixth of them waiting, filed over sixty days by the workflow's own columns."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from events.models import Event
    from labels.models import Action, Application, State, Transition
    from places.models import Region

    call_command("migrate", verbosity=0)
    if Application.objects.count() == count:
        return
    assert not Application.objects.exists(), "This database holds something else."
    examiners = _people()
    now = timezone.now()
    edition = _edition(now)
    Region.objects.bulk_create([Region(code=f"{rank:02}", name=f"Région {rank}") for rank in range(18)])
    regions: list[Any] = [None, *Region.objects.all()]
    events = [
        Event(edition=edition, title=f"Visite de la fonderie n° {rank}", description="Les métiers de la fonte. " * 40)
        for rank in range(count)
    ]
    Event.objects.bulk_create(events, batch_size=1000)
    applications = []
    for rank, event in enumerate(events):
        filed = now - timedelta(days=rank % 60 + 12, hours=rank % 24)
        is_decided = rank % 6 > 0
        applications.append(
            Application(
                reference=f"SI{edition.year}-{rank:06d}",
                event=event,
                created_by=examiners[0],
                contact_name=f"Camille Martin {rank}",
                state=(State.SUBMITTED, State.APPROVED, State.APPROVED, State.APPROVED, State.REFUSED, State.RETURNED)[
                    rank % 6
                ],
                submitted_at=filed,
                promised_on=(filed + timedelta(days=6)).date(),
                due_on=None if is_decided else (filed + timedelta(days=6)).date(),
                decided_at=filed + timedelta(days=rank % 11) if is_decided else None,
                region=regions[rank % len(regions)],
                is_moved=True,
            )
        )
    Application.objects.bulk_create(applications, batch_size=1000)
    actions = (None, Action.APPROVE, Action.APPROVE, Action.APPROVE, Action.REFUSE, Action.RETURN)
    deeds = []
    for rank, application in enumerate(applications):
        deeds.append(
            Transition(application=application, action=Action.SUBMIT, from_state="draft", to_state="submitted")
        )
        if action := actions[rank % 6]:
            deeds.append(
                Transition(
                    application=application,
                    action=action,
                    from_state="submitted",
                    to_state=application.state,
                    by=examiners[rank % len(examiners)],
                    conditions=["free"] if rank % 2 else ["dates", "free"],
                    note="Payant.",
                )
            )
    Transition.objects.bulk_create(deeds, batch_size=1000)
    with connection.cursor() as cursor:
        # A database that runs has counted its rows by then: PostgreSQL plans the figures a hundred times worse without.
        cursor.execute("ANALYZE")


def _people() -> list[Any]:
    from accounts.models import User

    chief = User.objects.create_superuser("chef@exemple.gouv.fr", "x")
    others = [User(email=f"agent{rank}@exemple.gouv.fr", name=f"Agent {rank}", is_staff=True) for rank in range(40)]
    return [chief, *User.objects.bulk_create(others)]


def _edition(now: Any) -> Any:
    from events.models import Edition

    today = now.date()
    return Edition.objects.create(
        number=1,
        year=today.year,
        week_starts_on=today,
        week_ends_on=today + timedelta(days=6),
        window_starts_on=today - timedelta(days=15),
        window_ends_on=today + timedelta(days=21),
        applications_open_at=now - timedelta(days=90),
        applications_close_at=now + timedelta(days=1),
    )


def run(job: str) -> None:
    """One download in this process, and what it took."""
    from django.db import connection
    from django.test import RequestFactory
    from django.urls import resolve

    from accounts.models import User
    from labels.models import Application

    user = User.objects.get(email="chef@exemple.gouv.fr")
    address = "/admin/labels/application/" + ("chiffres/" if job == "figures" else "export/?etat=toutes")
    if job == "nothing":
        address = "/admin/labels/application/export/?etat=cancelled"
    data = {"format": "xlsx" if job == "xlsx" else "csv", "contacts": "avec"}
    factory = RequestFactory()
    request: Any = factory.get(address) if job == "figures" else factory.post(address, data)
    request.user = user
    request._dont_enforce_csrf_checks = True  # noqa: SLF001
    view, args, kwargs = resolve(address.split("?")[0])
    queries = 0

    def count(execute: Any, *details: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*details)

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # SQLite fills what it may keep of its file, 32 MB in the portal's settings, whatever the export does.
            cursor.execute("PRAGMA cache_size = -2000")
    begun, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        response: Any = view(request, *args, **kwargs)
        assert response.status_code == 200, response.status_code
        if hasattr(response, "render"):
            response.render()
        size = sum(len(part) for part in response)
    seconds, own = time.perf_counter() - begun, time.process_time() - worked
    # Linux hands down to a child the peak of its parent: only the memory of the program itself counts.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    rows = Application.objects.count()
    sys.stdout.write(
        f"{job:8} {rows:6} rows {seconds:7.2f} s ({own:6.2f} of this process) {peak:6.0f} MiB {queries:4} queries"
        f" {size / 1e6:6.2f} MB\n"
    )


if __name__ == "__main__":
    main()
