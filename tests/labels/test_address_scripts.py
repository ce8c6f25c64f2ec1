"""Address and pin in a real Chromium: chosen by the keyboard, moved by touch, followed when the address changes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from events.models import Event
from labels.models import Application
from places import geocoding
from tests import factories
from tests.labels.test_form_scripts import opened, save
from tests.outside import OutsideService

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _geocoder(outside_service: OutsideService, settings: Settings) -> None:
    """It knows two addresses in Cayenne, by the first word of the street."""
    factories.commune("97302")
    geocoding.SERVICE.forgive()
    settings.GEOCODER_URL = outside_service.url.removesuffix("/search")
    outside_service.answer = lambda query: {"features": [_feature("quai" in query["q"].lower())]}


def _feature(is_quay: bool) -> dict[str, Any]:
    name, point = ("2 Quai du Port", [-52.34, 4.94]) if is_quay else ("12 Rue des Palmistes", [-52.33, 4.93])
    properties = {"score": 0.9, "name": name, "citycode": "97302", "type": "housenumber"}
    return {"geometry": {"coordinates": point}, "properties": properties}


def fill_slot(page: Page) -> None:
    page.locator("#id_slots-0-date").fill("2026-11-17")
    page.get_by_label("Début").fill("09:00")
    page.get_by_label("Fin").fill("12:00")


def choose_address(page: Page) -> None:
    field = page.get_by_role("combobox", name="Adresse")
    field.press_sequentially("12 palmistes")
    expect(page.get_by_role("option", name="12 Rue des Palmistes, Cayenne (97300)")).to_be_visible()
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "adresses-proposees-0")
    field.press("Enter")
    expect(field).to_have_value("12 Rue des Palmistes")


def kept(draft: Application) -> tuple[str | None, float | None, float | None, bool]:
    event = Event.objects.get(application=draft)
    return event.commune_id, event.longitude, event.latitude, event.is_point_confirmed


def test_an_address_chosen_by_the_keyboard_brings_its_commune_its_clock_and_its_pin(
    draft: Application, page: Page
) -> None:
    opened(page, draft, "dates-et-lieu")
    fill_slot(page)

    choose_address(page)

    expect(page.get_by_role("combobox", name="Commune")).to_have_value("Cayenne (97300)")
    expect(page.get_by_text("Heures du lieu")).to_contain_text("heure de Guyane")
    expect(page.get_by_text("Repère placé à l’adresse, à confirmer sur la carte.")).to_be_visible()
    save(page)
    page.wait_for_url("**/publics/")
    assert kept(draft) == ("97302", -52.33, 4.93, False)


def test_an_address_that_changes_takes_its_confirmed_pin_along(draft: Application, page: Page) -> None:
    opened(page, draft, "dates-et-lieu")
    fill_slot(page)
    choose_address(page)
    confirmed = page.get_by_label("Le repère est à la bonne place")
    page.get_by_text("Le repère est à la bonne place").click()
    expect(confirmed).to_be_checked()

    page.get_by_role("combobox", name="Adresse").fill("2 quai du Port")
    page.get_by_role("combobox", name="Adresse").press("Tab")

    expect(confirmed).not_to_be_checked()
    expect(page.locator("#id_longitude")).to_have_value("-52,34")
    save(page)
    page.wait_for_url("**/publics/")
    assert kept(draft) == ("97302", -52.34, 4.94, False)


class TestByTouch:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}

    def test_the_pin_is_moved_with_a_finger_and_is_confirmed(self, draft: Application, page: Page) -> None:
        opened(page, draft, "dates-et-lieu")
        fill_slot(page)
        choose_address(page)
        pin = page.get_by_role("button", name="Repère de l’événement")
        pin.scroll_into_view_if_needed()
        box = pin.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger = page.context.new_cdp_session(page)

        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            ("touchMove", [{"x": x + 20, "y": y - 20}]),
            ("touchMove", [{"x": x + 40, "y": y - 40}]),
            ("touchEnd", []),
        ):
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        expect(page.get_by_label("Le repère est à la bonne place")).to_be_checked()
        save(page)
        page.wait_for_url("**/publics/")
        commune, longitude, latitude, is_confirmed = kept(draft)
        assert (commune, is_confirmed) == ("97302", True)
        assert longitude is not None and -52.33 < longitude < -52.31
        assert latitude is not None and 4.93 < latitude < 4.95


class TestWithoutScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_the_server_places_the_pin_and_says_so(self, draft: Application, page: Page) -> None:
        opened(page, draft, "dates-et-lieu")
        fill_slot(page)
        page.locator("#id_address").fill("12 rue des Palmistes")
        page.locator("#id_commune").fill("cayenne")
        save(page)

        expect(page.get_by_text("Le repère est placé à l’adresse")).to_be_visible()
        assert kept(draft) == ("97302", -52.33, 4.93, False)
