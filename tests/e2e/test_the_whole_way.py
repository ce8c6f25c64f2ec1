"""The portal's main job in a real browser: apply, decide, on the map; each screen is kept in ``tests/e2e/output``."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from core.outbox import Mail
from events.models import Event
from labels.models import Application, State
from tests import factories

OUTPUT = Path(__file__).parent / "output"
TITLE = "Visite de l’aciérie du Havre"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def examiner() -> User:
    factories.commune()
    return factories.regional("28", email="normandie@exemple.gouv.fr")


@pytest.fixture
def public(browser: Browser, live_server: LiveServer, context: BrowserContext) -> Iterator[Page]:
    """Somebody else's browser, without the organiser's cookies."""
    visitor = browser.new_context(base_url=live_server.url, locale="fr-FR", accept_downloads=True)
    visitor.route(lambda url: "://127.0.0.1" not in url and "://localhost" not in url, lambda route: route.abort())
    yield visitor.new_page()
    visitor.close()


class Camera:
    def __init__(self) -> None:
        OUTPUT.mkdir(exist_ok=True)
        self._count = 0

    def shoot(self, page: Page, name: str) -> None:
        self._count += 1
        # With the caret as it is: hiding it writes inline styles, which the page then copies against its own policy.
        page.screenshot(path=OUTPUT / f"{self._count:02d}-{name}.png", full_page=True, caret="initial")


def sign_in(page: Page, email: str, mailoutbox: list[Any]) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_role("button", name=re.compile("code")).click()
    expect(page.get_by_label("Code reçu par courriel")).to_be_visible()
    code = re.search(r"\b\d{8}\b", mailoutbox[-1].body)
    assert code is not None
    page.get_by_label("Code reçu par courriel").fill(code[0])
    page.get_by_role("button", name="Se connecter").click()


def keep_going(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer et continuer").last.click()


def fill_the_form(page: Page, camera: Camera) -> None:
    page.get_by_label("Nom de l’organisme").fill("Aciérie du Havre")
    page.get_by_label("Nature de l’organisme").select_option("entreprise")
    page.get_by_label("SIRET").fill("552 081 317 66522")
    page.get_by_label("Nom de la personne à contacter").fill("Zoé Lemaître")
    page.get_by_label("Téléphone de cette personne").fill("02 35 00 00 00")
    camera.shoot(page, "organisme")
    keep_going(page)

    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Format").select_option("visite-entreprise")
    page.get_by_label("Description").fill("Entrée libre. Du four à la coulée, rencontre avec les lamineurs de l’usine.")
    page.get_by_label("Objectif").fill("Faire découvrir les métiers de la métallurgie.")
    page.get_by_text("Mines et métallurgie").click()
    camera.shoot(page, "evenement")
    keep_going(page)

    day = timezone.localdate() + timedelta(days=2)
    page.get_by_label("Date", exact=True).fill(day.isoformat())
    page.get_by_label("Début").fill("09:00")
    page.get_by_label("Fin").fill("11:30")
    page.locator("#id_address").fill("12 rue des Docks")
    page.get_by_role("combobox", name="Commune").press_sequentially("le havr")
    page.get_by_role("option", name=re.compile("Le Havre")).click()
    page.get_by_text("Le repère est à la bonne place").click()
    camera.shoot(page, "dates-et-lieu")
    keep_going(page)

    page.get_by_text("Scolaires", exact=True).click()
    page.get_by_text("Grand public", exact=True).click()
    page.get_by_label("Prix pour le visiteur").fill("0")
    page.get_by_text("Sans inscription").click()
    camera.shoot(page, "publics")
    keep_going(page)

    page.get_by_text("Je certifie sur l’honneur").click()
    camera.shoot(page, "verification")
    page.get_by_role("button", name="Déposer la demande").click()


def test_an_organiser_applies_an_examiner_labels_and_the_public_finds_the_event(
    page: Page, public: Page, live_server: LiveServer, examiner: User, mailoutbox: list[Any]
) -> None:
    factories.edition()
    camera = Camera()

    page.goto("/organisateurs/demandes/nouvelle/")
    camera.shoot(page, "connexion")
    sign_in(page, "zoe@acierie.example", mailoutbox)
    camera.shoot(page, "nouvelle-demande")
    page.locator("main").get_by_role("button").first.click()
    fill_the_form(page, camera)

    application = Application.objects.get()
    expect(page.get_by_text(application.reference).first).to_be_visible()
    camera.shoot(page, "demande-deposee")
    assert application.state == State.SUBMITTED
    receipt = mailoutbox[-1]
    assert (receipt.to, application.reference in receipt.body) == (["zoe@acierie.example"], True)

    public.goto("/evenements/")
    expect(public.get_by_text(TITLE)).to_have_count(0)
    approve(public, examiner, application, camera)
    assert Mail.objects.filter(to="zoe@acierie.example", state=Mail.State.SENT).count() == 3  # code, receipt, label
    assert Event.objects.get().label_number in mailoutbox[-1].body

    find_on_the_map(page, camera)
    download_the_calendar(page)


def approve(page: Page, examiner: User, application: Application, camera: Camera) -> None:
    page.goto("/admin/")
    page.get_by_label(re.compile("Adresse")).fill(examiner.email)
    page.get_by_label(re.compile("passe", re.IGNORECASE)).fill(factories.PASSWORD)
    page.get_by_role("button").last.click()
    page.goto("/admin/labels/application/")
    camera.shoot(page, "file")
    page.get_by_role("link", name=application.reference).click()
    camera.shoot(page, "instruction")
    page.get_by_role("button", name="Labelliser").click()
    expect(page.get_by_text(application.reference).first).to_be_visible()
    camera.shoot(page, "labellisee")
    application.refresh_from_db()
    assert application.state == State.APPROVED


def find_on_the_map(page: Page, camera: Camera) -> None:
    page.goto("/carte/")
    marker = page.get_by_role("button", name=re.compile("aciérie"))
    expect(marker).to_have_count(1)
    marker.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name=TITLE)
    expect(link).to_be_visible()
    camera.shoot(page, "carte")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(marker).to_be_focused()
    marker.click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    camera.shoot(page, "evenement-public")


def download_the_calendar(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("agenda|calendrier", re.IGNORECASE)).first.click()
    calendar = Calendar.from_ical(Path(download.value.path()).read_bytes())
    (event,) = calendar.walk("VEVENT")
    day = timezone.localdate() + timedelta(days=2)
    assert (str(event["SUMMARY"]), f"{event.decoded('DTSTART'):%Y-%m-%d %H:%M}") == (TITLE, f"{day} 09:00")
