"""``python -m tests.lint_dependencies``: fails where a package of the production is known to be vulnerable.

Where no database of vulnerabilities answers (pip-audit finds nothing to compare with), the lock's age stands in: what
nobody has renewed for ``OLDEST`` cannot be trusted to hold the corrections of its packages.
"""

import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# With all that an operator may add.
LOCK = "requirements/operations.txt"
OLDEST = timedelta(days=120)


def audited(lock: str = LOCK) -> list[dict[str, Any]]:
    """What pip-audit could tell of each package, ``vulns`` among it; empty when no database answered."""
    options = ["--format", "json", "--require-hashes", "--disable-pip", "--timeout", "10", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", *options, "-r", lock]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    try:
        told: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        return []
    return [package for package in told if "vulns" in package]


def faults(packages: list[dict[str, Any]], age: timedelta) -> list[str]:
    """A sentence for each reason not to ship; ``packages`` as pip-audit tells of them."""
    if not packages:
        return [f"No vulnerability database answers, and {LOCK} is {age.days} days old: `make lock`."] * (age > OLDEST)
    return [f"{p['name']} {p['version']}: {fault['id']}" for p in packages for fault in p["vulns"]]


def age_of_the_lock() -> timedelta:
    """Since the last commit that changed it; raises where this is no clone."""
    command = ["git", "log", "-1", "--format=%ct", "--", LOCK]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return timedelta(seconds=time.time() - int(done.stdout))


def main() -> int:
    packages, age = audited(), age_of_the_lock()
    found = faults(packages, age)
    compared = (
        f"{len(packages)} packages compared" if packages else f"no database answers; the lock is {age.days} days old"
    )
    print("\n".join(found) or f"No known vulnerability ({compared}).")  # noqa: T201  what this command is for
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
