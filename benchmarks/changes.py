"""What the first reader after a change waits for, and sixteen at once, against the bare making of the same columns."""

import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg

from benchmarks.load import ROUNDS, fetch
from benchmarks.portals import Portal
from benchmarks.servers import FORWARDED

AT_ONCE = 16
# As much as the document tells, as it lies in the tables.
TABLES = {
    "events_event": "id, latitude, longitude, region_id, commune_id, format_id, attendance, group_size, minimum_age, "
    "is_full, cancelled_at IS NULL",
    "events_slot": "event_id, date::text, capacity",
    "events_event_audiences": "event_id, audience_id",
    "events_event_sectors": "event_id, sector_id",
    "events_event_levels": "event_id, level_id",
}


def report(portal: Portal) -> None:
    """Rounds of the three, interleaved."""
    seconds: dict[str, list[float]] = {"bare": [], "first": [], "at once": []}
    with psycopg.connect(portal.database, autocommit=True) as connection:
        jobs: dict[str, Callable[[], object]] = {
            "bare": lambda: _bare(connection),
            "first": lambda: _points(portal),
            "at once": lambda: _all_at_once(portal),
        }
        for _ in range(ROUNDS):
            for name, job in jobs.items():
                connection.execute("UPDATE events_edition SET public_version = public_version + 1")
                begun = time.perf_counter()
                job()
                seconds[name].append(time.perf_counter() - begun)
    bare = statistics.median(seconds["bare"])
    sys.stdout.write("\nafter a change         ms   × bare\n")
    for name, values in seconds.items():
        sys.stdout.write(f"{name:12}{statistics.median(values) * 1000:13.0f}{statistics.median(values) / bare:9.2f}\n")


def _points(portal: Portal) -> bytes:
    return fetch(f"{portal.url}/carte/points.json", {**FORWARDED, "Accept-Encoding": "gzip"}).body


def _all_at_once(portal: Portal) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        bodies = set(pool.map(lambda _: _points(portal), range(AT_ONCE)))
    assert len(bodies) == 1


def _bare(connection: psycopg.Connection) -> bytes:
    document = {
        table: list(zip(*connection.execute(f"SELECT {columns} FROM {table}").fetchall(), strict=True))  # noqa: S608
        for table, columns in TABLES.items()
    }
    return gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 9)
