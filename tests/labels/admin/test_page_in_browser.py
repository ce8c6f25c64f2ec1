"""The page of an application in a browser: map, frame, evidence, and what a rule of accessibility would find."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from labels.models import Application, State
from tests import factories
from tests.axe import faults
from tests.labels.admin.desk import page_of, signed_in


def enter(page: Page, live_server: LiveServer, user: User) -> None:
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.fixture
def doubtful(live_server: LiveServer) -> Application:
    """Waits in Le Havre, with a labelled event and a twin beside it."""
    owner = factories.organiser()
    organisation = factories.organisation(member=owner)
    found = factories.application(
        state=State.SUBMITTED, by=owner, organisation=organisation, description="Entrée : 5 € par personne."
    )
    factories.application(state=State.SUBMITTED, by=owner, organisation=organisation)
    factories.application(state=State.APPROVED, title="Portes ouvertes du port")
    return found


def test_the_page_shows_the_event_where_it_is_as_the_public_will_see_it(
    page: Page, live_server: LiveServer, doubtful: Application
) -> None:
    enter(page, live_server, factories.regional("28"))
    page.goto(page_of(doubtful))

    markers = page.locator("#map .map-near")
    expect(markers).to_have_count(2)
    expect(page.locator("#map .map-pin")).to_have_count(1)
    markers.last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#voisin-[12]$"))

    page.get_by_role("link", name="Entrée : 5", exact=True).click()
    expect(page.locator("mark:target")).to_contain_text("[Gratuité : à examiner]")

    page.get_by_text("Comme le public le verra").click()
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Visite de la fonderie")
    expect(shown.get_by_text("Informations pratiques")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_and_the_comparison_have_no_fault_that_axe_finds(
    scheme: str, page: Page, live_server: LiveServer, doubtful: Application
) -> None:
    enter(page, live_server, factories.regional("28"))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(page_of(doubtful))
    page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()

    found = [faults(page)]
    page.get_by_role("link", name="Comparer").first.click()
    found.append(faults(page))

    assert found == [[], []]
