"""The part of the design system that pages load, and what a page weighs over the wire."""

import gzip
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import brotli
import pytest
from playwright.sync_api import Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from pages.management.commands import build_styles
from tests import factories
from tests.maps.test_map_in_browser import published

DSFR_CARD = ".fr-card{color:red}.fr-card--sm .fr-tile,.fr-card__title:not(.fr-tile){color:blue}.fr-tile{color:green}"
# In kB. The map's data weigh 110 at most besides, which makes 350.
MOST = {"/": 165, "/evenements/": 155, "/carte/": 240, "event": 240}
HEADERS = 400
TEXTS = ("text/", "application/json", "application/javascript", "application/geo+json", "image/svg+xml")


@pytest.mark.pure
def test_a_block_is_kept_whole_and_a_selector_that_can_match_nothing_goes() -> None:
    css = f"@media (min-width:1px){{{DSFR_CARD}}}@media (min-width:2px){{.fr-tile{{color:green}}}}"

    kept = build_styles.kept(css, {"fr-card"})

    assert kept == "@media (min-width:1px){.fr-card{color:red}.fr-card__title:not(.fr-tile){color:blue}}"


@pytest.mark.pure
def test_the_style_sheet_is_the_one_that_the_names_in_use_make() -> None:
    is_up_to_date = build_styles.TARGET.read_text() == build_styles.built()

    assert is_up_to_date, "run manage.py build_styles"


@pytest.mark.pure
def test_the_triangles_of_folds_load_no_letters() -> None:
    ranges = re.findall(r"unicode-range:([^;}]+)", build_styles.TARGET.read_text())
    ends = [part.removeprefix("U+").split("-") for listed in ranges for part in listed.split(",")]

    asked = {mark for mark in "◂▸▾◀▶▼" for part in ends if int(part[0], 16) <= ord(mark) <= int(part[-1], 16)}

    assert len(ranges) == 2 * len(build_styles.FRENCH)
    assert asked == set()


def on_the_wire(response: Response) -> int:
    """As the portal hands it out in production: statics in brotli, ready; pages in gzip, by the proxy."""
    body = response.body()
    kind = response.headers.get("content-type", "")
    if "content-encoding" in response.headers or not kind.startswith(TEXTS):
        return int(response.headers["content-length"]) + HEADERS
    press: Callable[[bytes], bytes] = gzip.compress if kind.startswith("text/html") else brotli.compress
    return len(press(body)) + HEADERS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", MOST)
def test_a_page_weighs_little(page: Page, live_server: LiveServer, address: str) -> None:
    event = published(title="Visite d’une fonderie à Épinal : l’œuvre d’un siècle…")
    for rank in range(25):
        published(title=f"Forge {rank}", commune=factories.commune("69381"))
    responses: list[Response] = []

    def read(response: Response) -> None:
        responses.append(response)

    page.on("response", read)

    page.goto(event.get_absolute_url() if address == "event" else address)
    if address == "/carte/":
        expect(page.locator("#carte[data-ready]")).to_be_visible()
    page.wait_for_load_state("networkidle")

    own = [response for response in responses if response.url.startswith(live_server.url)]
    weights = {urlsplit(response.url).path: on_the_wire(response) for response in own}
    assert sum(weights.values()) <= MOST[address] * 1000, sorted(weights.items(), key=lambda item: -item[1])
    assert [path for path in weights if path.startswith("/static/dsfr/dist/fonts")] == []
