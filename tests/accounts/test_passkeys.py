"""Passkeys in a real browser, with a key that Chromium plays: added, shown at sign-in, and pages that read well."""

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests import factories
from tests.accounts.factors import code, kinds
from tests.axe import faults


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def nadia(live_server: LiveServer) -> User:
    return factories.national(email="nadia@exemple.gouv.fr")


def with_key(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def by_password(page: Page, user: User) -> None:
    page.goto("/admin/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe :").fill(factories.PASSWORD)
    page.get_by_role("button", name="Connexion").click()


def test_a_passkey_is_added_at_the_first_sign_in_and_opens_the_next(page: Page, nadia: User) -> None:
    with_key(page)
    by_password(page, nadia)
    seen = [faults(page)]
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    seen.append(faults(page))
    page.get_by_role("button", name="Ajouter cette clé").click()
    page.get_by_role("heading", name="Vos codes de secours").wait_for()
    seen.append(faults(page))
    page.get_by_role("button", name="J’ai conservé mes codes, continuer").click()
    page.get_by_role("button", name="Déconnexion").click()
    by_password(page, nadia)
    page.get_by_role("button", name="Employer ma clé d’accès").wait_for()
    seen.append(faults(page))
    page.get_by_role("button", name="Employer ma clé d’accès").click()
    page.wait_for_url("**/admin/")

    assert page.get_by_role("button", name="Déconnexion").is_visible()
    assert kinds(nadia) == ["recovery_codes", "webauthn"]
    assert seen == [[], [], [], []]


class TestWithoutJavaScript:
    @pytest.fixture
    def context_options(self) -> dict[str, Any]:
        return {"java_script_enabled": False}

    def test_an_application_opens_the_desk(self, page: Page, nadia: User) -> None:
        by_password(page, nadia)
        page.get_by_role("link", name="Ajouter une application").click()
        secret = page.locator("code.secret").inner_text()
        page.get_by_label("Code affiché par l’application").fill(code(secret))
        page.get_by_role("button", name="Ajouter l’application").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger les codes").click()
        page.get_by_role("button", name="J’ai conservé mes codes, continuer").click()

        assert page.url.endswith("/admin/")
        assert len(download.value.path().read_text().split()) > 10
        assert kinds(nadia) == ["recovery_codes", "totp"]
