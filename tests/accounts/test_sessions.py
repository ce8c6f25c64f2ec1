"""A session's cookie is what a browser sends: anything. A session that is used goes on, the staff's apart."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.sessions import SessionStore
from core.outbox import Mail
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", [r'"abcdefghij\000klmnopqrstuv"', "a" * 4000, r'"\377\376aaaaaaaa"', "court", ""])
def test_a_cookie_that_is_no_key_of_ours_is_a_visit_without_session(cookie: str) -> None:
    response = Client(headers={"Cookie": f"session={cookie}"}).get("/organisateurs/")

    assert (response.status_code, response["Location"]) == (302, "/connexion/?next=/organisateurs/")


def test_a_key_with_a_nul_is_never_looked_up() -> None:
    assert SessionStore("abcdefghij\0klmnopqrstuv").session_key is None


def test_a_session_that_was_ended_meanwhile_is_not_written_again() -> None:
    SessionStore().save()
    session = SessionStore(Session.objects.get().session_key)
    session["kept"] = "word"
    session.save()
    assert SessionStore(session.session_key)["kept"] == "word"

    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


def test_a_session_is_found_again_by_its_key(client: Client) -> None:
    client.force_login(factories.organiser())

    assert client.get("/organisateurs/").status_code == 200


def _later(**delta: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=False)


def _signed_in_by_code(client: Client) -> None:
    client.post("/connexion/", {"email": "camille@exemple.fr"})
    client.post("/connexion/code/", {"code": Mail.objects.latest("pk").subject.split()[-1]})


def test_an_organiser_who_works_keeps_their_session(client: Client) -> None:
    _signed_in_by_code(client)
    statuses = []
    for days in (10, 20, 30):
        with _later(days=days):
            statuses.append(client.get("/organisateurs/").status_code)

    assert statuses == [200, 200, 200]
    assert Session.objects.get().expire_date > timezone.now() + timedelta(days=43)


def test_a_session_is_written_once_a_day_at_most(client: Client) -> None:
    _signed_in_by_code(client)
    client.get("/organisateurs/")
    written = Session.objects.get().expire_date
    with _later(hours=23):
        client.get("/organisateurs/")
    same_day = Session.objects.get().expire_date
    with _later(hours=25):
        response = client.get("/organisateurs/")

    assert same_day == written
    assert Session.objects.get().expire_date > written + timedelta(days=1)
    assert response.cookies["session"]["max-age"] == 14 * 24 * 3600


def test_a_session_that_nobody_uses_ends(client: Client) -> None:
    _signed_in_by_code(client)

    with _later(days=15):
        assert client.get("/organisateurs/").status_code == 302


def test_a_page_without_session_gets_no_cookie(client: Client) -> None:
    response = client.get("/carte/evenements.geojson")

    assert "session" not in response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_member_of_staff_signs_in_anew_after_half_a_day(client: Client) -> None:
    nadia = factories.national(email="nadia@exemple.gouv.fr")
    client.post(reverse("admin:login"), {"username": nadia.email, "password": factories.PASSWORD, "next": "/admin/"})

    statuses = []
    for hours in (1, 11, 13):
        with _later(hours=hours):
            statuses.append(client.get("/admin/").status_code)

    assert statuses == [200, 200, 302]


def test_a_session_of_staff_is_never_put_off(client: Client) -> None:
    client.force_login(factories.national())
    before = Session.objects.get().expire_date
    with _later(days=3):
        client.get("/admin/")

    assert Session.objects.get().expire_date == before
