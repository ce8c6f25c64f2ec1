"""The cases of hostile or broken input (``vectors/bad_input.json``, as they were given), and which tests run them.

A test is given its cases by ``each``, or names by ``runs`` those that are a scene told in words and no value to send.
``python -m tests.bad_input`` collects the suite without running it and tells, in JSON, what runs each case.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "vectors" / "bad_input.json"
# Their inputs are values; in the other groups they are words such as « desk of another person ».
VALUES = {
    "title", "desc", "name", "email", "phone", "siret", "postcode", "capacity", "geo", "url", "query", "redirect",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """``value`` is what is sent; ``expect`` what the file asks of the portal, in its own words."""

    id: str
    group: str
    value: str
    expect: str
    why: str

    def __str__(self) -> str:
        return self.id


def _read(row: dict[str, Any]) -> Case:
    # The generators are expressions such as "'A'*200".
    value = eval(row["input"]["gen"], {"__builtins__": {}}) if isinstance(row["input"], dict) else row["input"]
    return Case(row["id"], row["group"], value, row["expect"], row["why"])


CASES = {row["id"]: _read(row) for row in json.loads(FILE.read_text())}


def cases(*groups: str) -> list[Case]:
    return [case for case in CASES.values() if case.group in groups]


def each(chosen: Iterable[Case]) -> pytest.MarkDecorator:
    """Run the test once with each as its ``case``."""
    return pytest.mark.parametrize("case", list(chosen), ids=str)


def runs(*ids: str) -> pytest.MarkDecorator:
    """The test is the scene that these cases tell."""
    assert set(ids) <= CASES.keys()
    assert {CASES[key].group for key in ids}.isdisjoint(VALUES), "a value is run by the test that is given it"
    return pytest.mark.bad_input(*ids)


def ids_of(item: pytest.Item) -> set[str]:
    """Those that a collected test runs: what its parameters hold, alone or as their ``case``, and what it names."""
    named = {key for mark in item.iter_markers("bad_input") for key in mark.args}
    given = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    held = (getattr(value, "case", value) for value in given)
    return named | {case.id for case in held if isinstance(case, Case)}


class _Reader:
    """Collects without running; what the half of the suite leaves to the other is not in its items."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for key in ids_of(item):
                self.tests[key].add(item.nodeid.partition("[")[0])


def run_by() -> dict[str, list[str]]:
    """Case → the tests that run it on the database of the environment, as pytest itself collects them."""
    # What collects needs no Redis database of its own.
    environment = {**os.environ, "REDIS_URL": ""}
    command = [sys.executable, "-m", "tests.bad_input"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _holders() -> list[str]:
    """The files that may run one; to import all the others would only take time."""
    files = (ROOT / "tests").rglob("test_*.py")
    return sorted(str(file) for file in files if "bad_input" in file.read_text())


def main() -> int:
    reader = _Reader()
    code = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", *_holders()], plugins=[reader])
    print(json.dumps({key: sorted(tests) for key, tests in sorted(reader.tests.items())}))  # noqa: T201 - its answer
    return int(code)


if __name__ == "__main__":
    # By its name: the tests know the cases of that module, not of the one that Python runs.
    from tests import bad_input

    sys.exit(bad_input.main())
