"""How often one account may save its pages: more than anybody types, and nothing typed is lost beyond it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from labels.models import Application
from labels.views import steps
from tests import factories
from tests.labels import answers
from tests.labels.answers import address, fresh

TYPED = {**answers.EVENT, "title": "Visite de nuit", "action": "continue"}


@pytest.fixture
def user(db: None) -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> Application:
    monkeypatch.setattr(steps, "MOST", 2)
    draft = answers.begun(client, user)
    for title in ("Visite", "Visite de jour"):
        assert client.post(address(draft, "evenement/"), {**TYPED, "title": title}).status_code == 303
    return draft


def test_a_save_beyond_the_limit_is_refused_with_what_was_typed(client: Client, draft: Application) -> None:
    refused = client.post(address(draft, "evenement/"), TYPED)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    page = refused.content.decode()
    assert "Enregistrez de nouveau dans une minute." in page
    assert refused.context["form"]["title"].value() == "Visite de nuit"
    assert refused.context["form"]["sectors"].value() == answers.EVENT["sectors"]
    assert 'class="fr-error-text"' not in page
    assert fresh(draft).event.title == "Visite de jour"


def test_the_limit_is_of_an_account_and_shuts_no_page_nor_anybody_else(client: Client, draft: Application) -> None:
    assert client.post(address(draft, "evenement/"), TYPED).status_code == 429
    assert client.get(address(draft, "evenement/")).status_code == 200

    client.force_login(factories.organiser())
    client.post("/organisateurs/demandes/nouvelle/")
    theirs = Application.objects.latest("pk")

    assert client.post(address(theirs, "evenement/"), TYPED).status_code == 303
    assert fresh(theirs).event.title == "Visite de nuit"


@pytest.mark.pure
def test_three_tabs_that_save_as_often_as_their_script_may_do_not_meet_the_limit() -> None:
    script = Path(settings.BASE_DIR, "static/js/autosave.js").read_text()
    (pause,) = re.findall(r"^const PAUSE = (\d+);", script, re.MULTILINE)

    assert 3 * steps.SECONDS * 1000 / int(pause) <= steps.MOST
