"""A first application as somebody who never saw the portal makes it, from the home page: no page comes back.

From a company and from a school, on a desktop and on a telephone, with JavaScript and without.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from core.outbox import Mail
from labels.models import Application, State
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WITHOUT_SCRIPT = {"java_script_enabled": False}
COMPANY = {
    "email": "rh@fonderie.example",
    "SIRET, ou UAI d’un établissement scolaire": "552 081 317 66522",
    "Nom de l’organisme": "Fonderie Martin",
    "Nature de l’organisme": "Entreprise",
    "Titre": "Visite de la fonderie Martin",
    "Format": "Visite d’entreprise",
    "Description": "Vous verrez la coulée du métal et le moulage des pièces, et parlerez avec nos fondeurs.",
    "Objectif": "Faire découvrir les métiers de la fonderie et donner envie de s’y former.",
    "audiences": ["Jeunes", "Grand public"],
    "registration": "Par courriel",
    "Adresse électronique des inscriptions": "visites@fonderie.example",
}
SCHOOL = {
    "email": "professeure@lycee.example",
    "Nom de l’organisme": "Lycée professionnel Jules-Ferry",
    "Nature de l’organisme": "Établissement scolaire",
    "Titre": "Portes ouvertes des ateliers du lycée",
    "Format": "Portes ouvertes",
    "Description": "Les élèves de bac pro montrent leurs machines : usinage, soudage, maintenance.",
    "Objectif": "Montrer les formations qui mènent aux métiers de l’industrie.",
    "audiences": ["Scolaires"],
    "registration": "Sans inscription",
}


@pytest.fixture(
    params=[
        pytest.param({}, id="desktop"),
        pytest.param(PHONE, id="phone", marks=pytest.mark.alike),
        pytest.param(WITHOUT_SCRIPT, id="desktop without script"),
        pytest.param({**PHONE, **WITHOUT_SCRIPT}, id="phone without script", marks=pytest.mark.alike),
    ],
)
def context_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.param)


@pytest.mark.parametrize("answers", [COMPANY, SCHOOL], ids=["company", "school"])
def test_a_first_application_is_sent_without_a_page_that_comes_back(
    page: Page,
    live_server: LiveServer,
    answers: dict[str, Any],
    context_options: dict[str, Any],
    mailoutbox: list[Any],
) -> None:
    factories.edition()
    factories.commune()
    has_script = context_options.get("java_script_enabled", True)

    page.goto("/")
    page.get_by_role("link", name="Demander le label").click()
    sign_in(page, answers["email"], mailoutbox)
    page.get_by_role("button", name="Commencer la demande").click()

    fill(page, answers, "SIRET, ou UAI d’un établissement scolaire", "Nom de l’organisme")
    page.get_by_label("Nature de l’organisme").select_option(label=answers["Nature de l’organisme"])
    page.get_by_label("Nom de la personne à contacter").fill("Anne Martin")
    go_on(page, "evenement")

    fill(page, answers, "Titre", "Description", "Objectif")
    page.get_by_label("Format").select_option(label=answers["Format"])
    go_on(page, "dates-et-lieu")

    say_when_and_where(page, has_script=has_script)
    go_on(page, "publics")

    for label in [*answers["audiences"], answers["registration"]]:
        page.get_by_text(label, exact=True).click()
    fill(page, answers, "Adresse électronique des inscriptions")
    go_on(page, "verification")

    page.get_by_text("Je certifie sur l’honneur").click()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("est déposée")).to_be_visible()
    application = Application.objects.get()
    assert (application.state, str(application.event)) == (State.SUBMITTED, answers["Titre"])
    assert Mail.objects.filter(to=answers["email"], text__contains=application.reference).count() == 1


def fill(page: Page, answers: dict[str, Any], *labels: str) -> None:
    for label in labels:
        if label in answers:
            page.get_by_label(label).fill(answers[label])


def sign_in(page: Page, email: str, mailoutbox: list[Any]) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_role("button", name="Recevoir un code").click()
    box = page.get_by_label("Code reçu par courriel")
    expect(box).to_be_visible()
    code = re.search(r"\b\d{8}\b", mailoutbox[-1].body)
    assert code is not None
    box.fill(code[0])
    page.get_by_role("button", name="Se connecter").click()


def say_when_and_where(page: Page, *, has_script: bool) -> None:
    page.get_by_label("Date", exact=True).fill((timezone.localdate() + timedelta(days=2)).isoformat())
    page.get_by_label("Début").fill("09:00")
    page.get_by_label("Fin", exact=True).fill("11:30")
    page.locator("#id_address").fill("12 rue des Docks")
    town = page.locator("#id_commune")
    if has_script:
        town.press_sequentially("le havr")
        page.get_by_role("option", name=re.compile("Le Havre")).click()
    else:
        town.fill("Le Havre")


def go_on(page: Page, following: str) -> None:
    """To the next step, which nothing wrong with this one holds back; no page scrolls sideways."""
    assert sideways(page) <= 0
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.wait_for_url(f"**/{following}/")


def sideways(page: Page) -> float:
    """By how many pixels the page is wider than its window, without a script of its own to tell."""
    metrics = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    return float(metrics["cssContentSize"]["width"] - metrics["cssLayoutViewport"]["clientWidth"])
