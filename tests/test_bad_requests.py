"""Requests that no browser of ours makes: refused in French or ignored, and nothing done."""

import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.outbox import Mail
from labels.models import Application
from tests import bad_input, factories
from tests.events.reading import content
from tests.labels import answers
from tests.labels.answers import address, fresh
from tests.scenes import Case, Scene
from tests.test_access import GONE, OPEN, PAGES, _stored
from tests.test_deployment import CADDYFILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client: Client) -> Application:
    return answers.begun(client, factories.organiser())


@bad_input.runs("http-001")
def test_a_foreign_host_is_in_no_mail(client: Client) -> None:
    nadia = factories.national(email="nadia@exemple.gouv.fr")
    asking = reverse("account_reset_password")

    refused = client.post(asking, {"email": nadia.email}, headers={"host": "evil.com"})
    client.post(asking, {"email": nadia.email}, headers={"x-forwarded-host": "evil.com", "forwarded": "host=evil.com"})

    assert (refused.status_code, b"evil.com" in refused.content) == (400, False)
    mail = Mail.objects.get()
    assert "http://127.0.0.1:8000/connexion/mot-de-passe/" in mail.text
    assert "evil.com" not in mail.text + mail.html + mail.subject


@bad_input.runs("http-011")
@pytest.mark.parametrize("key", [key for key, row in PAGES.items() if row in {OPEN, GONE}])
def test_head_and_options_answer_without_a_body_and_do_nothing(key: str) -> None:
    scene = Scene(Case(key).state)
    where, before = scene.address(Case(key)), _stored()
    client = Client()

    shown, head, options = client.get(where), client.head(where), client.options(where)

    assert head.status_code == shown.status_code
    # What is gone is gone for every question.
    assert options.status_code in ({200, 204} if shown.status_code == 200 else {200, 204, 410})
    assert "GET" in options.headers.get("Allow", "GET")
    assert content(head) == b""
    assert _stored() == before


@bad_input.runs("http-013")
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_in_other_letters_than_utf_8_is_refused(client: Client, draft: Application, kind: str) -> None:
    body = "title=%2BADw-script%2BAD4-" if "urlencoded" in kind else _multipart("title", "+ADw-script+AD4-")

    response = client.generic("POST", address(draft, "evenement/"), body, content_type=f"{kind}; charset=utf-7")

    assert response.status_code == 400
    assert "Cette demande n’a pas été comprise" in response.content.decode()
    assert fresh(draft).event.title == ""


def _multipart(name: str, value: str) -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--x--\r\n'


@bad_input.runs("http-017")
def test_of_two_values_of_one_field_the_last_is_taken(client: Client, draft: Application) -> None:
    data = {**answers.EVENT, "title": ["Visite a", "Visite b"], "action": "continue"}

    assert client.post(address(draft, "evenement/"), data).status_code == 303
    assert fresh(draft).event.title == "Visite b"


@bad_input.runs("http-021")
def test_cookies_without_end_are_refused_unread(client: Client) -> None:
    long = client.get("/evenements/", headers={"cookie": f"session={'x' * 20 * 1024}"})
    usual = client.get("/evenements/", headers={"cookie": f"session={'x' * 4000}; csrf={'y' * 64}"})

    assert (long.status_code, usual.status_code) == (400, 200)
    assert "Cette demande n’a pas été comprise" in long.content.decode()


@bad_input.runs("http-023")
def test_many_ranges_of_a_file_are_not_answered_many_times(client: Client) -> None:
    many = {"range": "bytes=" + ",".join(["0-"] * 500)}
    event = factories.event()
    event.publish()
    for where in ("/static/img/partage.png", "/evenements.csv", "/evenements.ics", "/carte/evenements.geojson", "/"):
        whole, ranges = (_body(client.get(where, headers=headers)) for headers in ({}, many))
        assert ranges[0] in {200, 416}, where
        assert len(ranges[1]) <= len(whole[1]) + 100, where


def _body(response: Any) -> tuple[int, bytes]:
    return response.status_code, content(response)


@bad_input.runs("http-025")
@pytest.mark.parametrize("agent", ["Mozilla\r\nINFO nadia signed in", "A" * 10_240])
def test_the_name_of_a_browser_writes_no_line_of_the_log(
    client: Client, agent: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = {"username": factories.national().email, "password": "ce n’est pas celui-ci"}
    for _ in range(6):
        client.post(reverse("admin:login"), wrong, headers={"user-agent": agent})
    response = client.get("/nulle-part/", headers={"user-agent": agent})

    assert response.status_code == 404
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [line for line in lines if "\n" in line or len(line) > 5000] == []
    assert any("/nulle-part/" in line for line in lines)


@bad_input.runs("http-019")
def test_the_proxy_cuts_off_who_sends_a_byte_at_a_time_and_headers_without_end() -> None:
    limits = {name: int(seconds) for name, seconds in re.findall(r"^\s+(read_\w+) (\d+)s$", CADDYFILE, re.MULTILINE)}

    assert limits.keys() == {"read_header", "read_body"}
    assert max(limits.values()) < 60
