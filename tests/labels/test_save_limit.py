"""How often one account may save its pages: more than anybody types, and nothing typed is lost beyond it."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from labels.models import Application, State
from labels.views import access, steps
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


@pytest.fixture
def labelled(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> Application:
    monkeypatch.setattr(access, "MOST", 2)
    client.force_login(user)
    labelled = factories.application(state=State.APPROVED, by=user)
    for _ in range(2):
        assert client.post(address(labelled, "complet/"), {"is_full": "oui"}).status_code == 303
    return labelled


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("modifier/evenement/", {**answers.EVENT, "title": "Visite de nuit", "action": "confirm"}),
        ("modifier/images/", {"image-alt": "Une apprentie", "image-file": SimpleUploadedFile("a.png", b"a")}),
        ("modifier/contact/", {"contact_name": "Dominique Durand"}),
        ("modifier/retirer/", {}),
        ("complet/", {"is_full": ""}),
    ],
)
def test_a_change_of_a_labelled_event_beyond_the_limit_is_refused_with_what_was_typed(
    client: Client, labelled: Application, page: str, typed: dict[str, Any]
) -> None:
    before = labelled.transitions.count()

    refused = client.post(address(labelled, page), {**typed, "version": fresh(labelled).version})

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    said = unescape(refused.content.decode())
    assert f'action="{address(labelled, page)}"' in said
    assert ("Un fichier que vous aviez choisi est à choisir de nouveau" in said) is (page == "modifier/images/")
    assert labelled.transitions.count() == before
    for name, value in typed.items():
        for text in value if isinstance(value, list) else [value]:
            assert isinstance(text, SimpleUploadedFile) or f'name="{name}" value="{text}"' in said


def test_the_limit_of_changes_shuts_no_page(client: Client, labelled: Application) -> None:
    pages = ("", "modifier/", "modifier/evenement/", "modifier/images/", "modifier/contact/")

    assert [client.get(address(labelled, page)).status_code for page in pages] == [200] * len(pages)
