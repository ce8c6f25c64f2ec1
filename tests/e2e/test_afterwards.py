"""What comes after a first application, in a real browser, with and without scripts: correct, change, fill, cancel."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from labels.models import Action, Application, State
from labels.workflow import perform
from tests import factories
from tests.axe import faults

pytestmark = pytest.mark.django_db(transaction=True)

WITH_SCRIPTS = {"java_script_enabled": True}
WITHOUT_SCRIPTS = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


@pytest.fixture(
    params=[
        pytest.param(WITH_SCRIPTS, id="scripts"),
        pytest.param(WITHOUT_SCRIPTS, id="no-scripts", marks=pytest.mark.alike),
    ]
)
def context_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    options: dict[str, Any] = request.param
    return options


@pytest.fixture
def owner(client: Client, context: BrowserContext, live_server: LiveServer) -> User:
    """An organiser who is signed in, in the browser too."""
    owner = factories.organiser()
    client.force_login(owner)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return owner


@pytest.fixture
def public(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Somebody else's browser."""
    visitor = browser.new_context(base_url=live_server.url, locale="fr-FR", java_script_enabled=False)
    yield visitor.new_page()
    visitor.close()


def in_two_days() -> list[tuple[date, time, time]]:
    return [(timezone.localdate() + timedelta(days=2), time(9), time(12))]


def open_application(page: Page, application: Application) -> None:
    page.goto(f"/organisateurs/demandes/{application.reference}/")


def faults_with_scripts(page: Page, context_options: dict[str, Any]) -> list[str]:
    """What axe finds, which needs scripts."""
    return faults(page) if context_options["java_script_enabled"] else []


def test_what_was_returned_is_corrected_sent_again_and_labelled(
    page: Page, public: Page, owner: User, context_options: dict[str, Any]
) -> None:
    application = factories.application(state=State.SUBMITTED, by=owner, slots=in_two_days())
    examiner = factories.national()
    perform(application, Action.RETURN, by=examiner, note="Dites ce que l’on voit.", conditions=["industry"])

    page.goto("/organisateurs/")
    expect(page.get_by_text("Demandé (industrie)")).to_be_visible()
    assert faults_with_scripts(page, context_options) == []
    page.get_by_role("link", name=f"Corriger la demande {application.reference}").click()
    page.get_by_role("link", name="L’événement", exact=True).click()
    purpose = page.get_by_label("Objectif")
    assert "id_purpose_request" in (purpose.get_attribute("aria-describedby") or "")
    assert faults_with_scripts(page, context_options) == []
    purpose.fill("Faire voir la coulée de la fonte et les métiers de la fonderie.")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.get_by_role("link", name="Vérification et dépôt").click()
    expect(page.get_by_role("heading", name="Ce qui est demandé")).to_be_visible()
    assert faults_with_scripts(page, context_options) == []
    page.get_by_text("Je certifie sur l’honneur").click()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("Réponse au plus tard le")).to_be_visible()

    perform(Application.objects.get(), Action.APPROVE, by=examiner)
    assert public.goto(Application.objects.get().event.get_absolute_url()).status == 200  # type: ignore[union-attr]
    page.goto("/organisateurs/")
    expect(page.get_by_text("Labellisée", exact=True)).to_be_visible()


def test_a_change_is_read_before_it_leaves_and_shown_once_accepted(
    page: Page, public: Page, owner: User, context_options: dict[str, Any]
) -> None:
    application = factories.application(state=State.APPROVED, by=owner, slots=in_two_days())
    address = application.event.get_absolute_url()
    open_application(page, application)
    page.get_by_role("link", name="Modifier l’événement").click()
    assert faults_with_scripts(page, context_options) == []

    page.locator("main").get_by_role("link", name="L’événement").click()
    page.get_by_label("Titre").fill("Visite de nuit")
    page.get_by_label("Description").fill("Entrée libre. Les fours de la fonderie, la nuit.")
    assert faults_with_scripts(page, context_options) == []
    page.get_by_label("Titre").press("Enter")
    expect(page.get_by_role("heading", name="Publié dès que vous confirmez")).to_be_visible()
    expect(page.get_by_role("heading", name="Examiné avant d’être publié")).to_be_visible()
    assert faults_with_scripts(page, context_options) == []
    page.get_by_role("button", name="Publier et transmettre").press("Enter")

    expect(page.get_by_role("heading", name="Modification en attente")).to_be_visible()
    assert faults_with_scripts(page, context_options) == []
    public.goto(address)
    expect(public.get_by_role("heading", level=1)).to_have_text("Visite de la fonderie")
    expect(public.get_by_text("Les fours de la fonderie, la nuit.").first).to_be_visible()

    perform(Application.objects.get(), Action.ACCEPT, by=factories.national())
    public.goto(address)
    expect(public.get_by_role("heading", level=1)).to_have_text("Visite de nuit")


def test_another_hour_is_at_once_another_day_is_examined_and_taken_back(page: Page, owner: User) -> None:
    application = factories.application(state=State.APPROVED, by=owner, slots=in_two_days())
    page.goto(f"/organisateurs/demandes/{application.reference}/modifier/dates-et-lieu/")
    page.get_by_label("Début").first.fill("10:00")
    page.get_by_role("button", name="Voir ce qui va changer").last.click()
    page.get_by_role("button", name="Publier les changements").click()
    expect(page.get_by_text("Vos changements sont publiés.")).to_be_visible()
    assert [slot.start_time for slot in Application.objects.get().event.slots.all()] == [time(10)]

    page.goto(f"/organisateurs/demandes/{application.reference}/modifier/dates-et-lieu/")
    day = timezone.localdate() + timedelta(days=3)
    page.get_by_label("Date", exact=True).first.fill(day.isoformat())
    page.get_by_role("button", name="Voir ce qui va changer").last.click()
    page.get_by_role("button", name="Transmettre la modification").click()
    page.get_by_role("button", name="Retirer la modification").click()
    expect(page.get_by_text("Votre modification est retirée")).to_be_visible()
    assert Application.objects.get().pending_revision is None


def test_an_event_is_full_in_one_click_then_cancelled_with_a_message(
    page: Page, public: Page, owner: User, context_options: dict[str, Any]
) -> None:
    application = factories.application(state=State.APPROVED, by=owner, slots=in_two_days())
    page.goto("/organisateurs/")
    page.get_by_role("button", name="Marquer « Complet »").press("Enter")
    expect(page.get_by_role("button", name="Il reste des places")).to_be_visible()
    public.goto("/evenements/")
    expect(public.get_by_text("Complet", exact=True)).to_be_visible()

    open_application(page, application)
    page.get_by_role("button", name="Annuler l’événement…").click()
    assert faults_with_scripts(page, context_options) == []
    page.get_by_role("button", name="Annuler l’événement").click()
    expect(page.get_by_text("Écrivez un message")).to_be_visible()
    page.get_by_label("Message au public").fill("L’atelier est fermé.")
    page.get_by_role("button", name="Annuler l’événement").click()
    expect(page.get_by_text("L’événement est annulé").first).to_be_visible()
    public.goto(application.event.get_absolute_url())
    expect(public.get_by_text("L’atelier est fermé.").first).to_be_visible()
