"""Filters on a phone: folded above the results, with how many are active, with and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.axe import faults
from tests.maps.test_map_in_browser import published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alike]

PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def context_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"viewport": PHONE, "java_script_enabled": request.param}


@pytest.mark.parametrize("address", ["/evenements/", "/carte/", "/carte/integrer/code/"])
def test_filters_are_folded_with_their_number(page: Page, live_server: LiveServer, address: str) -> None:
    published(title="Forge")
    fold = page.locator("summary", has_text="Filtrer les événements")

    page.goto(f"{address}?region=28&public=scolaires")

    expect(fold).to_have_text("Filtrer les événements (2\xa0filtres actifs)")
    expect(page.get_by_label("Mots-clés")).to_be_hidden()
    fold.click()
    page.get_by_label("Mots-clés").fill("forge")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("summary", has_text="3\xa0filtres actifs")).to_have_count(1)


class TestWithJavaScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"viewport": PHONE}

    @pytest.mark.parametrize(("address", "result"), [("/evenements/", ".event-card"), ("/carte/", ".map-event")])
    def test_a_result_is_on_the_first_screen(
        self, page: Page, live_server: LiveServer, address: str, result: str
    ) -> None:
        published(title="Forge")

        page.goto(f"{address}?region=28")

        expect(page.locator(result).first).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert faults(page) == []

    def test_the_parts_of_the_country_stand_in_one_row(self, page: Page, live_server: LiveServer) -> None:
        published(title="Forge")
        page.goto("/carte/")
        expect(page.locator("#map-views")).to_be_visible()

        tops = page.locator(".map-view").evaluate_all(
            "views => views.map((view) => view.getBoundingClientRect().bottom)"
        )

        assert len(set(tops)) == 1

    def test_on_a_large_screen_the_filters_of_the_list_are_not_folded(
        self, page: Page, live_server: LiveServer
    ) -> None:
        page.set_viewport_size({"width": 1280, "height": 900})

        page.goto("/evenements/")

        expect(page.get_by_label("Mots-clés")).to_be_visible()
