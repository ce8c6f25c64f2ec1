"""Light or dark: as the device says, or as the person chose, before anything is drawn."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_of_the_device_s_theme_before_any_file_has_come(
    page: Page, live_server: LiveServer, scheme: str
) -> None:
    page.route("**/static/**", lambda route: route.abort())
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    page.goto("/")

    expect(page.locator("html")).to_have_attribute("data-fr-theme", scheme)


def test_a_theme_is_chosen_in_its_dialog_and_stays(page: Page, live_server: LiveServer) -> None:
    page.goto("/")
    dialog = page.get_by_role("dialog", name="Paramètres d’affichage")
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Paramètres d’affichage").click()
    expect(dialog.locator("img").first).to_be_visible()
    dialog.get_by_text("Thème sombre").click()
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")
    dialog.get_by_role("button", name="Fermer").click()
    expect(dialog).to_have_count(0)

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")
