"""Slots in a real Chromium: repeated, with and without script, and the clock of their place named at once."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from events.models import Event
from labels.models import Application
from tests import factories
from tests.labels.test_form_scripts import opened

pytestmark = pytest.mark.django_db(transaction=True)


def repeat_mornings(page: Page) -> None:
    page.get_by_text("Répéter un créneau sur plusieurs jours").click()
    page.get_by_label("Du", exact=True).fill("2026-11-18")
    page.get_by_label("Au", exact=True).fill("2026-11-22")
    page.get_by_label("À partir de").fill("09:00")
    page.get_by_label("Jusqu’à").fill("08:00")
    page.get_by_role("button", name="Ajouter ces créneaux").click()
    expect(page.get_by_text("L’heure de fin doit suivre l’heure de début.")).to_be_visible()
    page.get_by_label("Jusqu’à").fill("12:00")
    page.get_by_role("button", name="Ajouter ces créneaux").click()
    expect(page.get_by_text("5 créneaux ajoutés.")).to_be_visible()


def test_every_morning_of_some_days_is_added_and_can_be_removed(draft: Application, page: Page) -> None:
    opened(page, draft, "dates-et-lieu")
    repeat_mornings(page)

    expect(page.locator("[data-slot]:visible")).to_have_count(5)
    assert Event.objects.get(application=draft).slots.count() == 5
    page.get_by_role("button", name="Retirer le créneau 1").click()
    expect(page.locator("[data-slot]:visible")).to_have_count(4)
    expect(page.locator("[data-save-state]")).to_contain_text("Enregistré à")
    assert Event.objects.get(application=draft).slots.count() == 4


def test_the_clock_of_a_place_overseas_is_named_at_once(draft: Application, page: Page) -> None:
    factories.commune("97411")
    opened(page, draft, "dates-et-lieu")
    clock = page.get_by_text("Heures du lieu")
    expect(clock).to_be_hidden()

    field = page.get_by_role("combobox", name="Commune")
    field.press_sequentially("saint-d")
    expect(page.get_by_role("option")).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(clock).to_have_text("Heures du lieu : heure de La Réunion.")

    page.get_by_text("En ligne", exact=True).click()
    expect(clock).to_be_hidden()


class TestWithoutScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_every_morning_is_added_all_the_same(self, draft: Application, page: Page) -> None:
        opened(page, draft, "dates-et-lieu")
        repeat_mornings(page)

        expect(page.locator("[data-slot]")).to_have_count(5)
        expect(page.locator("#creneaux")).to_be_focused()
