"""What programs ask for: security.txt as RFC 9116 asks, the manifest that a page names."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings


def _fields(client: Client) -> dict[str, str]:
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


@pytest.mark.parametrize(
    ("security", "contact", "told"),
    [
        ("ssi@semaine.example", "contact@semaine.example", "mailto:ssi@semaine.example"),
        ("", "contact@semaine.example", "mailto:contact@semaine.example"),
        ("", "", "https://semaine.example/contact/"),
    ],
)
def test_security_txt_names_whom_to_tell(
    client: Client, settings: Settings, security: str, contact: str, told: str
) -> None:
    settings.SITE_URL = "https://semaine.example"
    settings.SECURITY_EMAIL, settings.CONTACT_EMAIL = security, contact

    assert _fields(client) | {"Expires": ""} == {
        "Contact": told,
        "Expires": "",
        "Preferred-Languages": "fr, en",
        "Canonical": "https://semaine.example/.well-known/security.txt",
    }


@pytest.mark.parametrize("day", ["2026-11-29T23:59:59+01:00", "2028-02-29T00:00:00+00:00"])
def test_security_txt_is_good_for_half_a_year_from_any_day(client: Client, day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(day)):
        expires, now = _fields(client)["Expires"], datetime.now(UTC)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", expires)
    assert timedelta(days=179) <= datetime.fromisoformat(expires) - now <= timedelta(days=180)


@pytest.mark.django_db
@pytest.mark.parametrize("is_of_the_state", [True, False])
def test_a_page_names_its_icon_and_its_manifest(client: Client, settings: Settings, is_of_the_state: bool) -> None:
    settings.STATE_BRAND = is_of_the_state
    page = client.get("/cookies/").content.decode()

    (icon,) = re.findall(r'<link rel="icon" href="([^"]+)"', page)
    (manifest,) = re.findall(r'<link rel="manifest" href="([^"]+)"', page)

    kind, content = _file(client, manifest)
    assert (_file(client, icon)[0], kind) == ("image/svg+xml", "application/manifest+json")
    for entry in json.loads(content)["icons"]:
        assert _file(client, urljoin(manifest, entry["src"]))[0] == entry["type"]


def _file(client: Client, address: str) -> tuple[str, bytes]:
    answer = client.get(address)
    assert answer.status_code == 200
    content: bytes = answer.getvalue()
    answer.close()
    return answer["Content-Type"], content
