"""The server is restarted while people ask: each is answered, by the workers that leave or by those that come."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.urls import reverse

from labels.models import Application
from tests import factories
from tests.labels import answers
from tests.portal import Load, Portal, posting, until

pytestmark = [pytest.mark.postgresql, pytest.mark.fault]

CADDYFILE = Path(settings.BASE_DIR) / "deploy" / "Caddyfile"


@pytest.fixture
def portal(start_portal: Callable[..., Portal], postgresql_url: str) -> Portal:
    factories.edition()
    return start_portal(DATABASE_URL=postgresql_url, REDIS_URL="")


@pytest.fixture
def ask(portal: Portal) -> Callable[[], int]:
    """Reads a page, or writes a step of a form, by a connection of its own."""
    owner = factories.organiser()
    draft, browser = factories.application(by=owner), portal.signed_in(owner)
    address = portal.url + reverse("labels:step", args=[draft.reference, "evenement"])
    cookies, closing = dict(browser.cookies), {"Connection": "close"}
    saves = iter(range(10**6))

    def ask() -> int:
        with httpx.Client(base_url=portal.url, cookies=cookies, headers=closing, timeout=60) as one:
            if (turn := next(saves)) % 2:
                return one.get("/evenements/").status_code
            return posting(one, address, **{**answers.EVENT, "title": f"Visite {turn}", "action": "save"}).status_code

    return ask


def test_workers_that_are_changed_under_load_lose_no_request(portal: Portal, ask: Callable[[], int]) -> None:
    with Load(ask, threads=4) as load:
        load.wait_for(10)
        portal.reload()
        until(lambda: "Stopped old worker-2" in portal.log())
        load.wait_for(10)

    assert set(load.answers) == {200, 303}


def test_a_new_release_under_load_loses_no_request_behind_the_proxy(portal: Portal, ask: Callable[[], int]) -> None:
    """What was taken is answered before the old container stops; what is refused meanwhile waits at the proxy."""
    (patience,) = re.findall(r"lb_try_duration (\d+)s", CADDYFILE.read_text())

    def by_the_proxy() -> int:
        give_up_at = time.monotonic() + int(patience)
        while True:
            try:
                return ask()
            except httpx.ConnectError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.25)

    with Load(by_the_proxy, threads=4) as load:
        load.wait_for(10)
        portal.stop()
        portal.start()
        load.wait_for(10)

    assert set(load.answers) == {200, 303}
    assert Application.objects.get().event.title.startswith("Visite ")
