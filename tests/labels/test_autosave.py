"""Each field is saved as it is left, in a real Chromium: what stands in the draft, what the page says of it."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organisation
from events.models import Event
from labels.models import Application, State
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = "Enregistré à"


def enter(client: Client, context: BrowserContext, live_server: LiveServer) -> None:
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


@pytest.fixture
def elsewhere(browser: Browser, client: Client, draft: Application, live_server: LiveServer) -> Iterator[Page]:
    """The same organiser in another browser."""
    other = browser.new_context(base_url=live_server.url, locale="fr-FR")
    enter(client, other, live_server)
    yield other.new_page()
    other.close()


def opened(page: Page, draft: Application, step: str = "evenement") -> Page:
    page.goto(f"/organisateurs/demandes/{draft.reference}/{step}/")
    return page


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(SAVED)


def event_of(draft: Application) -> Event:
    return Event.objects.get(application=draft)


def test_a_browser_killed_after_a_field_loses_nothing_of_it(
    draft: Application, page: Page, context: BrowserContext, elsewhere: Page
) -> None:
    opened(page, draft).get_by_label("Titre").fill("Visite de la fonderie")
    page.get_by_label("Description").focus()
    page.get_by_label("Description").press_sequentially("Entr")
    saved(page)
    context.close()

    assert event_of(draft).title == "Visite de la fonderie"
    expect(opened(elsewhere, draft).get_by_label("Titre")).to_have_value("Visite de la fonderie")


def test_leaving_by_a_link_right_after_typing_saves_too(draft: Application, page: Page, elsewhere: Page) -> None:
    opened(page, draft).get_by_label("Titre").fill("Visite de la fonderie")
    page.get_by_role("navigation", name="Étapes").get_by_role("link", name="Publics").click()
    page.wait_for_url("**/publics/")

    opened(elsewhere, draft)
    expect(elsewhere.get_by_label("Titre")).to_have_value("Visite de la fonderie")


def test_a_fault_is_told_beside_the_field_that_was_left_and_beside_no_other(draft: Application, page: Page) -> None:
    opened(page, draft).get_by_label("Titre").fill("A" * 201)
    page.get_by_label("Objectif").focus()
    saved(page)

    title = page.get_by_label("Titre")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_have_attribute("aria-describedby", "id_title_helptext id_title_error")
    expect(page.locator("#id_title_error")).to_contain_text("200")
    expect(page.locator(".fr-message--error")).to_have_count(1)

    title.fill("Visite")
    page.get_by_label("Objectif").focus()
    expect(page.locator(".fr-message--error")).to_have_count(0)
    expect(title).not_to_have_attribute("aria-invalid", "true")
    assert event_of(draft).title == "Visite"


def test_the_verdict_follows_what_is_typed_and_is_said_aloud(draft: Application, page: Page) -> None:
    opened(page, draft, "publics")
    panel = page.locator("#panneau-conditions")
    expect(panel).to_contain_text("Publics À compléter")

    page.get_by_text("Grand public", exact=True).click()

    expect(panel).to_contain_text("Publics Remplie")
    expect(page.locator("[data-save-said]")).to_have_text("Publics Remplie.")
    page.get_by_label("Prix pour le visiteur").fill("5")
    page.get_by_label("Prix pour le visiteur").press("Tab")
    expect(panel).to_contain_text("Gratuité Non remplie")
    expect(page.locator("#id_price_error")).to_contain_text("gratuit")


def test_a_proposal_is_not_taken_for_an_answer(draft: Application, page: Page) -> None:
    opened(page, draft, "publics").get_by_text("Grand public", exact=True).click()
    saved(page)

    assert event_of(draft).price is None


def test_slots_added_and_removed_are_saved_without_a_button(draft: Application, page: Page) -> None:
    opened(page, draft, "dates-et-lieu")
    slots = page.locator("[data-slot]:visible")
    for label, text in (("Date", "2026-11-17"), ("Début", "09:00"), ("Fin", "12:00")):
        slots.first.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Ajouter un créneau").click()
    slots.last.get_by_label("Date", exact=True).fill("2026-11-18")
    page.locator("#id_address").focus()
    saved(page)
    expect(page.locator("#panneau-conditions")).to_contain_text("Dates Remplie")
    assert [f"{slot.date:%d}" for slot in event_of(draft).slots.all()] == ["17", "18"]

    with page.expect_response("**/dates-et-lieu/"):
        slots.first.get_by_role("button", name="Retirer").click()
    page.locator("#id_address").fill("12 rue des Docks")
    with page.expect_response("**/dates-et-lieu/"):
        page.locator("#id_commune").focus()
    event = event_of(draft)
    assert ([f"{slot.date:%d}" for slot in event.slots.all()], event.address) == (["18"], "12 rue des Docks")


def test_the_button_saves_what_is_typed_while_another_save_is_under_way(draft: Application, page: Page) -> None:
    def slow(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    opened(page, draft).route("**/evenement/", slow)
    for label, text in (("Titre", "Visite"), ("Description", "Atelier de fonderie."), ("Objectif", "Métiers.")):
        page.get_by_label(label).fill(text)
    with page.expect_request("**/evenement/"):
        page.get_by_label("Format").select_option("atelier")
    page.get_by_label("Titre").fill("Visite guidée")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.wait_for_url("**/dates-et-lieu/")

    assert event_of(draft).title == "Visite guidée"


def test_what_was_given_up_for_the_button_never_comes_after_it(draft: Application, page: Page, client: Client) -> None:
    held: list[dict[str, str]] = []

    def stuck(route: Route) -> None:
        data = dict(parse_qsl(route.request.post_data or ""))
        if data.get("action") == "autosave":
            held.append(data)
        else:
            route.continue_()

    opened(page, draft, "organisme").route("**/organisme/", stuck)
    page.get_by_label("Nom de l’organisme").fill("Fonderie")
    with page.expect_request("**/organisme/"):
        page.get_by_label("Nature de l’organisme").select_option("entreprise")
    page.get_by_label("Nom de l’organisme").fill("Fonderie du Port")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.wait_for_url("**/evenement/")

    late = client.post(f"/organisateurs/demandes/{draft.reference}/organisme/", held[0])

    assert (late.status_code, str(event_of(draft).organisation)) == (409, "Fonderie du Port")


def test_going_back_and_saving_again_is_no_conflict(draft: Application, page: Page) -> None:
    opened(page, draft, "organisme")
    page.get_by_label("Nom de l’organisme").fill("Fonderie du Port")
    page.get_by_label("Nature de l’organisme").select_option("entreprise")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.wait_for_url("**/evenement/")
    page.go_back()
    page.wait_for_url("**/organisme/")
    page.get_by_label("Nom de l’organisme").fill("Fonderie du Grand Port")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()

    page.wait_for_url("**/evenement/")
    assert str(event_of(draft).organisation) == "Fonderie du Grand Port"


def test_offline_it_says_so_tries_again_and_warns_before_leaving(
    draft: Application, page: Page, context: BrowserContext
) -> None:
    opened(page, draft)
    context.set_offline(True)
    page.get_by_label("Titre").fill("Visite")
    page.get_by_label("Objectif").focus()
    expect(page.locator("[data-save-state]")).to_contain_text("connexion perdue")
    expect(page.locator("[data-save-said]")).to_contain_text("connexion perdue")
    warned: list[str] = []

    def refuse(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.get_by_role("link", name="Étape précédente").click()
    assert warned == ["beforeunload"]

    context.set_offline(False)
    saved(page)
    assert event_of(draft).title == "Visite"
    page.get_by_role("link", name="Étape précédente").click()
    page.wait_for_url("**/organisme/")
    assert warned == ["beforeunload"]


def test_two_tabs_are_told_and_choose(draft: Application, page: Page, context: BrowserContext) -> None:
    other = context.new_page()
    opened(page, draft)
    opened(other, draft)
    page.get_by_label("Titre").fill("Visite du matin")
    page.get_by_label("Objectif").focus()
    saved(page)

    other.get_by_label("Titre").fill("Visite du soir")
    other.get_by_label("Objectif").focus()
    expect(other.locator("[data-save-state]")).to_contain_text("une autre version de cette page")
    other.get_by_role("button", name="Comparer les deux versions").click()
    expect(other.locator("#deux-versions")).to_be_focused()
    expect(other.get_by_role("definition").filter(has_text="Visite du matin")).to_be_visible()
    other.get_by_role("button", name="Garder ma version").click()

    expect(other.get_by_text("Votre version est enregistrée.")).to_be_visible()
    assert event_of(draft).title == "Visite du soir"


def test_an_expired_session_keeps_the_text_in_the_page_and_through_the_sign_in(
    draft: Application, page: Page, mailoutbox: list[Any]
) -> None:
    opened(page, draft)
    Session.objects.all().delete()
    page.get_by_label("Titre").fill("Visite de nuit")
    page.get_by_label("Objectif").focus()
    expect(page.locator("[data-save-state]")).to_contain_text("Votre session a expiré")
    expect(page.get_by_label("Titre")).to_have_value("Visite de nuit")

    page.get_by_role("button", name="Se reconnecter et la reprendre").click()
    assert draft.created_by is not None
    sign_in(page, draft.created_by.email, mailoutbox)
    page.wait_for_url("**/evenement/")
    expect(page.get_by_text("Votre saisie a été gardée")).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_value("Visite de nuit")
    saved(page)
    assert event_of(draft).title == "Visite de nuit"


def test_a_session_taken_up_in_another_tab_saves_by_itself(
    draft: Application, page: Page, client: Client, context: BrowserContext, live_server: LiveServer
) -> None:
    opened(page, draft)
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("Titre").fill("Visite de nuit")
    page.get_by_label("Objectif").focus()
    expect(page.locator("[data-save-state]")).to_contain_text("Votre session a expiré")

    enter(client, context, live_server)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    saved(page)
    assert event_of(draft).title == "Visite de nuit"


def without_files(route: Route) -> None:
    """The connection falls while a file is sent, and only then."""
    if b"add-picture" in (route.request.post_data_buffer or b""):
        route.abort()
    else:
        route.continue_()


def test_a_file_that_no_button_sent_is_not_lost_without_a_word(draft: Application, page: Page) -> None:
    warned: list[str] = []

    def accept(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.route("**/evenement/", without_files)
    opened(page, draft).locator("input[type='file']").first.set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"x"}
    )
    page.get_by_label("Titre").fill("Visite")
    page.get_by_label("Objectif").focus()
    saved(page)
    page.get_by_role("link", name="Étape précédente").click()

    page.wait_for_url("**/organisme/")
    assert warned == ["beforeunload"]


def sign_in(page: Page, email: str, mailoutbox: list[Any]) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_label("Code reçu par courriel")).to_be_visible()
    code = re.search(r"\b\d{8}\b", mailoutbox[-1].body)
    assert code is not None
    page.get_by_label("Code reçu par courriel").fill(code[0])
    page.get_by_role("button", name="Se connecter").click()


def test_a_token_renewed_in_another_tab_is_taken_up(
    draft: Application, page: Page, client: Client, context: BrowserContext, live_server: LiveServer
) -> None:
    opened(page, draft)
    context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    assert draft.created_by is not None
    client.force_login(draft.created_by)
    enter(client, context, live_server)

    page.get_by_label("Titre").fill("Visite")
    page.get_by_label("Objectif").focus()

    saved(page)
    assert event_of(draft).title == "Visite"


def test_what_was_sent_meanwhile_is_said_and_not_changed(draft: Application, page: Page) -> None:
    opened(page, draft)
    Application.objects.update(state=State.SUBMITTED)

    page.get_by_label("Titre").fill("Trop tard")
    page.get_by_label("Objectif").focus()

    expect(page.locator("[data-save-state]")).to_contain_text("cette demande n’est plus modifiable")
    assert event_of(draft).title == ""


def test_another_organisation_is_made_once_whatever_is_changed_after(draft: Application, page: Page) -> None:
    assert draft.created_by is not None
    factories.organisation(member=draft.created_by, name="Chaudronnerie")
    opened(page, draft, "organisme").get_by_text("Un autre organisme").click()
    name = page.get_by_label("Nom de l’organisme")
    for text in ("Fonderie du Por", "Fonderie du Port"):
        name.fill(text)
        with page.expect_response("**/organisme/"):
            page.get_by_label("SIRET").focus()
    expect(name).to_be_visible()
    page.get_by_label("Nature de l’organisme").select_option("entreprise")
    page.get_by_label("Nom de la personne à contacter").fill("Camille")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.wait_for_url("**/evenement/")

    names = Organisation.objects.values_list("name", flat=True)
    assert sorted(names) == ["Chaudronnerie", "Fonderie du Port"]
    assert str(event_of(draft).organisation) == "Fonderie du Port"


class TestWithoutScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_what_was_typed_comes_back_after_signing_in(
        self, draft: Application, page: Page, mailoutbox: list[Any]
    ) -> None:
        opened(page, draft).get_by_label("Titre").fill("Visite de nuit")
        Session.objects.all().delete()
        page.get_by_role("button", name="Enregistrer et continuer").last.click()
        assert draft.created_by is not None
        sign_in(page, draft.created_by.email, mailoutbox)
        page.wait_for_url("**/evenement/")

        expect(page.get_by_text("Votre saisie a été gardée")).to_be_visible()
        expect(page.get_by_label("Titre")).to_have_value("Visite de nuit")
        assert event_of(draft).title == ""
        page.get_by_role("button", name="Enregistrer et quitter").click()
        page.wait_for_url("**/organisateurs/")
        assert event_of(draft).title == "Visite de nuit"

    def test_two_tabs_are_shown_both_versions(self, draft: Application, page: Page, context: BrowserContext) -> None:
        other = context.new_page()
        opened(page, draft).get_by_label("Titre").fill("Visite du matin")
        opened(other, draft).get_by_label("Titre").fill("Visite du soir")
        page.get_by_role("button", name="Enregistrer et quitter").click()
        page.wait_for_url("**/organisateurs/")

        other.get_by_role("button", name="Enregistrer et quitter").click()
        expect(other.get_by_role("definition").filter(has_text="Visite du matin")).to_be_visible()
        other.get_by_role("link", name="Prendre la version enregistrée").click()

        expect(other.get_by_label("Titre")).to_have_value("Visite du matin")
        assert event_of(draft).title == "Visite du matin"
