"""How many requests a second a server answers, told by wrk: at 1 connection and at 16, in interleaved rounds."""

import re
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.servers import ROOT, program

ROUNDS, SECONDS = 5, 5
CONNECTIONS = (1, 16)
Rates = dict[str, dict[int, float]]
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")


@dataclass(frozen=True)
class Job:
    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    url: str
    body: bytes


def fetch(url: str, headers: Mapping[str, str]) -> Answer:
    """The body as it was sent, and where it was found after redirections."""
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - a server of ours
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        return Answer(response.url, response.read())


def rates(jobs: Iterable[Job]) -> Rates:
    """The median of each job at each number of connections; every job once in a round, so that all bear its noise."""
    jobs = list(jobs)
    for job in jobs:  # what is made at the first request is made before anything counts
        _told(job, 1)
    found: dict[str, dict[int, list[float]]] = {job.name: {many: [] for many in CONNECTIONS} for job in jobs}
    for turn in range(ROUNDS):
        for job in jobs:
            for many in CONNECTIONS:
                found[job.name][many].append(_rate(job, many))
        sys.stderr.write(f"round {turn + 1} of {ROUNDS}\n")
    return {
        name: {many: statistics.median(values) for many, values in measured.items()} for name, measured in found.items()
    }


def _rate(job: Job, connections: int) -> float:
    told = _told(job, connections)
    rate = _RATE.search(told)
    assert rate, told
    if not float(rate[1]):
        sys.exit(f"{job.name}: no answer in {SECONDS} s; this machine is too busy to measure anything.")
    return float(rate[1])


def _told(job: Job, connections: int) -> str:
    threads = min(2, connections)
    command = [program("wrk"), f"-t{threads}", f"-c{connections}", f"-d{SECONDS}s", "--timeout", "20s"]
    command += ["-s", str(ROOT / "benchmarks" / "clients.lua")]
    for name, value in job.headers.items():
        command += ["-H", f"{name}: {value}"]
    told = subprocess.run([*command, job.url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(f"{job.name}: {told}")
    return told
