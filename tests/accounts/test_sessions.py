"""A session's cookie is what a browser sends: anything."""

import pytest
from django.test import Client

from accounts.sessions import SessionStore
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", [r'"abcdefghij\000klmnopqrstuv"', "a" * 4000, r'"\377\376aaaaaaaa"', "court", ""])
def test_a_cookie_that_is_no_key_of_ours_is_a_visit_without_session(cookie: str) -> None:
    response = Client(headers={"Cookie": f"session={cookie}"}).get("/organisateurs/")

    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/organisateurs/")


def test_a_key_with_a_nul_is_never_looked_up() -> None:
    assert SessionStore("abcdefghij\0klmnopqrstuv").session_key is None


def test_a_session_is_found_again_by_its_key(client: Client) -> None:
    client.force_login(factories.organiser())

    assert client.get("/organisateurs/").status_code == 200
