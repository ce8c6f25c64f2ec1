"""Signing in and out as a person does it: the code read from the mail, and all that can go wrong on the way."""

import socket
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

import pytest
import time_machine
from axes.models import AccessLog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from core import cache as missable
from core.outbox import Mail
from tests import bad_input, factories
from tests.bad_input import Case

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

REDIRECTS = {case.id: case for case in bad_input.cases("redirect")}
LED_HOME = [case for case in REDIRECTS.values() if case.expect == "home"]
SIGN_IN = "/connexion/"
CODE = "/connexion/code/"
DESK = "/organisateurs/"
ADDRESS = "camille@exemple.fr"


@pytest.fixture
def organiser() -> User:
    return factories.organiser(email=ADDRESS)


def _ask_code(client: Client, email: str = ADDRESS, **data: str) -> "Response":
    return client.post(SIGN_IN, {"email": email, **data})


def _last_code() -> str:
    mail = Mail.objects.latest("pk")
    return mail.subject.split()[-1]


def _enter(client: Client, code: str, **data: str) -> "Response":
    return client.post(CODE, {"code": code, **data})


def _user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def _text(response: "Response") -> str:
    return response.content.decode()


def test_the_code_of_the_mail_opens_the_desk(client: Client, organiser: User) -> None:
    asked = _ask_code(client)
    entered = _enter(client, _last_code())

    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert (entered.status_code, entered["Location"]) == (302, DESK)
    assert _user_of(client) == str(organiser.pk)


def test_a_first_visit_makes_an_account_without_password(client: Client) -> None:
    _ask_code(client, "nouvelle@exemple.fr")
    _enter(client, _last_code())

    user = User.objects.get(email="nouvelle@exemple.fr")
    assert _user_of(client) == str(user.pk)
    assert not user.has_usable_password()
    assert not user.is_staff


def test_an_address_typed_in_capitals_is_the_same_account(client: Client, organiser: User) -> None:
    _ask_code(client, "  Camille@Exemple.FR ")
    _enter(client, _last_code())

    assert User.objects.count() == 1
    assert _user_of(client) == str(organiser.pk)


def test_a_code_is_taken_with_the_spaces_of_a_hasty_copy(client: Client, organiser: User) -> None:
    _ask_code(client)
    code = _last_code()
    _enter(client, f" {code[:4]} {code[4:]}\u200b ")

    assert _user_of(client) == str(organiser.pk)


def test_a_known_and_an_unknown_address_get_the_same_answer(organiser: User) -> None:
    answers = []
    for email in (ADDRESS, "inconnue@exemple.fr", factories.national(email="nadia@exemple.gouv.fr").email):
        client = Client()
        asked = _ask_code(client, email)
        page = client.get(asked["Location"])
        answers.append((asked.status_code, asked["Location"], _text(page).replace(email, "…")))

    known, unknown, staff = [(status, location, _without_token(page)) for status, location, page in answers]
    assert known == unknown == staff


def test_a_known_and_an_unknown_address_take_the_same_work_and_get_mails_alike(organiser: User) -> None:
    """An account that is made costs an insertion and its savepoint, nothing that a stopwatch tells."""
    counts = []
    for email in (ADDRESS, "inconnue@exemple.fr"):
        with CaptureQueriesContext(connection) as queries:
            _ask_code(Client(), email)
        counts.append(len(queries))
    unknown, known = Mail.objects.order_by("-pk")

    assert 0 <= counts[1] - counts[0] <= 3
    assert _without_code(known) == _without_code(unknown)


def _without_code(mail: Mail) -> list[str]:
    code = mail.subject.split()[-1]
    return [text.replace(code, "…").replace(mail.to, "…") for text in (mail.subject, mail.text, mail.html)]


def test_who_signs_in_is_not_logged_with_their_address(client: Client, organiser: User) -> None:
    _ask_code(client)
    _enter(client, _last_code())

    assert not AccessLog.objects.exists()


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_the_page_of_the_code_lets_a_telephone_fill_it_in(client: Client) -> None:
    _ask_code(client)
    page = _text(client.get(CODE))

    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert 'aria-describedby="id_code_helptext"' in page


def test_a_wrong_code_is_told_beside_the_field_and_can_be_mended(client: Client, organiser: User) -> None:
    _ask_code(client)
    code = _last_code()
    refused = _enter(client, _wrong(code))

    assert refused.status_code == 200
    assert refused.context["form"].errors == {
        "code": ["Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu."]
    }
    assert 'aria-describedby="id_code_helptext id_code_error"' in _text(refused)
    assert _user_of(client) is None
    assert _enter(client, code)["Location"] == DESK


@pytest.mark.parametrize("code", ["", "\u200b", "\x00", "é" * 8, "9" * 500, "--------"])
def test_what_is_no_code_is_refused_in_french(client: Client, organiser: User, code: str) -> None:
    _ask_code(client)
    refused = _enter(client, code)

    assert refused.status_code == 200
    assert len(refused.context["form"].errors["code"]) == 1
    assert _user_of(client) is None


def test_the_fifth_wrong_code_ends_the_attempt(client: Client, organiser: User) -> None:
    _ask_code(client)
    code = _last_code()
    statuses = [_enter(client, _wrong(code)).status_code for _ in range(5)]
    too_late = _enter(client, code)
    page = client.get(SIGN_IN)

    assert statuses == [200, 200, 200, 200, 302]
    assert too_late.status_code == 302
    assert _user_of(client) is None
    assert "Trop d’essais. Patientez dix minutes, puis demandez un nouveau code." in _text(page)


def test_a_code_older_than_fifteen_minutes_is_no_longer_taken(client: Client, organiser: User) -> None:
    _ask_code(client)
    code = _last_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        answer = client.post(CODE, {"code": code}, follow=True)

    assert answer.redirect_chain[-1][0] == SIGN_IN
    assert "Ce code n’est plus valable. Demandez-en un nouveau." in _text(answer)
    assert _user_of(client) is None


def test_a_message_for_the_next_page_waits_in_the_session_without_a_cookie_of_its_own(
    client: Client, organiser: User, settings: Settings
) -> None:
    _ask_code(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        shown = client.post(CODE, {"code": "ABC-123"}, follow=True)

    assert "Ce code n’est plus valable. Demandez-en un nouveau." in _text(shown)
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def test_a_code_serves_once(client: Client, organiser: User) -> None:
    _ask_code(client)
    code = _last_code()
    _enter(client, code)
    client.post("/deconnexion/")
    again = _enter(client, code)

    assert again.status_code == 302
    assert _user_of(client) is None


def test_a_code_serves_only_the_browser_that_asked_for_it(client: Client, organiser: User) -> None:
    _ask_code(client)
    stranger = Client()
    answer = _enter(stranger, _last_code())

    assert answer.status_code == 302
    assert _user_of(stranger) is None


def test_a_second_code_replaces_the_first(client: Client, organiser: User) -> None:
    _ask_code(client)
    first = _last_code()
    resent = client.post(CODE, {"action": "resend"})
    second = _last_code()

    assert resent["Location"] == CODE
    assert second != first
    assert _enter(client, first).status_code == 200
    assert _enter(client, second)["Location"] == DESK


def test_another_address_can_be_given_before_the_code(client: Client, organiser: User) -> None:
    _ask_code(client, "faute-de-frappe@exemple.fr")
    back = client.post("/deconnexion/", {"next": SIGN_IN})
    _ask_code(client)
    _enter(client, _last_code())

    assert back["Location"] == SIGN_IN
    assert _user_of(client) == str(organiser.pk)


def test_a_sixth_request_for_one_address_must_wait(organiser: User) -> None:
    statuses = [_ask_code(Client()).status_code for _ in range(5)]
    refused = _ask_code(Client())

    assert statuses == [302] * 5
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert f'value="{ADDRESS}"' in _text(refused)
    assert refused.context["form"].errors == {
        "email": ["Trop d’essais. Patientez 10\u00a0minutes, puis demandez un nouveau code."]
    }
    assert Mail.objects.count() == 5


def test_a_refused_request_makes_no_account(organiser: User) -> None:
    for number in range(20):
        _ask_code(Client(), f"robot{number}@exemple.fr")
    refused = _ask_code(Client(), "robot20@exemple.fr")

    assert refused.status_code == 429
    assert not User.objects.filter(email="robot20@exemple.fr").exists()


@pytest.mark.parametrize(
    "email", ["", "pas une adresse", "a@localhost", "é@exemple.fr", "a\x00@exemple.fr", "a@b.fr\u202e"]
)
def test_a_broken_address_is_told_in_french_and_makes_no_account(client: Client, email: str) -> None:
    refused = _ask_code(client, email)

    assert refused.status_code == 200
    assert len(refused.context["form"].errors["email"]) >= 1
    assert "Erreur – Se connecter" in _text(refused)
    assert not User.objects.exists()
    assert not Mail.objects.exists()


def test_who_is_sent_to_sign_in_comes_back_where_they_were_going(client: Client, organiser: User) -> None:
    sent = client.get("/organisateurs/demandes/nouvelle/")
    page = client.get(sent["Location"])
    asked = _ask_code(client, next="/organisateurs/demandes/nouvelle/")
    code_page = client.get(asked["Location"])
    entered = _enter(client, _last_code(), next="/organisateurs/demandes/nouvelle/")

    hidden = '<input type="hidden" name="next" value="/organisateurs/demandes/nouvelle/">'
    assert sent["Location"] == "/connexion/?next=/organisateurs/demandes/nouvelle/"
    assert hidden in _text(page)
    assert hidden in _text(code_page)
    assert entered["Location"] == "/organisateurs/demandes/nouvelle/"


@bad_input.each(LED_HOME)
def test_a_hostile_way_back_leads_nowhere_else(client: Client, organiser: User, case: Case) -> None:
    _assert_led_home(client, case.value)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/" + "x" * 3000])
def test_nobody_is_sent_to_another_site(client: Client, organiser: User, target: str) -> None:
    _assert_led_home(client, target)


def _assert_led_home(client: Client, target: str) -> None:
    _ask_code(client, next=target)
    entered = client.post(f"{CODE}?next={quote(target)}", {"code": _last_code(), "next": target})
    left = client.post("/deconnexion/", {"next": target})

    assert entered["Location"] == DESK
    assert left["Location"] == "/"


@bad_input.each([REDIRECTS["redirect-010"]])
def test_a_path_that_only_looks_like_another_site_stays_on_this_one(
    client: Client, organiser: User, case: Case
) -> None:
    _ask_code(client, next=case.value)
    entered = _enter(client, _last_code(), next=case.value)

    assert entered["Location"] == case.value
    assert urlsplit(urljoin("https://semaine.example/connexion/", entered["Location"])).netloc == "semaine.example"
    assert client.get(entered["Location"]).status_code == 404


@bad_input.each([REDIRECTS["redirect-014"]])
def test_who_comes_back_to_a_page_that_is_not_for_them_is_kept_out_of_it(
    client: Client, organiser: User, case: Case
) -> None:
    _ask_code(client, next=case.value)
    entered = _enter(client, _last_code(), next=case.value)

    refused = client.get(entered["Location"])
    assert refused.status_code == 302
    assert refused["Location"].startswith(reverse("admin:login"))


def test_staff_get_no_code_and_are_told_of_their_password(client: Client) -> None:
    factories.national(email="nadia@exemple.gouv.fr")
    _ask_code(client, "nadia@exemple.gouv.fr")

    mail = Mail.objects.get()
    assert mail.to == "nadia@exemple.gouv.fr"
    assert mail.subject == "Votre demande de connexion"
    assert "http://127.0.0.1:8000/admin/" in mail.text
    assert not any(len(word) == 8 and word.isdigit() for word in mail.text.split())


def test_a_closed_account_gets_no_code(client: Client) -> None:
    factories.organiser(email=ADDRESS, is_active=False)
    _ask_code(client)
    for code in ("", "00000000"):
        _enter(client, code)

    assert Mail.objects.get().subject == "Votre demande de connexion"
    assert _user_of(client) is None


def test_an_account_closed_before_the_code_is_entered_stays_out(client: Client, organiser: User) -> None:
    _ask_code(client)
    User.objects.filter(pk=organiser.pk).update(is_active=False)
    answer = client.post(CODE, {"code": _last_code()}, follow=True)

    assert _user_of(client) is None
    assert "Ce compte est désactivé" in _text(answer)


def test_the_mail_holds_the_code_and_is_kept_secret(client: Client, organiser: User) -> None:
    _ask_code(client)

    mail = Mail.objects.get()
    code = _last_code()
    assert len(code) == 8
    assert code.isdigit()
    assert mail.is_secret
    assert f"\n    {code}\n" in mail.text
    assert code in mail.html
    assert "portail" in mail.text


def test_signing_out_is_asked_and_then_done_by_post(client: Client, organiser: User) -> None:
    client.force_login(organiser, "django.contrib.auth.backends.ModelBackend")
    asked = client.get("/deconnexion/")
    still_in = _user_of(client)
    done = client.post("/deconnexion/")

    assert asked.status_code == 200
    assert still_in == str(organiser.pk)
    assert done["Location"] == "/"
    assert _user_of(client) is None


def test_who_is_signed_in_is_sent_to_the_desk(client: Client, organiser: User) -> None:
    client.force_login(organiser, "django.contrib.auth.backends.ModelBackend")

    assert client.get(SIGN_IN)["Location"] == DESK


@pytest.mark.parametrize("address", ["demande", "inscription", "adresse"])
def test_organisers_have_one_way_in(client: Client, address: str) -> None:
    answer = client.get(f"/connexion/{address}/?next=/aide/")

    assert (answer.status_code, answer["Location"]) == (302, "/connexion/?next=/aide/")


def test_signing_in_works_while_the_cache_and_the_broker_hang(
    client: Client, organiser: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missable._MissableClient, "_away_until", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CACHES = {"default": {"BACKEND": "core.cache.MissableRedisCache", "LOCATION": url}}
        asked = _ask_code(client)
        entered = _enter(client, _last_code())

    assert asked["Location"] == CODE
    assert entered["Location"] == DESK


def test_staff_sign_in_by_password_and_reach_the_examination(client: Client) -> None:
    nadia = factories.national(email="nadia@exemple.gouv.fr")
    page = client.get(reverse("admin:login"))
    typed = {"username": nadia.email, "password": factories.PASSWORD, "next": page.context["next"]}
    answer = client.post(reverse("admin:login"), typed)

    assert answer["Location"] == "/admin/"
    assert _user_of(client) == str(nadia.pk)


def test_the_fifth_wrong_password_locks_the_account_for_that_connection(client: Client) -> None:
    nadia = factories.national(email="nadia@exemple.gouv.fr")
    wrong = {"username": nadia.email, "password": "ce n’est pas celui-ci"}
    statuses = [client.post(reverse("admin:login"), wrong).status_code for _ in range(5)]
    locked = client.post(reverse("admin:login"), {"username": nadia.email, "password": factories.PASSWORD})
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.post(reverse("admin:login"), {"username": nadia.email, "password": factories.PASSWORD})

    assert statuses == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "Connexion suspendue quelques minutes" in _text(locked)
    assert _user_of(client) is None
    assert _user_of(elsewhere) == str(nadia.pk)


def test_an_organiser_does_not_enter_the_administration_by_password(client: Client) -> None:
    user = factories.organiser(email=ADDRESS)
    user.set_password(factories.PASSWORD)
    user.save()
    client.post(reverse("admin:login"), {"username": ADDRESS, "password": factories.PASSWORD})

    assert _user_of(client) is None
