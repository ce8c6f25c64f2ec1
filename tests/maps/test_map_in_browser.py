"""The map in a real Chromium: what mouse, keyboard and eyes find there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from events.models import Event
from tests import factories
from tests.axe import faults

pytestmark = pytest.mark.django_db(transaction=True)


def published(**fields: Any) -> Event:
    event = factories.event(
        **{"edition": factories.edition(2024), "slots": [(date(2024, 11, 18), time(9), time(12))], **fields}
    )
    event.publish()
    return event


def open_map(page: Page, query: str = "") -> None:
    page.goto(f"/carte/?{query}")
    expect(page.locator("#carte[data-ready]")).to_be_visible()


def test_a_marker_opens_on_its_event_and_gives_the_focus_back(page: Page, live_server: LiveServer) -> None:
    event = published(title="Fonderie <b>à cœur</b> ouvert")
    open_map(page)
    marker = page.get_by_role("button", name="Fonderie <b>à cœur</b> ouvert, Le Havre")

    marker.focus()
    page.keyboard.press("Enter")

    popup = page.get_by_role("dialog", name="Fonderie <b>à cœur</b> ouvert")
    expect(popup.get_by_role("link", name=event.title)).to_be_focused()
    expect(popup).to_contain_text("18 novembre 2024")
    expect(popup).to_contain_text("Le Havre – Visite d’entreprise")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(marker).to_be_focused()
    marker.click()
    popup.get_by_role("link", name=event.title).click()
    expect(page).to_have_url(f"{live_server.url}{event.get_absolute_url()}")
    expect(page.get_by_role("heading", level=1)).to_have_text(event.title)
    expect(page.locator("#plan .map-pin")).to_be_visible()


def test_events_at_one_point_are_listed_together(page: Page, live_server: LiveServer) -> None:
    published(title="Forge")
    published(title="Fonderie").cancel("Fermé.")
    open_map(page)

    page.get_by_role("button", name="2 événements ici").click()

    popup = page.get_by_role("dialog", name="Événements à cet endroit")
    expect(popup.locator("a.map-popup__title")).to_have_count(2)
    expect(popup.locator("li", has_text="Fonderie")).to_contain_text("Annulé")


def test_a_keyboard_walks_the_events_of_one_point_and_comes_back(page: Page, live_server: LiveServer) -> None:
    for title in ("Fonderie", "Forge"):
        published(title=title)
    open_map(page)
    cluster = page.get_by_role("button", name="2 événements ici")
    popup = page.get_by_role("dialog", name="Événements à cet endroit")

    cluster.focus()
    page.keyboard.press("Enter")

    expect(popup.get_by_role("link", name="Fonderie")).to_be_focused()
    page.keyboard.press("Tab")
    expect(popup.get_by_role("link", name="Forge")).to_be_focused()
    page.keyboard.press("Tab")
    expect(popup.get_by_role("button", name="Fermer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(popup).to_have_count(0)
    expect(cluster).to_be_focused()


def test_towns_are_named_close_by_where_no_tile_comes_and_only_there(page: Page, live_server: LiveServer) -> None:
    published(title="Forge")
    asked: list[str] = []

    def read(request: Request) -> None:
        asked.append(request.url)

    page.on("request", read)
    page.goto("/carte/#13/49.52/0.14")
    expect(page.locator("#carte[data-ready]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "villes" in url or "departements" in url] == []
    page.route(re.compile("wmts"), lambda route: route.abort())

    page.reload()

    expect(page.locator(".map-name--town span", has_text="Sainte-Adresse")).to_be_visible()
    assert covered_names(page) == []
    page.get_by_role("button", name="Dézoomer").click()
    expect(page.locator(".map-name--town span", has_text="Montivilliers")).to_be_visible()
    assert covered_names(page) == []


def test_no_marker_covers_the_name_of_a_region(page: Page, live_server: LiveServer) -> None:
    published(title="Forge")
    open_map(page)
    expect(page.locator(".map-name span", has_text="Normandie")).to_be_visible()

    assert covered_names(page) == []


def test_a_name_that_makes_room_for_a_marker_stays_on_its_own_region(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    event = published(title="Forge")
    Event.objects.filter(pk=event.pk).update(latitude=50.4, longitude=3)
    open_map(page)
    expect(page.locator(".map-name span", has_text="Grand Est")).to_be_visible()

    strays: list[str] = page.evaluate(
        """() => {
            // Names and outlines stand in the order of the regions; those overseas lie out of the view.
            const view = document.getElementById("carte").getBoundingClientRect();
            const outlines = [...document.querySelectorAll(".map-region")];
            const names = [...document.querySelectorAll(".map-name:not(.map-name--town) span")];
            const isAtHome = (name, outline) => {
                const { x, y, width, height } = name.getBoundingClientRect();
                const point = new DOMPoint(x + width / 2, y + height / 2);
                const isIn = point.x > view.left && point.x < view.right && point.y > view.top && point.y < view.bottom;
                return !isIn || outline.isPointInFill(point.matrixTransform(outline.getScreenCTM().inverse()));
            };
            const strays = names.filter((name, rank) => !name.style.visibility && !isAtHome(name, outlines[rank]));
            return strays.map((name) => name.textContent);
        }"""
    )
    assert strays == []
    assert covered_names(page) == []


def test_neither_credits_nor_buttons_cover_the_name_of_a_town(page: Page, live_server: LiveServer) -> None:
    published(title="Forge")
    page.route(re.compile("wmts"), lambda route: route.abort())
    page.goto("/carte/#10/48.9/2.4")
    expect(page.locator(".map-name--town span").first).to_be_visible()

    assert covered_names(page) == []


def covered_names(page: Page) -> list[str]:
    """The names that a marker, a control or another name stands over, once the map has come to rest."""
    covered: list[str] = []
    for _ in range(20):
        covered = page.evaluate(
            """() => {
                const box = (element) => element.getBoundingClientRect();
                const marks = [...document.querySelectorAll(".map-event, .map-cluster, .leaflet-control")];
                const names = [...document.querySelectorAll(".map-name span")].filter((name) => !name.style.visibility);
                const covers = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
                const others = (name) => [...marks, ...names].filter((one) => one !== name);
                const isCovered = (name) => others(name).some((one) => covers(box(one), box(name)));
                return names.filter(isCovered).map((name) => name.textContent);
            }"""
        )
        if not covered:
            break
        page.wait_for_timeout(250)
    return covered


def test_a_cluster_parts_under_the_keyboard_and_the_focus_stays_near(page: Page, live_server: LiveServer) -> None:
    for shift in (0.0, 0.05):
        event = published(title=f"Visite {shift}")
        Event.objects.filter(pk=event.pk).update(longitude=0.1 + shift)
    open_map(page)

    page.get_by_role("button", name="2 événements ici").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".map-event")).to_have_count(2)
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile(r"Visite 0\."))


def test_the_view_lives_in_the_address(page: Page, live_server: LiveServer) -> None:
    published(commune=factories.commune("97411"))
    open_map(page)
    assert page.locator(".map-event").count() == 0

    page.get_by_role("button", name="La Réunion (1)").click()
    expect(page.locator(".map-event")).to_be_visible()
    page.wait_for_url("**#*/-21.*/55.*")
    page.goto(page.url)
    page.reload()

    expect(page.locator(".map-event")).to_be_visible()


def test_a_map_that_something_narrows_keeps_its_middle(page: Page, live_server: LiveServer) -> None:
    published()
    open_map(page)
    from_middle = """() => {
      const [map, marker] = ["#carte", "#carte .leaflet-marker-icon"].map((name) => document.querySelector(name));
      const [{ x, width }, { x: left }] = [map.getBoundingClientRect(), marker.getBoundingClientRect()];
      return Math.round(left - x - width / 2);
    }"""
    before = page.evaluate(from_middle)

    page.locator("#carte").evaluate("(map) => (map.style.width = `${map.clientWidth - 300}px`)")

    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert abs(page.evaluate(from_middle) - before) <= 1


def test_the_list_is_there_while_the_script_of_the_map_does_not_come(page: Page, live_server: LiveServer) -> None:
    event = published()
    page.route("**/leaflet/leaflet*.js", lambda route: None)

    for address in ("/carte/", "/carte/integrer/"):
        page.goto(address, wait_until="commit")

        expect(page.get_by_role("heading", name="En liste")).to_be_visible()
        expect(page.get_by_role("link", name=event.title)).to_be_visible()


def test_a_search_shows_where_its_events_are(page: Page, live_server: LiveServer) -> None:
    published(title="Fonderie", commune=factories.commune("97302"))
    published(title="Forge")

    page.goto("/carte/")
    page.get_by_text("Filtrer les événements").click()
    page.get_by_label("Mots-clés").fill("cayenne")
    page.get_by_role("button", name="Rechercher").click()

    expect(page.locator(".map-event")).to_be_visible()
    expect(page.get_by_role("button", name="Fonderie, Cayenne")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/carte/\?q=cayenne#"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_list_page_and_map_have_no_fault_that_axe_finds(page: Page, live_server: LiveServer, scheme: Any) -> None:
    event = published()
    published(title="Forge", is_full=True)
    published(title="Soierie", commune=factories.commune("69381")).cancel("Fermé.")
    page.emulate_media(color_scheme=scheme)

    found = {}
    for address in ("/carte/", "/evenements/?region=zz&q=visite", event.get_absolute_url()):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found[address] = faults(page)

    assert found == {address: [] for address in found}


class TestWithoutJavaScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_the_map_page_is_the_list_and_its_filters_work(self, page: Page, live_server: LiveServer) -> None:
        published(title="Fonderie")
        published(title="Forge", commune=factories.commune("69381"))

        page.goto("/carte/")
        expect(page.locator("#map-near, #map-views, #carte").locator("visible=true")).to_have_count(0)
        page.get_by_text("Filtrer les événements").click()
        page.get_by_text("Plus de filtres").click()
        page.locator("summary", has_text="Régions").click()
        page.locator("form label", has_text="Normandie").click()
        page.get_by_role("button", name="Rechercher").click()

        expect(page.locator("#resultats")).to_contain_text("1 événement, dont 1 sur la carte")
        expect(page.locator(".fr-card__title")).to_have_text(["Fonderie"])
        expect(page.locator("#carte")).to_be_hidden()


@contextmanager
def without_the_edition(page: Page) -> Iterator[list[Route]]:
    """What asks for the events waits, until it is let go."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(re.compile(r"points\.json"), hold)
    yield waiting
    page.unroute_all(behavior="ignoreErrors")


def test_markers_stand_before_the_browser_has_read_the_edition_and_open_once_it_has(
    page: Page, live_server: LiveServer
) -> None:
    for title in ("Fonderie", "Forge"):
        published(title=title)

    with without_the_edition(page) as waiting:
        page.goto("/carte/")
        cluster = page.get_by_role("button", name="2 événements ici")
        expect(cluster).to_be_visible()
        cluster.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#carte[data-ready]")).to_have_count(0)
        for route in waiting:
            route.continue_()

        popup = page.get_by_role("dialog", name="Événements à cet endroit")
        expect(popup.get_by_role("link", name="Fonderie")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="2 événements ici")).to_be_focused()


def test_markers_that_nothing_can_open_do_not_stay(page: Page, live_server: LiveServer) -> None:
    published(title="Forge")

    with without_the_edition(page) as waiting:
        page.goto("/carte/")
        expect(page.locator(".map-event")).to_have_count(1)
        for route in waiting:
            route.abort()

        expect(page.locator("#map-status")).to_contain_text("n’ont pas pu être placés")
        expect(page.locator(".map-event")).to_have_count(0)


def test_the_focus_stays_near_when_what_the_worker_found_takes_the_place_of_what_stood(
    page: Page, live_server: LiveServer
) -> None:
    for shift in (0.0, 0.05):
        event = published(title=f"Visite {shift}")
        Event.objects.filter(pk=event.pk).update(longitude=0.1 + shift)
    open_map(page)
    cluster = page.get_by_role("button", name="2 événements ici")
    cluster.evaluate("(one) => (one.dataset.stood = '')")

    cluster.focus()
    page.locator("#carte").hover(position={"x": 30, "y": 200})
    page.mouse.wheel(0, 400)

    expect(page.locator("[data-stood]")).to_have_count(0)
    expect(cluster).to_be_focused()
