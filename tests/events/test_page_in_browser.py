"""The page of an event in a browser: on one sheet, on a telephone, without JavaScript; and its form of reports."""

import re
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.images import draw
from events.models import Event, Level, Report
from events.pictures import attach
from tests import axe, factories, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(live_server: Any) -> Event:
    """As much as most events hold: six slots, a long text, an image."""
    day = timezone.localdate() + timedelta(days=1)
    slots: list[tuple[date, time, time]] = [(day, time(hour), time(hour, 45)) for hour in range(9, 15)]
    text = "La coulée du métal, ses gestes et ses machines, expliqués par celles et ceux qui les font. "
    event = factories.event(
        slots=slots,
        capacity=20,
        description=text * 20,
        group_size=30,
        minimum_age=12,
        safety_equipment="Chaussures fermées ; casque prêté.",
        directions="Tramway A, arrêt Docks.",
        registration=Event.Registration.LINK,
        registration_url="https://exemple.fr/inscription",
    )
    event.levels.set(Level.objects.all())
    attach(event, draw(BytesIO(pictures.image())), kind="image", alt="L’atelier")
    event.publish()
    factories.event(title="Visite voisine", slots=slots).publish()
    return event


def test_an_event_prints_on_one_sheet(page: Page, event: Event) -> None:
    page.goto(event.get_absolute_url())

    sheet = page.pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1


@pytest.mark.parametrize("context_options", [{"viewport": {"width": 390, "height": 844}}])
def test_nothing_is_wrong_on_a_telephone(page: Page, event: Event) -> None:
    page.goto(event.get_absolute_url())

    assert axe.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.get_by_role("link", name="Visite voisine")).to_be_visible()


@pytest.mark.parametrize("context_options", [{"viewport": {"width": 390, "height": 844}}])
def test_the_map_starts_when_it_is_about_to_be_seen_and_its_scripts_are_not_fetched_before(
    page: Page, event: Event
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(event.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "leaflet.js" in url or "map-event" in url] == []

    page.locator(".event-map").scroll_into_view_if_needed()

    expect(page.get_by_role("region", name="Plan du lieu").locator(".map-pin")).to_be_in_viewport()
    assert axe.faults(page) == []


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_a_problem_is_reported_by_keyboard_without_javascript(page: Page, event: Event) -> None:
    page.goto(event.get_absolute_url())
    page.get_by_role("link", name="Signaler un problème").press("Enter")
    page.get_by_label("L’événement n’est pas gratuit").press("Space")
    page.get_by_role("button", name="Envoyer").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Décrivez le problème")
    page.get_by_label("Précisions").fill("Cinq euros à l’entrée.")
    page.get_by_role("button", name="Envoyer").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, votre message est envoyé")
    assert Report.objects.get().text == "Cinq euros à l’entrée."
