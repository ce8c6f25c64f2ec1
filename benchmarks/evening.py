"""The evening when applications open: ``python -m tests.services python -m benchmarks.evening [SECONDS]``.

Thirty minutes' worth in three: organisers send their applications, the public browses, examiners decide, mails leave;
all by HTTP to the portal's own server and worker, on PostgreSQL, Redis and an SMTP server of this machine. It fails on
any answer that is not what it should be, on an application that was answered and is not stored, on a mail that is
missing or double, and on memory that grows.
"""

import logging
import os
import queue
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")
django.setup()

import httpx  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.data import load  # noqa: E402
from core import outbox  # noqa: E402
from core.outbox import Mail  # noqa: E402
from labels.models import Application, State  # noqa: E402
from tests import factories  # noqa: E402
from tests.portal import Portal, posting  # noqa: E402
from tests.servers import SmtpServer  # noqa: E402

# Each mail would be told of, line by line.
logging.getLogger("mail.log").setLevel(logging.WARNING)

EVENTS, ORGANISERS, EACH = 2_000, 30, 20
VISITORS, SENDERS = 4, 2
PAUSE = {"visitor": 0.05, "sender": 0.5, "examiner": 0.5}
# Of what the processes took once they were warm.
MOST_GROWTH = 1.25
PAGES = [
    "/",
    "/evenements/",
    "/carte/",
    "/carte/points.json",
    "/evenements/?q=fonderie",
    "/evenements/?region=84&public=scolaires",
    "/carte/evenements.geojson?departement=76",
]


class Evening:
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.is_over = threading.Event()
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()
        self.sent: queue.Queue[int] = queue.Queue()
        self.deposits: set[int] = set()
        self.decisions: set[int] = set()

    def ask(self, kind: str, expected: set[int], ask: Callable[[], httpx.Response]) -> bool:
        """Whether it was answered as it should be."""
        began = time.perf_counter()
        try:
            answer = ask()
        except httpx.HTTPError as error:
            self.faults[f"{kind}: {type(error).__name__}"] += 1
            return False
        self.taken[kind].append(time.perf_counter() - began)
        if answer.status_code not in expected:
            self.faults[f"{kind}: {answer.status_code}"] += 1
            return False
        return True

    def visit(self, number: int) -> None:
        with httpx.Client(base_url=self.portal.url, timeout=30, headers={"Accept-Encoding": "gzip"}) as browser:
            for turn, page in enumerate(cycle(PAGES)):
                if self.is_over.wait(PAUSE["visitor"]):
                    return
                caller = {"X-Forwarded-For": f"198.51.{number}.{turn % 250}"}
                self.ask(f"visit {page}", {200}, partial(browser.get, page, headers=caller))

    def deposit(self, drafts: "queue.Queue[tuple[httpx.Client, Application]]") -> None:
        while not self.is_over.wait(PAUSE["sender"]):
            try:
                browser, draft = drafts.get_nowait()
            except queue.Empty:
                return
            address = reverse("labels:step", args=[draft.reference, "verification"])
            self.ask("form", {200}, partial(browser.get, address))
            send = partial(posting, browser, address, version=draft.version, is_sworn="on")
            if self.ask("deposit", {303}, send):
                self.deposits.add(draft.pk)
                self.sent.put(draft.pk)

    def decide(self, browser: httpx.Client) -> None:
        queue_page = reverse("admin:labels_application_changelist")
        while not self.is_over.wait(PAUSE["examiner"]):
            self.ask("queue", {200}, partial(browser.get, queue_page))
            try:
                pk = self.sent.get_nowait()
            except queue.Empty:
                continue
            version = Application.objects.values_list("version", flat=True).get(pk=pk)
            address = reverse("admin:labels_application_decision", args=[pk])
            approve = partial(posting, browser, address, action="approve", version=str(version))
            if self.ask("decision", {302}, approve):
                self.decisions.add(pk)
        connection.close()


def main(seconds: float) -> int:
    load(EVENTS)
    with ExitStack() as stack:
        mails = SmtpServer()
        mails.start()
        stack.callback(mails.stop)
        environment = {"EMAIL_URL": mails.url, "TRUSTED_PROXY_COUNT": "1", "DECISION_MAIL_DELAY": "0"}
        portal = Portal(**environment)
        stack.callback(portal.remove)
        portal.start()
        worker = stack.enter_context(_worker({**os.environ, **environment, "SITE_URL": portal.url}))
        evening, drafts, examiner = Evening(portal), _drafts(portal), portal.signed_in(factories.national())
        mails_before = Mail.objects.count()
        work = [threading.Thread(target=evening.visit, args=[number]) for number in range(VISITORS)]
        work += [threading.Thread(target=evening.deposit, args=[drafts]) for _ in range(SENDERS)]
        work.append(threading.Thread(target=evening.decide, args=[examiner]))
        memory = _run(evening, work, seconds, (portal.pid, worker))
        _settle(mails_before + len(evening.deposits) + len(evening.decisions))
        return _report(evening, mails, memory, seconds)


def _run(evening: Evening, work: list[threading.Thread], seconds: float, pids: tuple[int, ...]) -> list[float]:
    """The memory of ``pids``, six times on the way."""
    for thread in work:
        thread.start()
    memory = []
    for _ in range(6):
        time.sleep(seconds / 6)
        memory.append(sum(map(_memory, pids)))
    evening.is_over.set()
    for thread in work:
        thread.join()
    return memory


def _drafts(portal: Portal) -> "queue.Queue[tuple[httpx.Client, Application]]":
    """Whole drafts of the open edition, those of one organiser apart from each other."""
    drafts: queue.Queue[tuple[httpx.Client, Application]] = queue.Queue()
    owners = [factories.organiser() for _ in range(ORGANISERS)]
    browsers = []
    for number, owner in enumerate(owners):
        browser = portal.signed_in(owner)
        browser.headers["X-Forwarded-For"] = f"203.0.113.{number}"
        browsers.append(browser)
    for _ in range(EACH):
        for browser, owner in zip(browsers, owners, strict=True):
            drafts.put((browser, factories.application(by=owner)))
    return drafts


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[int]:
    command = [sys.executable, "-m", "celery", "-A", "semaine", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def _settle(count: int) -> None:
    """What a nudge missed leaves by the sweep, as every thirty seconds in production."""
    give_up_at = time.monotonic() + 120
    while Mail.objects.filter(state=Mail.State.SENT).count() < count and time.monotonic() < give_up_at:
        time.sleep(1)
        outbox.sweep()


def _memory(pid: int) -> float:
    """MiB of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return own / 1024 + sum(_memory(int(child)) for child in children)


def _report(evening: Evening, mails: SmtpServer, memory: list[float], seconds: float) -> int:
    out = sys.stdout.write
    out(f"{'':44}{'asked':>7}{'median ms':>11}{'95 % ms':>9}\n")
    for kind, taken in sorted(evening.taken.items()):
        slow = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        out(f"{kind:44}{len(taken):7}{1000 * statistics.median(taken):11.0f}{1000 * slow:9.0f}\n")
    stored = set(
        Application.objects.filter(pk__in=evening.deposits).exclude(state=State.DRAFT).values_list("pk", flat=True)
    )
    approved = set(Application.objects.filter(state=State.APPROVED).values_list("pk", flat=True))
    ids = Counter(str(message["Message-ID"]) for message in mails.messages)
    expected = len(evening.deposits) + len(evening.decisions)
    faults = {
        "answers that were not due": dict(evening.faults),
        "applications answered and not stored": sorted(evening.deposits - stored),
        "decisions answered and not stored": sorted(evening.decisions - approved),
        "mails that left twice": [key for key, count in ids.items() if count > 1],
        "mails missing or too many": len(ids) - expected,
        "memory that grew": memory if memory[-1] > MOST_GROWTH * memory[1] else [],
    }
    out(f"{len(evening.deposits)} deposits, {len(evening.decisions)} decisions, {len(ids)} mails in {seconds:.0f} s; ")
    out(f"MiB, six times: {', '.join(f'{taken:.0f}' for taken in memory)}\n")
    found = {name: value for name, value in faults.items() if value}
    out("\n".join(f"{name}: {value}" for name, value in found.items()) or "No fault.")
    out("\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 180))
