"""The filters of the map page in a real Chromium: nothing is loaded again, and everything follows."""

import re
from datetime import date, time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from events.models import Event
from tests import factories
from tests.axe import faults
from tests.maps.test_map_in_browser import open_map, published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three() -> None:
    """Two in Normandie, one in Lyon."""
    published(title="Fonderie", group_size=30)
    published(title="Forge", commune=factories.commune("14118"), slots=[(date(2024, 11, 20), time(9), time(12))])
    published(title="Soierie", commune=factories.commune("69381"), description="Tissage.", group_size=10)


def results(page: Page) -> Any:
    return page.locator("#resultats")


def tick(page: Page, facet: str, choice: str) -> None:
    page.locator("summary", has_text=facet).click()
    page.locator("form label", has_text=choice).click()


def unfold(page: Page) -> None:
    page.get_by_text("Filtrer les événements").click()
    page.locator("summary", has_text="Plus de filtres").click()


def test_filters_change_map_list_tags_and_address_without_loading_the_page(
    page: Page, live_server: LiveServer, three: None
) -> None:
    open_map(page)
    page.evaluate("globalThis.isSamePage = true")
    page.evaluate("document.getElementById('resultats').isSameElement = true")
    unfold(page)

    tick(page, "Régions", "Normandie")

    expect(results(page)).to_have_text("2\u00a0événements, dont 2 sur la carte")
    expect(page.locator(".fr-card__title")).to_have_text(["Fonderie", "Forge"])
    expect(page.locator(".map-event")).to_have_count(2)
    expect(page.get_by_role("link", name="Normandie")).to_be_visible()
    expect(page.locator("#map-embed")).to_have_attribute("href", re.compile(r"/carte/integrer/code/\?region=28$"))
    expect(page).to_have_url(re.compile(r"/carte/\?region=28#\d+/49\."))
    assert faults(page) == []

    page.get_by_label("À partir du").fill("2024-11-19")
    page.keyboard.press("Enter")
    expect(page.locator(".fr-card__title")).to_have_text(["Forge"])
    expect(results(page)).to_have_text("1\u00a0événement, dont 1 sur la carte")

    page.get_by_title("Retirer le filtre Normandie").click()
    expect(page.locator("form [name=region]:checked")).to_have_count(0)
    expect(results(page)).to_be_focused()
    page.go_back()
    page.go_back()
    expect(page.locator(".fr-card__title")).to_have_text(["Fonderie", "Forge"])
    expect(page.locator("form [name=region]:checked")).to_have_count(1)
    expect(page.get_by_label("À partir du")).to_have_value("")
    assert page.evaluate("globalThis.isSamePage")
    assert page.evaluate("document.getElementById('resultats').isSameElement")


def test_an_address_that_names_the_edition_in_force_and_one_that_does_not_show_the_same_filters(
    page: Page, live_server: LiveServer, three: None
) -> None:
    soierie = page.get_by_role("button", name="Soierie, Lyon 1er Arrondissement")
    open_map(page, "edition=2024&groupe=20")
    expect(page.locator(".map-cluster")).to_have_count(1)
    expect(soierie).to_have_count(0)

    unfold(page)
    page.get_by_role("link", name="Effacer les filtres").click()
    expect(results(page)).to_have_text("3\u00a0événements, dont 3 sur la carte")
    expect(soierie).to_be_visible()

    page.get_by_label("Édition", exact=True).select_option("2024")
    expect(page).to_have_url(re.compile(r"edition=2024"))
    tick(page, "Régions", "Normandie")
    expect(results(page)).to_have_text("2\u00a0événements, dont 2 sur la carte")
    expect(soierie).to_have_count(0)


def test_the_feeds_that_the_page_offers_are_those_of_what_it_shows(
    page: Page, live_server: LiveServer, three: None
) -> None:
    open_map(page)
    unfold(page)

    tick(page, "Régions", "Normandie")

    expect(page.get_by_role("link", name="CSV")).to_have_attribute("href", "/evenements.csv?region=28")
    offered = page.locator("#map-feeds .feeds__list a, link[rel=alternate]").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href'))"
    )
    assert len(offered) == 11
    assert {address.partition("?")[2] for address in offered} == {"region=28"}


def test_words_are_searched_by_the_server_and_a_fault_is_said_beside_its_field(
    page: Page, live_server: LiveServer, three: None
) -> None:
    open_map(page)
    page.evaluate("globalThis.isSamePage = true")
    page.get_by_text("Filtrer les événements").click()

    page.get_by_label("Mots-clés").fill("tissage")
    page.keyboard.press("Enter")
    expect(page.locator(".map-event")).to_have_count(1)
    expect(page.get_by_role("button", name="Soierie, Lyon 1er Arrondissement")).to_be_visible()

    page.get_by_label("Mots-clés").fill("")
    page.get_by_label("Près de").fill("Nulle-Part")
    page.keyboard.press("Enter")
    expect(page.locator(".fr-error-text")).to_contain_text("Aucune commune")
    expect(page.locator(".fr-card__title")).to_have_count(3)
    expect(page.locator(".map-event, .map-cluster").first).to_be_visible()
    assert page.evaluate("globalThis.isSamePage")


def test_a_search_without_result_leads_out_of_it(page: Page, live_server: LiveServer, three: None) -> None:
    open_map(page, "groupe=500&edition=2024")
    expect(page.locator(".map-event, .map-cluster")).to_have_count(1)

    page.goto("/carte/?lieu=en-ligne")
    expect(page.locator("#carte[data-ready]")).to_be_visible()
    expect(page.locator(".map-event, .map-cluster")).to_have_count(0)
    page.locator("#map-list").get_by_role("link", name="Sans «\u00a0En ligne\u00a0»").click()

    expect(page.locator(".fr-card__title")).to_have_count(3)
    expect(page.locator(".map-event, .map-cluster").first).to_be_visible()


def test_an_approval_meanwhile_is_on_the_map_at_the_next_filter(
    page: Page, live_server: LiveServer, three: None
) -> None:
    open_map(page)
    unfold(page)
    event = published(title="Aciérie")
    Event.objects.filter(pk=event.pk).update(latitude=49.4, longitude=0.3)

    tick(page, "Régions", "Normandie")

    expect(results(page)).to_have_text("3\u00a0événements, dont 3 sur la carte")
    expect(page.locator(".map-event")).to_have_count(3)


class TestAroundMe:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"geolocation": {"latitude": 49.181234, "longitude": -0.371234}}

    def test_the_position_is_asked_on_a_click_alone_and_rounded_before_it_leaves(
        self, page: Page, context: BrowserContext, live_server: LiveServer, three: None
    ) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(
            "const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
            "navigator.geolocation.getCurrentPosition = (...all) => { globalThis.isAsked = true; real(...all); };"
        )
        open_map(page)
        button = page.get_by_role("button", name="Autour de moi")
        button.click()
        expect(page.locator("#map-status")).to_contain_text("Votre navigateur ne donne pas votre position")

        page.reload()
        expect(page.locator("#carte[data-ready]")).to_be_visible()
        assert not page.evaluate("globalThis.isAsked")
        context.grant_permissions(["geolocation"])
        button.click()

        expect(page.locator(".fr-card__title")).to_have_text(["Forge"])
        expect(page).to_have_url(re.compile(r"pres=49\.18%2C-0\.37"))
        assert [address for address in asked if "49.1812" in address or "0.3712" in address] == []
        assert page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage)).join()") in {"", "scheme"}


@pytest.mark.fault
@pytest.mark.parametrize("tiles", ["blocked", "stubbed"])
def test_the_map_is_never_grey(
    page: Page, context: BrowserContext, live_server: LiveServer, three: None, tiles: str
) -> None:
    def block(route: Route) -> None:
        route.abort()

    if tiles == "blocked":
        context.route(lambda url: "://127.0.0.1" not in url and "://localhost" not in url, block)
    open_map(page)

    expect(page.locator(".leaflet-outlines-pane path.map-region").first).to_be_visible()
    expect(page.locator(".map-name span", has_text="Bretagne")).to_be_visible()
    expect(page.locator(".leaflet-tile-loaded")).to_have_count(
        0 if tiles == "blocked" else page.locator(".leaflet-tile").count()
    )
    expect(page.locator("path.map-abroad:not([d='M0 0'])").first).to_be_visible(visible=tiles == "blocked")
    # Each part of the country is drawn, with its count.
    expect(page.locator("#map-views svg path")).to_have_count(6)


def test_many_events_at_one_point_come_by_page(page: Page, live_server: LiveServer) -> None:
    for rank in range(23):
        published(title=f"Visite {rank:02d}")
    open_map(page)

    page.get_by_role("button", name="23 événements ici").focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Événements à cet endroit")
    expect(popup.locator("li")).to_have_count(20)
    popup.get_by_role("button", name="Voir les 3 suivants").press("Enter")

    expect(popup.locator("li")).to_have_count(23)
    expect(popup.get_by_role("link", name="Visite 20")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="23 événements ici")).to_be_focused()
