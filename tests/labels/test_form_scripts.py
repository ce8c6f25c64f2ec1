"""What scripts add to the form, in a real Chromium: by mouse or by keyboard, with the same outcome as without them."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events.models import Event
from labels.models import Application
from places.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def opened(page: Page, draft: Application, step: str) -> Page:
    page.goto(f"/organisateurs/demandes/{draft.reference}/{step}/")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer et continuer").last.click()


def event_of(draft: Application) -> Event:
    return Event.objects.get(application=draft)


def test_a_commune_is_chosen_and_its_pin_moved_by_the_keyboard_alone(draft: Application, page: Page) -> None:
    factories.commune("97411")
    opened(page, draft, "dates-et-lieu")
    page.locator("#id_slots-0-date").fill("2026-11-17")
    page.get_by_label("Début").fill("09:00")
    page.get_by_label("Fin").fill("12:00")
    page.locator("#id_address").fill("12 rue des Docks")
    field = page.get_by_role("combobox", name="Commune")
    field.press_sequentially("saint-d")
    expect(page.get_by_role("option")).to_have_count(1)

    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "communes-proposees-0")
    field.press("Enter")
    expect(field).to_have_value("Saint-Denis (97400)")
    expect(page.get_by_label("Le repère est à la bonne place")).not_to_be_checked()
    pin = page.get_by_role("button", name="Repère de l’événement")
    pin.focus()
    pin.press("ArrowUp")
    expect(page.get_by_label("Le repère est à la bonne place")).to_be_checked()
    save(page)

    page.wait_for_url("**/publics/")
    event = event_of(draft)
    assert (event.commune_id, event.is_point_confirmed) == ("97411", True)
    assert event.latitude is not None and -20.8789 < event.latitude < -20.8
    assert [slot.time_zone for slot in event.slots.all()] == ["Indian/Reunion"]


def test_the_escape_key_closes_the_list_and_keeps_what_was_typed(draft: Application, page: Page) -> None:
    opened(page, draft, "dates-et-lieu")
    field = page.get_by_role("combobox", name="Commune")
    field.press_sequentially("havre")
    expect(page.get_by_role("listbox", name="Communes proposées")).to_be_visible()

    field.press("Escape")

    expect(page.get_by_role("listbox", name="Communes proposées")).to_be_hidden()
    expect(field).to_have_value("havre")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_slots_are_added_and_removed_in_the_page(draft: Application, page: Page) -> None:
    opened(page, draft, "dates-et-lieu")
    slots = page.locator("[data-slot]:visible")
    slots.nth(0).get_by_label("Date").fill("2026-11-17")
    slots.nth(0).get_by_label("Début").fill("09:00")
    slots.nth(0).get_by_label("Fin").fill("12:00")

    for day in ("2026-11-18", "2026-11-19"):
        page.get_by_role("button", name="Ajouter un créneau").click()
        expect(slots.last.get_by_label("Date")).to_be_focused()
        slots.last.get_by_label("Date").fill(day)
    slots.nth(1).get_by_role("button", name="Retirer le créneau 2").click()
    expect(slots).to_have_count(2)
    save(page)

    expect(page.locator("#erreurs")).to_be_focused()
    assert [str(slot) for slot in event_of(draft).slots.all()] == ["17/11/2026 09:00–12:00", "19/11/2026 09:00–12:00"]


def test_only_the_fields_that_an_answer_asks_for_are_shown(draft: Application, page: Page) -> None:
    opened(page, draft, "publics")
    address = page.get_by_label("Page d’inscription")
    expect(address).to_be_hidden()
    expect(page.get_by_text("Niveaux scolaires")).to_be_hidden()

    page.get_by_text("Sur une page internet", exact=True).click()
    page.get_by_text("Scolaires", exact=True).click()

    expect(address).to_be_visible()
    expect(page.get_by_text("Niveaux scolaires")).to_be_visible()


def test_the_enter_key_saves_and_goes_on(draft: Application, page: Page) -> None:
    opened(page, draft, "organisme")
    page.get_by_label("Nom de l’organisme").fill("Fonderie du Port")
    page.get_by_label("Nature de l’organisme").select_option("entreprise")
    page.get_by_label("Nom de l’organisme").press("Enter")

    page.wait_for_url("**/evenement/")


class TestWithoutScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_a_slot_is_added_and_one_of_several_communes_chosen(self, draft: Application, page: Page) -> None:
        for code in ("76001", "80001"):
            Commune.objects.create(code=code, name="Saint-Ouen", postcodes=f" {code}", latitude=49.9, longitude=1.1)
        opened(page, draft, "dates-et-lieu")
        page.get_by_role("button", name="Ajouter un créneau").click()
        for index, day in enumerate(("2026-11-17", "2026-11-18")):
            slot = page.locator("[data-slot]").nth(index)
            slot.get_by_label("Date").fill(day)
            slot.get_by_label("Début").fill("09:00")
            slot.get_by_label("Fin").fill("12:00")
        page.locator("#id_address").fill("12 rue des Docks")
        page.locator("#id_commune").fill("st ouen")
        save(page)

        page.locator("label", has_text="Saint-Ouen (80001)").click()
        save(page)

        page.wait_for_url("**/publics/")
        event = event_of(draft)
        assert (event.commune_id, event.slots.count()) == ("80001", 2)
