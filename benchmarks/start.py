"""How long ``make run`` takes until the portal answers, from the second time on: ``python -m benchmarks.start``.

Against ``manage.py check``, which imports the same and serves nothing. The first start, which installs and loads, is
made before anything counts, in the demonstration of this directory.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from benchmarks.servers import ROOT
from tests.services import free_port

ROUNDS = 5
TARGET = 3
# Seconds; the first start loads 12 000 events.
FIRST, LATER = 1200, 120


def main() -> None:
    _run(FIRST)
    _check()
    jobs: dict[str, Callable[[], float]] = {
        "manage.py check": _check,
        "make run, until it answers": lambda: _run(LATER),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            seconds[name].append(job())
    reference, started = (statistics.median(values) for values in seconds.values())
    for name, values in seconds.items():
        sys.stdout.write(f"{name:28}{statistics.median(values):7.2f} s\n")
    sys.stdout.write(f"{started / reference:.2f} × manage.py check; target {TARGET} at most\n")


def _check() -> float:
    began = time.perf_counter()
    subprocess.run([ROOT / ".venv/bin/python", "manage.py", "check"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _run(within: float) -> float:
    """By make itself, to its end with all that it started."""
    port = free_port()
    began = time.perf_counter()
    command = ["make", "run", f"PORT={port}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while not _answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.perf_counter() - began > within:
                sys.exit("make run does not start.")
            time.sleep(0.01)
        return time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=30).close()  # noqa: S310 - a server of ours
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


if __name__ == "__main__":
    main()
