"""Several people at the same moment: each through a server that runs, or one between another's reading and writing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

Answer = TypeVar("Answer")
Deed = Callable[[], httpx.Response]
SignIn = Callable[[User], httpx.Client]


@pytest.fixture
def signed_in(live_server: LiveServer) -> Iterator[SignIn]:
    """Makes browsers of people: each with its session, and the cookie that its forms are checked against."""
    browsers: list[httpx.Client] = []

    def sign_in(user: User) -> httpx.Client:
        session = Client()
        session.force_login(user)
        cookies = {settings.SESSION_COOKIE_NAME: session.cookies[settings.SESSION_COOKIE_NAME].value}
        browser = httpx.Client(base_url=live_server.url, cookies=cookies, timeout=30)
        browsers.append(browser)
        # Any page with a form gives the cookie.
        browser.get(reverse("admin:index") if user.is_staff else reverse("labels:new"))
        browser.headers["X-CSRFToken"] = browser.cookies[settings.CSRF_COOKIE_NAME]
        return browser

    yield sign_in
    for browser in browsers:
        browser.close()


def posting(browser: httpx.Client, address: str, **data: Any) -> Deed:
    return lambda: browser.post(address, data=data)


def at_once(*deeds: Callable[[], Answer]) -> list[Answer]:
    """What each is answered, all having left at the same moment."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], Answer]) -> Answer:
        gate.wait(timeout=10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def once_before(patch: pytest.MonkeyPatch, owner: Any, name: str, deed: Callable[[], Any]) -> None:
    """Let ``deed`` be done, by somebody who is faster, when ``owner.name`` is first called: between the reading of
    what is tried and its writing. What it did is committed where the test's own transaction is."""
    called = getattr(owner, name)

    def late(*args: Any, **kwargs: Any) -> Any:
        patch.setattr(owner, name, called)
        deed()
        return called(*args, **kwargs)

    patch.setattr(owner, name, late)
