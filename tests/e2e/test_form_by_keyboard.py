"""The application form without a mouse, and each of its pages before axe, in both colour schemes."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from labels.models import Application, State
from tests import factories
from tests.axe import faults
from tests.labels import answers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alike]

FURTHEST = 120


@pytest.fixture
def draft(client: Client, context: BrowserContext, live_server: LiveServer) -> Application:
    draft = answers.begun(client, factories.organiser(name="Camille Martin"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return draft


def reach(page: Page, target: Locator) -> Page:
    """Go on by the Tab key until ``target`` has the focus, in sight."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            expect(target).to_be_in_viewport()
            return page
    raise AssertionError(f"The Tab key does not reach {target}.")


def write_date(page: Page, field: Locator) -> None:
    """17 November 2026, in whichever order this browser's own language asks for it."""
    reach(page, field)
    for typed in ("17112026", "11172026"):
        for key in ("ArrowLeft", "ArrowLeft"):
            page.keyboard.press(key)
        page.keyboard.type(typed)
        if field.input_value() == "2026-11-17":
            return
    raise AssertionError(f"The date is not taken: {field.input_value()}.")


def go_on(page: Page, following: str) -> None:
    reach(page, page.get_by_role("button", name="Enregistrer et continuer").last).keyboard.press("Enter")
    page.wait_for_url(f"**/{following}/")


def test_the_form_is_filled_and_sent_by_the_keyboard_alone(draft: Application, page: Page) -> None:
    page.goto(f"/organisateurs/demandes/{draft.reference}/organisme/")
    reach(page, page.locator("#id_name")).keyboard.type("Fonderie du Port")
    reach(page, page.locator("#id_kind")).keyboard.type("Entreprise")
    go_on(page, "evenement")

    reach(page, page.locator("#id_title")).keyboard.type("Visite de la fonderie")
    reach(page, page.locator("#id_format")).keyboard.type("Visite d’entreprise")
    reach(page, page.locator("#id_description")).keyboard.type("Atelier de moulage, métiers de la fonderie.")
    reach(page, page.locator("#id_purpose")).keyboard.type("Découvrir les métiers de l’industrie métallurgique.")
    go_on(page, "dates-et-lieu")

    write_date(page, page.locator("#id_slots-0-date"))
    # The letter only counts in a browser that asks for AM or PM.
    reach(page, page.locator("#id_slots-0-start_time")).keyboard.type("0900A")
    reach(page, page.locator("#id_slots-0-end_time")).keyboard.type("1200P")
    reach(page, page.locator("#id_address")).keyboard.type("12 rue des Docks")
    reach(page, page.locator("#id_commune")).keyboard.type("le havr")
    expect(page.get_by_role("option", name="Le Havre")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    go_on(page, "publics")

    reach(page, page.locator("[name='audiences'][value='grand-public']")).keyboard.press("Space")
    reach(page, page.locator("[name='registration']").first).keyboard.press("Space")
    go_on(page, "verification")

    reach(page, page.locator("#id_is_sworn")).keyboard.press("Space")
    reach(page, page.get_by_role("button", name="Déposer la demande")).keyboard.press("Enter")
    page.wait_for_url(f"**/demandes/{draft.reference}/")
    assert Application.objects.get().state == State.SUBMITTED


def test_a_page_that_comes_back_leads_from_its_list_of_faults_to_the_field(draft: Application, page: Page) -> None:
    page.goto(f"/organisateurs/demandes/{draft.reference}/evenement/")
    reach(page, page.get_by_role("button", name="Enregistrer et continuer").last).keyboard.press("Enter")
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page).to_have_title(
        f"Erreur – Étape 2 sur 5\u00a0: L’événement – demande {draft.reference} – Semaine de l’industrie"
    )

    reach(page, page.locator("#erreurs").get_by_role("link", name="Titre")).keyboard.press("Enter")
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type("Visite")
    page.keyboard.press("Tab")
    expect(page.locator("#erreurs").get_by_role("link", name="Titre")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_form_has_a_fault_that_axe_finds(draft: Application, page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    found = {}
    for step in (*answers.STEPS, "verification"):
        page.goto(f"/organisateurs/demandes/{draft.reference}/{step}/")
        page.wait_for_load_state("networkidle")
        found[step] = all_faults(page)
    page.goto(f"/organisateurs/demandes/{draft.reference}/evenement/")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.locator("#erreurs")).to_be_focused()
    found["errors"] = all_faults(page)
    page.get_by_label("Titre").fill("Une version")
    draft.event.title = "Une autre"
    draft.event.save()
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.locator("#deux-versions")).to_be_focused()
    found["conflict"] = all_faults(page)

    assert found == {name: [] for name in found}


def all_faults(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return faults(page)
