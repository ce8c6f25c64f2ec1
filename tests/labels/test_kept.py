"""A session that ended, or a token gone stale, loses nothing typed; no other site's post reaches a session."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from labels.models import Application
from tests import bad_input, factories
from tests.labels import answers
from tests.labels.answers import address, fresh

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
TYPED = {**answers.EVENT, "title": "Visite de nuit", "action": "continue"}


@pytest.fixture
def user() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def sign_in(client: Client, email: str, next_page: str, mailoutbox: list[Any], committed: Any) -> Any:
    """The real way in: an address, then the code of the mail."""
    with committed(execute=True):
        client.post("/connexion/", {"email": email, "next": next_page})
    code = re.search(r"\b\d{8}\b", mailoutbox[-1].body)
    assert code is not None
    return client.post("/connexion/code/", {"code": code[0], "next": next_page})


@pytest.mark.fault
def test_what_was_typed_after_the_session_ended_is_there_after_signing_in(
    client: Client, user: User, draft: Application, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    page = client.get(address(draft, "evenement/")).context
    client.cookies.pop(settings.SESSION_COOKIE_NAME)

    asked = client.post(
        address(draft, "evenement/"), {**TYPED, "seen": page["seen"], "page": page["page"]}, headers=OURS
    )
    assert asked.headers["Location"] == f"/connexion/?next={address(draft, 'evenement/')}"
    next_page = address(draft, "evenement/")
    arrived = sign_in(client, user.email, next_page, mailoutbox, django_capture_on_commit_callbacks)
    assert arrived.headers["Location"] == address(draft, "evenement/")

    shown = client.get(address(draft, "evenement/"))
    assert shown.context["form"]["title"].value() == "Visite de nuit"
    assert "Votre saisie a été gardée" in shown.content.decode()
    assert "Un fichier que vous aviez choisi est à choisir de nouveau." in shown.content.decode()
    assert (shown.context["seen"], fresh(draft).event.title) == (page["seen"], "")
    saved = client.post(address(draft, "evenement/"), {**TYPED, "seen": shown.context["seen"]})
    assert (saved.status_code, fresh(draft).event.title) == (303, "Visite de nuit")
    assert client.get(address(draft, "evenement/")).context["is_unsaved"] is False


def test_it_is_shown_once(client: Client, user: User, draft: Application) -> None:
    client.logout()
    client.post(address(draft, "evenement/"), TYPED, headers=OURS)
    client.force_login(user)

    first, second = (client.get(address(draft, "evenement/")).context for _ in range(2))

    assert (first["is_unsaved"], second["is_unsaved"]) == (True, False)


def test_somebody_else_who_signs_in_there_gets_nothing_of_it(client: Client, draft: Application) -> None:
    client.logout()
    client.post(address(draft, "evenement/"), TYPED, headers=OURS)
    client.force_login(factories.organiser())

    assert client.get(address(draft, "evenement/")).status_code == 404


def test_what_another_version_replaced_meanwhile_is_asked_about(client: Client, user: User, draft: Application) -> None:
    seen = client.get(address(draft, "evenement/")).context["seen"]
    client.logout()
    client.post(address(draft, "evenement/"), {**TYPED, "seen": seen}, headers=OURS)
    client.force_login(user)
    kept = client.get(address(draft, "evenement/")).context
    answers.send(client, draft, "evenement", title="Entre-temps")

    response = client.post(address(draft, "evenement/"), {**TYPED, "seen": kept["seen"], "page": kept["page"]})

    assert (response.status_code, fresh(draft).event.title) == (409, "Entre-temps")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://ailleurs.example"},
    ],
)
def test_what_does_not_come_from_our_pages_is_not_kept_and_gets_no_session(
    draft: Application, headers: dict[str, str]
) -> None:
    stranger, sessions = Client(enforce_csrf_checks=True), Session.objects.count()

    refused = stranger.post(address(draft, "evenement/"), TYPED, headers=headers)
    unchecked = Client()
    unchecked.post(address(draft, "evenement/"), TYPED, headers=headers)

    assert refused.status_code == 403
    assert settings.SESSION_COOKIE_NAME not in {**stranger.cookies, **unchecked.cookies}
    assert Session.objects.count() == sessions


@bad_input.runs("http-005")
@pytest.mark.fault
def test_a_stale_token_offers_to_take_up_what_was_typed(user: User, draft: Application) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    refused = strict.post(address(draft, "evenement/"), {**TYPED, "csrfmiddlewaretoken": "x" * 64}, headers=OURS)

    assert refused.status_code == 403
    assert f'href="{address(draft, "evenement/")}">Reprendre ma saisie</a>' in refused.content.decode()
    assert fresh(draft).event.title == ""
    shown = strict.get(address(draft, "evenement/")).context
    assert (shown["form"]["title"].value(), shown["is_unsaved"]) == ("Visite de nuit", True)


def test_a_page_that_is_no_step_is_not_kept(user: User, draft: Application) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    refused = strict.post(address(draft, "retirer/"), {"version": "0"}, headers=OURS)

    assert refused.status_code == 403
    assert "Reprendre ma saisie" not in refused.content.decode()


def test_what_is_too_large_or_too_frequent_is_not_kept(client: Client, user: User, draft: Application) -> None:
    client.logout()
    client.post(address(draft, "evenement/"), {**TYPED, "description": "A" * 70_000}, headers=OURS)
    assert "kept-pages" not in client.session

    for _ in range(31):
        Client().post(address(draft, "evenement/"), TYPED, headers=OURS)
    client.post(address(draft, "evenement/"), TYPED, headers=OURS)
    assert "kept-pages" not in client.session


def test_saving_in_the_background_is_told_that_the_session_ended(client: Client, draft: Application) -> None:
    client.logout()

    response = client.post(address(draft, "evenement/"), {**TYPED, "action": "autosave"}, headers=OURS)

    assert (response.status_code, response.content) == (401, b"")


@pytest.mark.parametrize("title", ["Visite\x00guidée", "\ud83d\ude00 été", "</textarea><script>alert(1)</script>"])
def test_any_text_is_kept_and_shown_as_text(client: Client, user: User, draft: Application, title: str) -> None:
    client.logout()
    title = title.encode("utf-16", "surrogatepass").decode("utf-16")
    client.post(address(draft, "evenement/"), {**TYPED, "title": title}, headers=OURS)
    client.force_login(user)

    response = client.get(address(draft, "evenement/"))

    assert (response.status_code, response.context["form"]["title"].value()) == (200, title)
    assert b"<script>alert" not in response.content
