"""How many applications a second are sent: ``python -m tests.services python -m benchmarks.submissions``.

Each is the last page of the form fetched and posted: four conditions judged, the move, its mail in the outbox. Against
a bare ModelForm of the same event, fetched and posted, under the same server and PostgreSQL; four clients each.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import servers  # noqa: E402
from benchmarks.data import load  # noqa: E402
from core.outbox import Mail  # noqa: E402
from events.models import Edition, Event, Format  # noqa: E402
from labels.models import Application, State  # noqa: E402
from tests import factories  # noqa: E402
from tests.portal import Portal  # noqa: E402

EVENTS, CLIENTS, ROUNDS, EACH = 2_000, 4, 5, 30
TARGET = 0.5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """As little of a client as can be, for the two cores are the servers'.

    By a connection a request: four that are kept fall to one of the two workers or to both as they are opened, which
    would be most of what is measured.
    """

    def __init__(self, url: str, **headers: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = {**headers, "Connection": "close"}

    def ask(self, method: str, path: str, expected: int, data: dict[str, str] | None = None) -> None:
        body = urlencode(data) if data is not None else None
        self._connection.request(method, path, body, {**self._headers, **(FORM if body else {})})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != expected:
            sys.exit(f"{method} {path}: {answer.status}\n{text.decode()[:2000]}")


def main() -> None:
    load(EVENTS)
    with ExitStack() as stack:
        environment = {"TRUSTED_PROXY_COUNT": "1", "EMAIL_URL": "smtp://127.0.0.1:9"}
        portal = Portal(**environment)
        stack.callback(portal.remove)
        portal.start()
        bare = stack.enter_context(servers.granian({**os.environ, **environment}, "benchmarks.bare_settings"))
        jobs = {"bare ModelForm": _bare(bare), "submission": _submissions(portal)}
        before = _counted()
        for job in jobs.values():
            _rate(job)
        found: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(ROUNDS):
            for name, job in jobs.items():
                found[name].append(_rate(job))
    count = CLIENTS * EACH * (ROUNDS + 1)
    assert _counted() == (before[0] + count, before[1] + count), "An application or its mail is lost."
    reference, submitted = (statistics.median(rates) for rates in found.values())
    for name, rates in found.items():
        sys.stdout.write(f"{name:16}{statistics.median(rates):7.1f} a second\n")
    sys.stdout.write(f"{submitted / reference:.2f} × the bare one; target {TARGET} at least\n")


def _rate(job: Callable[[int], None]) -> float:
    """Of so many clients at once, each its own."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(job, range(CLIENTS)))
    return CLIENTS * EACH / (time.perf_counter() - began)


def _bare(url: str) -> Callable[[int], None]:
    browsers = [Browser(url) for _ in range(CLIENTS)]
    event = Event.objects.published().latest("pk")
    texts = {name: getattr(event, name) for name in ("title", "description", "purpose", "venue", "address")}
    chosen = {"edition": str(Edition.objects.get().pk), "format": str(Format.objects.earliest("pk").pk)}
    data = {**texts, **chosen, "attendance": event.attendance, "registration": "aucune"}

    def job(number: int) -> None:
        for _ in range(EACH):
            browsers[number].ask("GET", "/banc/formulaire", 200)
            browsers[number].ask("POST", "/banc/formulaire", 302, data)

    return job


def _submissions(portal: Portal) -> Callable[[int], None]:
    """Whole drafts, made before anything counts; each client an organiser at an address of their own in each round."""
    drafts = [_drafts(portal, number) for number in range(CLIENTS)]

    def job(number: int) -> None:
        for _ in range(EACH):
            browser, token, path, version = next(drafts[number])
            browser.ask("GET", path, 200)
            browser.ask("POST", path, 303, {"csrfmiddlewaretoken": token, "version": version, "is_sworn": "on"})

    return job


def _drafts(portal: Portal, number: int) -> Iterator[tuple[Browser, str, str, str]]:
    made = []
    for turn in range(ROUNDS + 1):
        owner = factories.organiser()
        cookies = portal.signed_in(owner).cookies
        token = cookies[settings.CSRF_COOKIE_NAME]
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Origin": portal.url}
        # Counted for ten minutes: another run has others.
        address = f"203.{os.getpid() % 250}.{turn}.{number}"
        browser = Browser(portal.url, **headers, **{"X-Forwarded-For": address})
        for _ in range(EACH):
            draft = factories.application(by=owner)
            path = reverse("labels:step", args=[draft.reference, "verification"])
            made.append((browser, token, path, str(draft.version)))
    return iter(made)


def _counted() -> tuple[int, int]:
    """The applications that wait, and all mails."""
    return Application.objects.filter(state=State.SUBMITTED).count(), Mail.objects.count()


if __name__ == "__main__":
    main()
