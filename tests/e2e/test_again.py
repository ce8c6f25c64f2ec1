"""Last year's event is applied for again in three clicks, and what a link opens is read by whoever holds it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from events.models import Edition
from labels.links import Link
from labels.models import Application, State
from tests import factories
from tests.axe import faults
from tests.labels.answers import edition_of_2026

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def last_year(client: Client, context: BrowserContext, live_server: LiveServer) -> Application:
    """An event of 2025, labelled; its organiser is signed in, and the edition of 2026 is open."""
    now = timezone.now()
    edition = factories.edition(
        2025, applications_open_at=now - timedelta(days=400), applications_close_at=now + timedelta(days=1)
    )
    owner = factories.organiser()
    source = factories.application(
        state=State.APPROVED,
        by=owner,
        edition=edition,
        slots=[(date(2025, 11, 18), time(9), time(12))],
        is_point_confirmed=True,
    )
    Edition.objects.filter(pk=edition.pk).update(applications_close_at=now - timedelta(days=300))
    edition_of_2026()
    client.force_login(owner)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return source


def apply_again_in_three_clicks(page: Page, source: Application) -> None:
    page.goto("/organisateurs/")
    page.get_by_role("button", name="Refaire en 2026").click()
    expect(page.get_by_role("heading", name="Les dates que nous vous proposons")).to_be_visible()
    expect(page.get_by_text("Mardi 17 novembre 2026").first).to_be_visible()
    page.get_by_text("Je confirme les dates proposées").click()
    page.get_by_role("button", name="Déposer la demande").click()

    expect(page.get_by_text("Réponse promise au plus tard le").first).to_be_visible()
    made = source.copies.get()
    assert (made.state, made.event.starts_on, made.are_dates_proposed) == (State.SUBMITTED, date(2026, 11, 17), False)


def test_last_years_event_is_applied_for_again_in_three_clicks(page: Page, last_year: Application) -> None:
    apply_again_in_three_clicks(page, last_year)


@pytest.mark.alike
class TestWithoutJavaScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False, **PHONE}

    def test_it_takes_as_many_clicks_without_script_on_a_telephone(self, page: Page, last_year: Application) -> None:
        apply_again_in_three_clicks(page, last_year)

    def test_sharing_offers_links_alone(self, page: Page, last_year: Application) -> None:
        page.goto(last_year.event.get_absolute_url())

        sharing = page.locator(".share")
        expect(sharing.get_by_role("link")).to_have_text(
            ["Envoyer par courriel", "Partager sur LinkedIn", "Partager sur Facebook"]
        )
        expect(sharing.get_by_role("button")).to_have_count(0)


@pytest.mark.alike
def test_the_keyboard_alone_does_it_too(page: Page, last_year: Application) -> None:
    page.goto("/organisateurs/")
    page.get_by_role("button", name="Refaire en 2026").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Je confirme les dates proposées")
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Déposer la demande")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Réponse promise au plus tard le").first).to_be_visible()


def test_dates_changed_on_their_page_are_no_more_a_proposal(page: Page, last_year: Application) -> None:
    page.goto("/organisateurs/")
    page.get_by_role("button", name="Refaire en 2026").click()
    page.get_by_role("link", name="Changer les dates").click()
    page.get_by_label("Date", exact=True).first.fill("2026-11-19")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.get_by_role("heading", name="Étape 4 sur 5")).to_be_visible()

    made = last_year.copies.get()
    page.goto(f"/organisateurs/demandes/{made.reference}/verification/")
    expect(page.get_by_role("heading", name="Les dates que nous vous proposons")).to_have_count(0)
    expect(page.get_by_text("Jeudi 19 novembre 2026").first).to_be_visible()


@pytest.mark.alike
def test_the_address_of_the_preview_is_copied_and_opens_without_signing_in(
    page: Page, context: BrowserContext, last_year: Application
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/organisateurs/")
    page.get_by_role("button", name="Refaire en 2026").click()
    made = last_year.copies.get()
    page.goto(f"/organisateurs/demandes/{made.reference}/")
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.get_by_text("Adresse copiée.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")

    context.clear_cookies()
    page.goto(address)

    expect(page.get_by_role("heading", level=1)).to_have_text("Visite de la fonderie")
    expect(page.get_by_text("cet événement n’est pas encore labellisé")).to_be_visible()


@pytest.mark.alike
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_have_no_fault_that_axe_finds(page: Page, last_year: Application, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/organisateurs/")
    page.get_by_role("button", name="Refaire en 2026").click()
    made = last_year.copies.get()
    own = f"/organisateurs/demandes/{made.reference}/"
    addresses = [
        "/organisateurs/",
        "/organisateurs/demandes/nouvelle/",
        own,
        f"{own}verification/",
        Link.PREVIEW.to(made.reference),
        Link.FOLLOW.to(last_year.reference),
        Link.REMINDERS.to(str(made.created_by_id)),
        last_year.event.get_absolute_url(),
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found[address] = faults(page)

    assert found == {address: [] for address in addresses}
