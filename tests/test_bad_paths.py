"""Hostile paths: not found, never a file, never a word on what is not public, never a header."""

import socket
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from labels.models import State
from tests import bad_input, factories
from tests.bad_input import CASES

pytestmark = pytest.mark.django_db

UNKNOWN = "00000000-0000-4000-8000-000000000000"
UP = ("../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "..%5c..%5cetc%5cpasswd")
# Each case as it was given, and the same under the addresses that the portal has.
NOT_FOUND = {
    "path-001": [f"{start}{end}" for start in ("/evenements/", "/media/", "/static/") for end in UP],
    "path-003": ["/media/", "/media/%2e%2e/", "/media/..", "/media/%2e%2e%2fdb.sqlite3", "/static/", "/static/%2e%2e/"],
    "path-005": [f"/evenements/{UNKNOWN}%00/x/", f"/evenements/{UNKNOWN}.ics%00"],
    "path-007": ["/evenements/-1/", "/evenements/-1/x/", "/evenements/1.ics", f"/evenements/{UNKNOWN}/-1/"],
    "path-013": ["/.git/HEAD", "/.env", "/static/.git/config", "/static/../manage.py", "/manage.py", "/db.sqlite3"],
}


@pytest.mark.parametrize(
    ("key", "address"),
    [
        pytest.param(key, address, marks=bad_input.runs(key), id=f"{key}-{rank}")
        for key, others in NOT_FOUND.items()
        for rank, address in enumerate([CASES[key].value, *others])
    ],
)
def test_what_is_no_address_of_ours_is_not_found(client: Client, key: str, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert b"root:" not in response.content and b"Traceback" not in response.content
    assert b"Page introuvable" in response.content


@bad_input.runs("path-009")
@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REFUSED, State.WITHDRAWN])
def test_what_was_never_public_answers_as_what_never_was(client: Client, state: State) -> None:
    event = factories.application(state=state).event
    pages: dict[str, list[Any]] = {}
    for uid in (str(event.uid), UNKNOWN):
        for address in (f"/evenements/{uid}/{event.slug}/", f"/evenements/{uid}.ics", f"/signaler/{uid}/"):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            # The work is the same: no clock tells them apart.
            body = response.content.decode().replace(uid, "…")
            pages.setdefault(uid, []).append((response.status_code, body, len(queries)))

    assert pages[str(event.uid)] == pages[UNKNOWN]
    assert {status for status, _, _ in pages[UNKNOWN]} == {404}


@bad_input.runs("path-011")
def test_an_event_whose_label_was_taken_back_is_gone_and_its_page_leads_to_the_list(client: Client) -> None:
    event = factories.application(state=State.REVOKED, title="Visite retirée").event

    response = client.get(event.get_absolute_url())

    assert response.status_code == 410
    assert f'href="{reverse("events:list")}"' in response.content.decode()
    assert "Visite retirée" not in response.content.decode()


@bad_input.runs("path-015")
def test_a_path_that_climbs_out_of_the_administration_and_back_is_no_way_in(client: Client) -> None:
    organiser = Client()
    organiser.force_login(factories.organiser())
    for address in (CASES["path-015"].value, "/aide/../admin/", "/admin//", "/%61dmin/../admin/"):
        for visitor in (client, organiser):
            response = visitor.get(address)
            # Led to the staff's sign-in, as by the path that a browser makes of it, or not found: nothing of the desk.
            assert response.status_code in {302, 404}, address
            assert response.status_code == 404 or response["Location"].startswith("/admin/login/?next=/"), address


@bad_input.runs("path-017")
@pytest.mark.django_db(transaction=True)
def test_no_line_of_an_address_becomes_a_header(live_server: LiveServer) -> None:
    event = factories.event()
    event.publish()
    calendar, elsewhere = f"/evenements/{event.uid}.ics", f"/evenements/{event.uid}/autre/"
    for address in (calendar, elsewhere, "/evenements", "/connexion/demande/"):
        for end in ("\r\nSet-Cookie:a=1", "é\r\n\r\n<script>"):
            head = _head(live_server, f"{address}?x={quote(end)}")
            assert "\r\nset-cookie" not in head
            head = _head(live_server, f"{address}{quote(end)}/")
            assert "\r\nset-cookie" not in head
    # Sent as they are, they end the request line: what answers must not have taken them for its own.
    assert "set-cookie: a" not in _head(live_server, f"{calendar}?x=\r\nSet-Cookie:a=1")


def _head(live_server: LiveServer, address: str) -> str:
    """What the server says before the body, as it crosses the wire."""
    site = urlsplit(live_server.url)
    with socket.create_connection((str(site.hostname), site.port or 80)) as wire:
        wire.settimeout(30)
        wire.sendall(f"GET {address} HTTP/1.1\r\nHost: {site.netloc}\r\nConnection: close\r\n\r\n".encode())
        said = b""
        while b"\r\n\r\n" not in said and (part := wire.recv(65536)):
            said += part
    return said.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
