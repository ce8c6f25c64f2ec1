"""What Lighthouse, in Debian's Chromium, gives the public pages as production serves them: ``make audit``.

Tiles are blocked: no page talks to another site. A machine that is busy lowers performance, so the middle of some
rounds counts.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests import chromium
from tests.portal import Portal

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ROUNDS = 3
LEAST = {"accessibility": 0.95, "best-practices": 0.95, "seo": 0.95, "performance": 0.9}
# The edition of the demonstration that holds 8 000 events.
PAGES = {"home": "/", "list": "/evenements/?edition=2024", "map": "/carte/?edition=2024"}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the portal as production serves it, with the demonstration's data."""
    directory = tmp_path_factory.mktemp("portal")
    places = {
        "DATABASE_URL": f"sqlite:///{directory / 'db.sqlite3'}",
        "MEDIA_ROOT": str(directory / "media"),
        "STATIC_ROOT": str(directory / "static"),
        "SECRET_KEY": "for-this-audit-only",
    }
    serving = {**places, "DJANGO_SETTINGS_MODULE": "tests.audit.settings"}
    _manage("migrate", "--verbosity=0", **places)
    _manage("seed_demo", **places)
    _manage("collectstatic", "--noinput", "--verbosity=0", **serving)
    served = Portal(**serving)
    try:
        served.start()
        yield served.url
    finally:
        served.remove()


def _manage(*arguments: str, **environment: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


def lighthouse(url: str, file: Path) -> dict[str, Any]:
    """The report, by ``file``: Lighthouse ends before a pipe has taken all of it."""
    node, browser = shutil.which("node"), chromium.path()
    assert node, "Node is missing."
    assert browser, chromium.MISSING
    command = [node, "node_modules/lighthouse/cli/index.js", url, "--quiet", "--no-enable-error-reporting"]
    command += ["--output=json", f"--output-path={file}", f"--only-categories={','.join(LEAST)}"]
    command += ["--blocked-url-patterns=*data.geopf.fr*", f"--chrome-flags={' '.join(chromium.FLAGS)}"]
    environment = {**os.environ, "CHROME_PATH": browser}
    # One whose trace the browser lost ends in failure, with a report that says so: its marks count as nothing.
    subprocess.run(command, cwd=HERE, env=environment, check=False)
    report: dict[str, Any] = json.loads(file.read_text())
    return report


def faults(report: dict[str, Any]) -> list[str]:
    """The audits that cost points, with the category that they cost them in."""
    costly = []
    for name, category in report["categories"].items():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and (audit["score"] if audit["score"] is not None else 1) < 0.9:
                costly.append(f"{name}: {reference['id']} {audit.get('displayValue', '')}")
    return costly


def _event(portal: str) -> str:
    """The page of one of the edition's events."""
    with urllib.request.urlopen(f"{portal}/evenements.json?edition=2024&size=1") as answer:
        return str(json.load(answer)["events"][0]["url"])


@pytest.mark.parametrize("name", [*PAGES, "event"])
def test_lighthouse_gives_a_page_good_marks(portal: str, name: str, tmp_path: Path) -> None:
    url = _event(portal) if name == "event" else portal + PAGES[name]

    reports = [lighthouse(url, tmp_path / f"{rank}.json") for rank in range(ROUNDS)]

    scores = {key: median(report["categories"][key]["score"] or 0 for report in reports) for key in LEAST}
    sys.stdout.write(f"{name}: {scores}\n")
    short = {key: score for key, score in scores.items() if score < LEAST[key]}
    assert short == {}, faults(reports[-1])
