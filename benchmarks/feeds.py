"""What the open data cost, as ratios to references in the same run: ``python -m benchmarks.feeds`` on a loaded base.

References: for the table, Django's bare iterator of the same rows and csv.writer; for the calendar, the icalendar
library alone, which writes the same properties of events that are read already. Rounds are interleaved and medians
compared, in seconds of this process, which a busy machine does not stretch. Then the peak of memory of the table, each
in a process of its own: of an empty one, of a région, of all.
"""

import csv
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import django

ROUNDS = 3
# Name, query, of what memory is measured.
TABLES = {"empty": "q=introuvable", "région": "region=84", "all": ""}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    if sys.argv[1:2] == ["memory"]:
        sys.stdout.write(memory(sys.argv[2]))
        return
    work = dict(jobs())
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, job in work.items():
            begun = time.process_time()
            job()
            seconds[name].append(time.process_time() - begun)
    report({name: statistics.median(values) for name, values in seconds.items()})
    for name in TABLES:
        subprocess.run([sys.executable, "-m", "benchmarks.feeds", "memory", name], check=True)


def _year() -> int:
    """Of the edition that holds most."""
    from django.db.models import Count

    from events.models import Event

    counted = Event.objects.published().order_by().values_list("edition__year").annotate(count=Count("pk"))
    return int(max(counted, key=lambda row: row[1])[0])


def jobs() -> list[tuple[str, Callable[[], object]]]:
    from django.core.cache import cache

    from events.models import Event
    from events.queries import for_calendars

    year = _year()
    events = Event.objects.published().filter(edition__year=year).order_by("starts_on", "pk")
    read = list(for_calendars(events))
    sys.stdout.write(f"{len(read)} events of {year}, {sum(len(event.slots.all()) for event in read)} slots\n")
    kept = _getter(f"/evenements.ics?edition={year}")

    def first() -> None:
        cache.clear()
        kept()

    return [
        ("table, bare", lambda: _bare_table(events)),
        ("table", _getter(f"/evenements.csv?edition={year}")),
        ("calendar, library", lambda: _library(read)),
        ("calendar, first", first),
        ("calendar, kept", kept),
        ("json, 300", _getter(f"/evenements.json?edition={year}&size=300")),
        ("rss", _getter(f"/evenements.rss?edition={year}&lieu=sur-place")),
    ]


def _getter(address: str) -> Callable[[], object]:
    from django.test import Client

    client = Client()

    def job() -> None:
        response: Any = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        for _ in response:
            pass

    return job


def _bare_table(events: Any) -> None:
    """The columns of a row itself and of what it points to; no slot and no list, which would only cost more."""
    related = ("edition", "format", "commune__departement", "region", "organisation")
    writer = csv.writer(StringIO())
    for event in events.select_related(*related).iterator():
        writer.writerow(_cells(event))


def _cells(event: Any) -> Iterator[object]:
    for field in event._meta.concrete_fields:
        yield getattr(event, field.attname)
    for name in ("edition", "format", "commune", "region", "organisation"):
        yield getattr(event, name)


def _library(events: list[Any]) -> bytes:
    """As the library's own documentation does it."""
    from icalendar import Calendar
    from icalendar import Event as Component

    from events.calendars import _description, _location, _page

    calendar = Calendar()
    calendar.add("prodid", "-//Banc//FR")
    calendar.add("version", "2.0")
    for event in events:
        for rank, slot in enumerate(event.slots.all(), start=1):
            meeting = Component()
            meeting.add("uid", f"{event.uid}-{rank}@banc")
            meeting.add("dtstamp", event.updated_at)
            meeting.add("last-modified", event.updated_at)
            meeting.add("sequence", event.sequence)
            meeting.add("dtstart", slot.starts_at)
            meeting.add("dtend", slot.ends_at)
            meeting.add("summary", event.title)
            meeting.add("status", "CONFIRMED")
            meeting.add("description", _description(event, slot))
            meeting.add("url", _page(event))
            meeting.add("location", _location(event))
            if event.latitude is not None:
                meeting.add("geo", (event.latitude, event.longitude))
            if event.format:
                meeting.add("categories", [event.format.label])
            calendar.add_component(meeting)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def report(medians: dict[str, float]) -> None:
    references = {"table": "table, bare", "calendar, first": "calendar, library", "calendar, kept": "calendar, library"}
    for name, value in medians.items():
        ratio = f"{value / medians[references[name]]:7.2f} × {references[name]}" if name in references else ""
        sys.stdout.write(f"{name:18}{value * 1000:9.1f} ms {ratio}\n")


def memory(name: str) -> str:
    """The peak of this process once it has sent a table, a part after the other."""
    sent = rows = 0
    from django.test import Client

    response: Any = Client().get(f"/evenements.csv?edition={_year()}&{TABLES[name]}")
    assert response.status_code == 200
    for part in response:
        sent += len(part)
        rows += part.count(b"\r\n")
    # Linux hands down to a child the peak of its parent: only the memory of the program itself counts.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return f"table of {name:7} {rows - 1:6} rows {sent / 1e6:6.2f} MB, peak {peak:5.0f} MiB\n"


if __name__ == "__main__":
    main()
