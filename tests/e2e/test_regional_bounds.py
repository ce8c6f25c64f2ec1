"""A regional examiner tries to reach another région's application by every way that a browser has."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from labels.models import Application, State
from tests import factories
from tests.axe import faults

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/admin/labels/application/"
LOG = "/admin/accounts/auditentry/"
TITLE = "Atelier secret du Rhône"
WHY = "Le siège de l’organisateur est à Lyon."


@pytest.fixture
def mine(live_server: LiveServer) -> Application:
    return factories.application(state=State.SUBMITTED, title="Visite de la fonderie")


@pytest.fixture
def theirs(mine: Application) -> Application:
    return factories.application(state=State.SUBMITTED, title=TITLE, commune=factories.commune("69381"))


@pytest.fixture
def examiner(mine: Application) -> User:
    return factories.regional("28", email="normandie@exemple.gouv.fr")


def sign_in(page: Page, user: User, address: str = QUEUE) -> None:
    page.goto(f"/admin/login/?next={address}")
    page.locator("#id_username").fill(user.email)
    page.locator("#id_password").fill(factories.PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page).to_have_url(re.compile(f"[^=]{re.escape(address)}$"))


def shows_nothing_of(page: Page, application: Application) -> None:
    content = page.content()
    organisation = str(application.event.organisation)
    assert [word for word in (TITLE, application.reference, organisation) if word in content] == []


def test_the_list_the_search_and_the_filters_hold_ones_own_alone(
    page: Page, examiner: User, mine: Application, theirs: Application
) -> None:
    sign_in(page, examiner)
    expect(page.get_by_role("link", name=mine.reference)).to_be_visible()
    shows_nothing_of(page, theirs)

    for query in ("?etat=toutes&q=secret", f"?etat=toutes&q={theirs.reference[-3:]}", "?etat=toutes&region=84"):
        page.goto(QUEUE + query)
        expect(page.locator("#result_list").get_by_text(theirs.reference)).to_have_count(0)
        expect(page.locator("#result_list").get_by_text(TITLE)).to_have_count(0)


@pytest.mark.parametrize("rest", ["change/", "history/", "journal/", "apercu/", "correction/", "delete/"])
def test_its_addresses_are_not_found(page: Page, examiner: User, theirs: Application, rest: str) -> None:
    sign_in(page, examiner)

    response = page.goto(f"{QUEUE}{theirs.pk}/{rest}")

    assert response and response.status == 404
    shows_nothing_of(page, theirs)


def test_an_action_on_it_that_the_page_does_not_offer_is_left_without_effect(
    page: Page, examiner: User, mine: Application, theirs: Application
) -> None:
    sign_in(page, examiner)
    box = page.locator(f"input.action-select[value='{mine.pk}']")
    box.evaluate(f"box => {{ box.value = '{theirs.pk}' }}")
    page.locator("input.action-select").check()
    page.locator("select[name=action]").select_option("approve_selected")
    page.get_by_role("button", name="Envoyer").or_(page.get_by_role("button", name="Exécuter")).click()

    shows_nothing_of(page, theirs)
    theirs.refresh_from_db()
    assert theirs.state == State.SUBMITTED


def test_a_decision_whose_address_was_changed_is_not_found(
    page: Page, examiner: User, mine: Application, theirs: Application
) -> None:
    sign_in(page, examiner, f"{QUEUE}{mine.pk}/change/")
    form = page.locator("form").filter(has=page.get_by_role("button", name="Labelliser", exact=True))
    form.evaluate(f"form => {{ form.action = '{QUEUE}{theirs.pk}/decision/' }}")

    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        form.get_by_role("button", name="Labelliser", exact=True).click()

    assert answer.value.status == 404
    shows_nothing_of(page, theirs)
    theirs.refresh_from_db()
    assert theirs.state == State.SUBMITTED


def test_no_completion_names_what_is_elsewhere(page: Page, examiner: User, theirs: Application) -> None:
    sign_in(page, examiner)
    own = page.request.get(f"{QUEUE}organisations.json", params={"q": "fonderie"})
    theirs_name = str(theirs.event.organisation)

    assert own.status == 200
    assert theirs_name not in own.text()
    assert page.request.get("/admin/autocomplete/", params={"term": "secret"}).status == 403


def test_the_exported_file_holds_ones_own_alone(
    page: Page, examiner: User, mine: Application, theirs: Application
) -> None:
    sign_in(page, examiner)

    file = page.request.get(f"{QUEUE}export/", params={"etat": "toutes"})

    assert file.status == 200
    assert mine.reference in file.text()
    assert TITLE not in file.text() and theirs.reference not in file.text()


def test_mails_and_log_tell_of_ones_own_alone(
    page: Page, examiner: User, mine: Application, theirs: Application
) -> None:
    sign_in(page, examiner)

    for address in (LOG, f"{LOG}?q={theirs.reference}", "/admin/core/mail/", f"/admin/core/mail/?q={theirs.reference}"):
        page.goto(address)
        expect(page.locator("#result_list").get_by_text(theirs.reference)).to_have_count(0)
        assert TITLE not in page.content()
    page.goto(LOG)
    expect(page.locator("#result_list")).to_contain_text(mine.reference)
    expect(page.get_by_role("columnheader", name="Adresse IP")).to_have_count(0)


def test_an_application_is_handed_over_and_gone_from_the_queue(
    page: Page, examiner: User, mine: Application, theirs: Application
) -> None:
    sign_in(page, examiner, f"{QUEUE}{mine.pk}/change/")
    page.get_by_text("Confier à une autre région").click()
    page.get_by_label("Confier à").select_option("Auvergne-Rhône-Alpes")
    page.locator("#region-note").fill(WHY)
    page.get_by_role("button", name="Confier", exact=True).click()

    expect(page.get_by_text("Elle n’est plus dans votre file.")).to_be_visible()
    response = page.goto(f"{QUEUE}{mine.pk}/change/")
    assert response and response.status == 404


@pytest.mark.alike
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_log_and_the_journal_stand_before_axe(page: Page, mine: Application, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    sign_in(page, factories.national(), LOG)
    found = {LOG: faults(page)}
    for address in (f"{QUEUE}{mine.pk}/journal/", f"{QUEUE}{mine.pk}/change/#region"):
        page.goto(address)
        found[address] = faults(page)
    page.goto(LOG)
    with page.expect_navigation():
        page.locator("#result_list .field-summary a").first.click()
    found["entry"] = faults(page)

    assert [address for address, violations in found.items() if violations] == [], found
