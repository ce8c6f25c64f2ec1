"""The organisation's step and the pages of an account in a real Chromium: filled by the directory, shared, erased."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts import companies
from accounts.models import Membership, Organisation, User
from labels.models import Application, State
from tests import factories
from tests.axe import faults
from tests.directory import SIRET, found
from tests.outside import OutsideService

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(draft: Application) -> User:
    assert draft.created_by is not None
    return draft.created_by


@pytest.fixture
def directory(outside_service: OutsideService, settings: Settings) -> OutsideService:
    companies.service.forgive()
    settings.COMPANIES_URL = outside_service.url
    outside_service.answer = found()
    return outside_service


def test_a_number_fills_what_is_empty_and_leaves_what_was_typed(
    page: Page, draft: Application, directory: OutsideService
) -> None:
    page.goto(f"/organisateurs/demandes/{draft.reference}/organisme/")
    page.get_by_label("Nom de l’organisme").fill("La Fonderie")
    page.get_by_label("SIRET").press_sequentially("552 081 317 66522")

    expect(page.get_by_label("Nature de l’organisme")).to_have_value("entreprise")
    expect(page.get_by_label("Nom de l’organisme")).to_have_value("La Fonderie")
    expect(page.get_by_text("Trouvé dans l’annuaire")).to_be_visible()
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.wait_for_url("**/evenement/")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.siret, organisation.address) == ("La Fonderie", SIRET, "12 Rue des Docks")


def test_a_directory_that_is_away_is_told_and_the_name_is_typed(
    page: Page, draft: Application, directory: OutsideService
) -> None:
    directory.status = 500
    page.goto(f"/organisateurs/demandes/{draft.reference}/organisme/")
    page.get_by_label("SIRET").fill(SIRET)

    expect(page.get_by_text("Pas de réponse de l’annuaire")).to_be_visible()


def test_a_number_that_others_have_is_told_while_it_is_typed(page: Page, draft: Application) -> None:
    factories.organisation(member=factories.organiser(), name="Fonderie d’en face", siret=SIRET)
    page.goto(f"/organisateurs/demandes/{draft.reference}/organisme/")
    page.get_by_label("SIRET").fill(SIRET)

    expect(page.get_by_text("est déjà enregistré avec ce numéro")).to_be_visible()


@pytest.mark.parametrize(
    "context_options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_the_pages_of_an_account_have_no_fault_that_axe_finds(
    page: Page, draft: Application, user: User, context_options: dict[str, Any]
) -> None:
    organisation = factories.organisation(member=user, siret=SIRET)
    Membership.objects.create(user=factories.organiser(), organisation=organisation, role="member")
    factories.application(by=factories.organiser(), organisation=organisation)
    home = f"/organisateurs/organismes/{organisation.pk}/"

    labelled = factories.application(by=user, state=State.APPROVED, organisation=organisation)
    contact = f"/organisateurs/demandes/{labelled.reference}/modifier/contact/"

    found_in = {}
    for address in ("/organisateurs/organismes/", home, "/mes-donnees/", "/mes-donnees/effacer/", contact):
        page.goto(address)
        found_in[address] = faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    assert {address: list(items) for address, items in found_in.items() if items} == {}


def test_a_colleague_is_invited_and_an_account_erased_by_the_keyboard_alone(
    page: Page, draft: Application, user: User
) -> None:
    organisation = factories.organisation(member=user)
    page.goto(f"/organisateurs/organismes/{organisation.pk}/")
    page.get_by_label("Adresse électronique de votre collègue").focus()
    page.keyboard.type("colette@exemple.fr")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Une invitation est envoyée à colette@exemple.fr")).to_be_visible()

    page.goto("/mes-donnees/effacer/")
    page.get_by_label(re.compile("je veux effacer")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre compte est effacé.")).to_be_visible()
    assert not User.objects.filter(pk=user.pk).exists()
