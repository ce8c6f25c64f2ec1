"""How fast the public side is, against references in the same run: ``python -m benchmarks.public``; see README.md."""

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import changes, servers
from benchmarks.load import CONNECTIONS, Job, Rates, fetch, rates
from benchmarks.portals import Portal, portal

FEW, MANY = 8_000, 100_000
GZIP = {**servers.FORWARDED, "Accept-Encoding": "gzip"}
POINTS = "/carte/points.json"
# KB at 8 000 events.
HEAVIEST = 110
BOX = "bbox=WEST,SOUTH,EAST,NORTH"
IN_THE_BOX = "latitude__gte=SOUTH&latitude__lte=NORTH&longitude__gte=WEST&longitude__lte=EAST"
QUICK = "_size=max&_nocount=1&_nofacet=1&_nosuggest=1"
# gancio installs from no public registry of packages: it answered 46 searches a second where Datasette answered 41.
GANCIO = 46 / 41


@dataclass(frozen=True)
class Target:
    """At least so many times what the reference answers in the same time."""

    job: str
    reference: str
    least: float


TARGETS = [
    Target("points, from Python", "nginx, file", 0.3),
    Target("points, proxy's cache", "nginx, file", 0.9),
    Target("région", "datasette, région", 10),
    Target("bbox", "datasette, bbox", 10),
    Target("list, words", "datasette, words", 4 * GANCIO),
    Target("list, words, 100 000", "list, words", 1 / 3),
    Target("event", "bare, row", 0.4),
]


def main() -> None:
    with ExitStack() as stack:
        few, many = (stack.enter_context(portal(size)) for size in (FEW, MANY))
        bare = stack.enter_context(servers.granian(few.environment, "benchmarks.bare_settings"))
        points = _kept_points(few, servers.WORK / "files")
        static, proxy = stack.enter_context(servers.nginx(points.parent, few.url))
        datasette = stack.enter_context(servers.datasette(few.file))
        found = rates(
            [*_floors(static, bare, few), *_peers(datasette, few), *_pages(few, proxy), *_pages_of_many(many)]
        )
        report(found)
        weight = points.with_suffix(".json.gz").stat().st_size / 1000
        sys.stdout.write(f"\n{weight:.0f} KB of points at {FEW} events, compressed; target {HEAVIEST}\n")
        changes.report(few)


def _kept_points(few: Portal, directory: Path) -> Path:
    """The bytes that the portal sends, for nginx to send too."""
    directory.mkdir(exist_ok=True)
    file = directory / "points.json"
    file.with_suffix(".json.gz").write_bytes(fetch(few.url + POINTS, GZIP).body)
    file.write_bytes(fetch(few.url + POINTS, servers.FORWARDED).body)
    return file


def _one(few: Portal) -> tuple[int, str]:
    """The key of an event in the middle, and the path of its page."""
    with sqlite3.connect(few.file) as base:
        key, uid = base.execute("SELECT id, uid FROM events ORDER BY id LIMIT 1 OFFSET ?", [FEW // 2]).fetchone()
    return key, urlsplit(fetch(f"{few.url}/evenements/{uid}/-/", servers.FORWARDED).url).path


def _named_points(few: Portal) -> str:
    """As the map page names them: with the version that they are of, which may be kept."""
    page = fetch(f"{few.url}/carte/", servers.FORWARDED).body.decode()
    found = re.search(r'id="map-data" type="application/json">(.+?)</script>', page)
    assert found
    return str(json.loads(found[1])["points"])


def _floors(static: str, bare: str, few: Portal) -> Iterator[Job]:
    yield Job("nginx, file", f"{static}/points.json", GZIP)
    yield Job("bare, constant", f"{bare}/banc/constante")
    yield Job("bare, row", f"{bare}/banc/ligne/{_one(few)[0]}")


def _peers(datasette: str, few: Portal) -> Iterator[Job]:
    table = f"{datasette}/{few.file.stem}/events"
    yield Job("datasette, région", f"{table}.json?region=84&{QUICK}")
    yield Job("datasette, bbox", f"{table}.json?{IN_THE_BOX}&{QUICK}")
    yield Job("datasette, words", f"{table}?_search=fonderie&_size=20")


def _pages(few: Portal, proxy: str) -> Iterator[Job]:
    named = _named_points(few)
    yield Job("points, from Python", few.url + named, GZIP)
    yield Job("points, proxy's cache", proxy + named, GZIP)
    paths = {
        "région": "/carte/evenements.geojson?region=84",
        "bbox": f"/carte/evenements.geojson?{BOX}",
        "list": "/evenements/",
        "list, words": "/evenements/?q=fonderie",
        "event": _one(few)[1],
        "home": "/",
        "map": "/carte/",
        "figures": "/chiffres/",
    }
    for name, path in paths.items():
        yield Job(name, few.url + path, servers.FORWARDED)


def _pages_of_many(many: Portal) -> Iterator[Job]:
    for name, path in {"list": "/evenements/", "list, words": "/evenements/?q=fonderie"}.items():
        yield Job(f"{name}, 100 000", many.url + path, servers.FORWARDED)


def report(found: Rates) -> None:
    out = sys.stdout.write
    few, many = CONNECTIONS
    out(f"{'requests a second':28}{few:>8}{many:>9}  connections\n")
    for name, measured in found.items():
        out(f"{name:28}{measured[few]:8.0f}{measured[many]:9.0f}\n")
    out(f"\n{'target':28}{few:>8}{many:>9}{'least':>8}  of\n")
    for target in TARGETS:
        ratios = [found[target.job][count] / found[target.reference][count] for count in CONNECTIONS]
        out(f"{target.job:28}{ratios[0]:8.2f}{ratios[1]:9.2f}{target.least:8.2f}  {target.reference}\n")


if __name__ == "__main__":
    main()
