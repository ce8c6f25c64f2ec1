"""A real Chromium for the tests: ``browser``, ``context`` and ``page``, shut off from every other site.

A page whose script fails, or asks for what the content security policy forbids, fails its test.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from tests import chromium

# Says which element breaks the policy, which the browser's own message does not.
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  const element = event.target.outerHTML ? event.target.outerHTML.slice(0, 200) : "";
  console.error(`Content Security Policy: ${event.violatedDirective} ${event.sample} ${element}`);
});
"""
# One transparent pixel, for every map tile.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
# In ms: what is there comes at once, but the first pages of a cold machine that runs two such tests at a time.
PATIENCE = 30_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.path()
    if not program:
        pytest.fail(chromium.MISSING, pytrace=False)
    # Playwright's loop runs in this thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture
def context_options() -> dict[str, Any]:
    """What a test module overrides to see the portal in another light: viewport, colour scheme, no JavaScript."""
    return {}


@pytest.fixture
def context(
    browser: Browser, context_options: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    options: dict[str, Any] = {
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 1280, "height": 900},
    }
    if "live_server" in request.fixturenames:
        options["base_url"] = request.getfixturevalue("live_server").url
    result = browser.new_context(**{**options, **context_options})
    result.set_default_timeout(PATIENCE)
    result.add_init_script(WATCH_POLICY)
    result.route(lambda url: "://127.0.0.1" not in url and "://localhost" not in url, _keep_away)
    yield result
    result.close()


def _keep_away(route: Route) -> None:
    if route.request.resource_type == "image":
        route.fulfill(status=200, content_type="image/png", body=PIXEL)
    else:
        route.abort()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of ``context``; every page of it must stay without faults."""
    faults: list[str] = []

    def read(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            page = message.page
            faults.append(f"{page.url if page else ''}, {message.location.get('url')}: {message.text}")

    def watch(opened: Page) -> None:
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("console", read)

    context.on("page", watch)
    yield context.new_page()
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
