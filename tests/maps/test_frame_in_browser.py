"""The map in the frame of another site, in a real Chromium."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.axe import faults
from tests.maps.test_map_in_browser import published

pytestmark = pytest.mark.django_db(transaction=True)


class Partner(BaseHTTPRequestHandler):
    """The site of a partner, with the code that the portal gives."""

    page = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!DOCTYPE html><title>Partenaire</title>{self.page}".encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def partner() -> Iterator[str]:
    """Its address: another site than the portal's for a browser."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Partner) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_partner_frames_the_map_without_cookie_and_its_events_open_in_a_tab(
    page: Page, context: BrowserContext, live_server: LiveServer, partner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(title="Fonderie")
    page.goto("/carte/integrer/code/?region=28")
    monkeypatch.setattr(Partner, "page", page.get_by_label("Code à coller").input_value())
    context.clear_cookies()
    page.goto(partner)
    frame = page.frame_locator("iframe")

    frame.get_by_role("button", name="Fonderie, Le Havre").click()
    with page.expect_popup() as opened:
        frame.get_by_role("dialog").get_by_role("link", name="Fonderie").click()

    expect(opened.value).to_have_url(f"{live_server.url}{event.get_absolute_url()}")
    assert opened.value.evaluate("window.opener") is None
    assert context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/carte/integrer/", "/carte/integrer/code/"])
def test_frame_and_code_have_no_fault_that_axe_finds(
    page: Page, live_server: LiveServer, address: str, scheme: Any
) -> None:
    published(title="Forge", is_full=True)
    published(title="Fonderie").cancel("Fermé.")
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    page.wait_for_load_state("networkidle")

    assert faults(page) == []


class TestWithoutJavaScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_the_frame_is_the_list(self, page: Page, live_server: LiveServer) -> None:
        published(title="Fonderie")

        page.goto("/carte/integrer/")

        expect(page.locator("#carte")).to_be_hidden()
        expect(page.get_by_role("link", name="Fonderie")).to_be_visible()
