"""The second factor of staff, asked for as production does: set up, shown, lost, and never walked round."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.audit import AuditEntry
from accounts.models import User
from core.outbox import Mail
from labels.models import State
from tests import factories
from tests.accounts.factors import (
    SECRET,
    WRONG,
    by_code,
    by_password,
    code,
    kinds,
    recovery_codes,
    sign_in,
    with_application,
    with_passkey,
)

pytestmark = pytest.mark.django_db

SECURITY = reverse("mfa_index")
APPLICATION = reverse("mfa_activate_totp")
QUEUE = reverse("admin:labels_application_changelist")


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def nadia() -> User:
    return factories.national(email="nadia@exemple.gouv.fr")


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def _user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


# Signing in -----------------------------------------------------------------------------------------------------------


def test_a_password_then_a_code_open_the_page_that_was_asked_for(client: Client, nadia: User) -> None:
    with_application(nadia)

    first = by_password(client, nadia, asking=QUEUE)
    between = (_user_of(client), client.get(QUEUE).status_code)
    second = by_code(client, code())

    assert (first.status_code, first["Location"]) == (302, reverse("mfa_authenticate"))
    assert between == (None, 302)
    assert (second.status_code, second["Location"]) == (302, QUEUE)
    assert client.get(QUEUE).status_code == 200


def test_a_session_opened_by_two_factors_ends_after_half_a_day(client: Client, nadia: User) -> None:
    with_application(nadia)
    sign_in(client, nadia)

    left = Session.objects.get().expire_date - timezone.now()

    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)


def test_a_recovery_code_opens_once_and_its_owner_is_told(nadia: User) -> None:
    with_application(nadia)
    codes = recovery_codes(nadia)
    again = []
    for client in (Client(), Client()):
        by_password(client, nadia)
        again.append(by_code(client, f" {codes[0][:4]} {codes[0][4:]} ").status_code)

    assert again == [302, 200]
    assert "un code de secours a servi" in Mail.objects.get(to=nadia.email).text


def test_a_code_of_the_application_opens_once(nadia: User) -> None:
    with_application(nadia)
    with time_machine.travel(timezone.now(), tick=False):
        right = code()
        statuses = []
        for client in (Client(), Client()):
            by_password(client, nadia)
            statuses.append(by_code(client, right).status_code)
    with time_machine.travel(timezone.now() + timedelta(seconds=40), tick=False):
        late = Client()
        by_password(late, nadia)
        statuses.append(by_code(late, right).status_code)
        statuses.append(by_code(late, f"{right[:3]}.{right[3:]}").status_code)

    assert statuses == [302, 200, 200, 200]


def test_five_wrong_codes_make_the_sixth_wait_even_when_it_is_right(client: Client, nadia: User) -> None:
    with_application(nadia)
    by_password(client, nadia)
    for _ in range(5):
        wrong = by_code(client, WRONG)
    answer = by_code(client, code())

    assert "Ce code n’est pas le bon." in text_of(wrong)
    assert "Trop d’essais. Patientez cinq minutes avant de recommencer." in text_of(answer)
    assert _user_of(client) is None


@pytest.mark.parametrize("typed", ["", "\0", "x" * 5000, "٠١٢٣٤٥", "12 34", "\ud800"])
def test_a_broken_code_is_refused_beside_its_field(typed: str, client: Client, nadia: User) -> None:
    with_application(nadia)
    by_password(client, nadia)

    response = client.post(
        reverse("mfa_authenticate"),
        f"code={typed}".encode("utf-8", "surrogatepass"),
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["code"]
    assert _user_of(client) is None


def test_the_page_of_the_code_without_a_password_leads_back_to_it(client: Client) -> None:
    response = client.get(reverse("mfa_authenticate"))

    assert (response.status_code, response["Location"]) == (302, reverse("admin:login"))


def test_a_sign_in_left_for_too_long_begins_again(client: Client, nadia: User) -> None:
    with_application(nadia)
    by_password(client, nadia)
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        response = by_code(client, code())

    assert response["Location"] in {reverse("admin:login"), reverse("account_login")}
    assert _user_of(client) is None


def test_an_account_closed_between_password_and_code_does_not_open(client: Client, nadia: User) -> None:
    with_application(nadia)
    by_password(client, nadia)
    User.objects.update(is_active=False)
    by_code(client, code())

    assert client.get("/admin/").status_code == 302
    assert not client.get("/").wsgi_request.user.is_authenticated


# Without one ----------------------------------------------------------------------------------------------------------


def addresses_of_the_admin() -> list[str]:
    """Every address of the admin, with arguments that need not exist: the gate stands before what they name."""
    (resolver,) = [
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and entry.namespace == admin.site.name
    ]
    return sorted({f"/admin/{_filled(path)}" for path in _paths(resolver)} - {f"/admin/{name}/" for name in OPEN})


OPEN = ("login", "logout", "jsi18n")


def _paths(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            found.append(prefix + str(entry.pattern))
        else:
            found += _paths(entry, prefix + str(entry.pattern))
    return [path for path in found if "(?P" not in path]


def _filled(path: str) -> str:
    return re.sub(r"<[^>]+>", "1", path)


def test_no_address_of_the_admin_opens_before_a_second_factor_is_set_up(client: Client, nadia: User) -> None:
    nadia.is_superuser = True
    nadia.save()
    answer = by_password(client, nadia)
    opened = {
        address: (response.status_code, response.get("Location"))
        for address in addresses_of_the_admin()
        for response in (client.get(address), client.post(address))
    }

    assert answer["Location"] == "/admin/"
    assert len(opened) > 30
    assert set(opened.values()) == {(302, SECURITY)}
    assert client.get(SECURITY).status_code == 200


def test_a_prefix_that_the_server_puts_before_addresses_opens_no_way_round(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    with override_script_prefix("/portail/"):
        response = client.get("/admin/", SCRIPT_NAME="/portail")

        assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


def test_whoever_has_no_factor_may_still_sign_out(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    client.post(reverse("admin:logout"))

    assert _user_of(client) is None


def test_an_application_is_set_up_its_codes_kept_and_the_desk_opens(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    secret = client.get(APPLICATION).context["form"].secret
    added = client.post(APPLICATION, {"code": code(secret)})
    shown = client.get(added["Location"])
    again = client.get(added["Location"])
    kept = client.post(added["Location"])
    once_more = client.get(added["Location"])

    assert added["Location"] == reverse("mfa_view_recovery_codes")
    assert len(shown.context["unused_codes"]) == 10
    assert again.context["unused_codes"] == shown.context["unused_codes"]
    assert kept["Location"] == "/admin/"
    assert (once_more.status_code, once_more["Location"]) == (302, SECURITY)
    assert client.get("/admin/").status_code == 200
    assert kinds(nadia) == ["recovery_codes", "totp"]
    assert [entry.action for entry in AuditEntry.objects.all()] == ["factor.add"]
    assert "une application d’authentification a été ajoutée" in Mail.objects.get(to=nadia.email).text


def test_the_codes_are_offered_as_a_file_without_javascript(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    secret = client.get(APPLICATION).context["form"].secret
    page = client.post(APPLICATION, {"code": code(secret)}, follow=True)

    file = page.context["file"]

    assert file.startswith("data:text/plain;charset=utf-8;base64,")
    assert f'<a class="fr-btn fr-btn--secondary fr-icon-download-line" href="{file}" download=' in page.content.decode()


def test_a_wrong_code_sets_nothing_up_and_keeps_the_same_secret(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    secret = client.get(APPLICATION).context["form"].secret
    response = client.post(APPLICATION, {"code": WRONG})

    assert "Ce code n’est pas le bon." in text_of(response)
    assert response.context["form"].secret == secret
    assert kinds(nadia) == []


def test_secrets_are_stored_encrypted(nadia: User) -> None:
    with_application(nadia)

    assert SECRET not in str(Authenticator.objects.get().data)


def test_a_changed_secret_key_opens_nothing_and_breaks_no_page(client: Client, nadia: User, settings: Settings) -> None:
    with_application(nadia)
    recovery_codes(nadia)
    settings.SECRET_KEY = "another-key-than-the-one-that-closed-them"
    by_password(client, nadia)

    assert "Ce code n’est pas le bon." in text_of(by_code(client, code()))


def test_a_session_that_began_before_factors_were_asked_for_shows_its_own(client: Client, nadia: User) -> None:
    with_application(nadia)
    client.force_login(nadia)

    asked = client.get(f"{QUEUE}?etat=submitted")
    page = client.get(SECURITY)
    shown = client.post(asked["Location"], {"code": code()})

    assert asked["Location"] == f"{reverse('mfa_reauthenticate')}?{urlencode({'next': f'{QUEUE}?etat=submitted'})}"
    assert page.status_code == 302
    assert shown["Location"] == f"{QUEUE}?etat=submitted"
    assert client.get(QUEUE).status_code == 200


def test_the_published_sign_ins_of_a_demonstration_need_no_factor_and_may_have_none(
    client: Client, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR_EXEMPT_DOMAIN = "@demo.example"
    published = factories.national(email="national@demo.example")
    answer = by_password(client, published)

    assert client.get(answer["Location"]).status_code == 200
    assert client.get(SECURITY).status_code == 403


def test_without_the_setting_a_factor_is_asked_of_those_who_have_one(nadia: User, settings: Settings) -> None:
    settings.STAFF_SECOND_FACTOR = False
    rachida = with_application(factories.regional())

    answers = [by_password(Client(), user)["Location"] for user in (nadia, rachida)]

    assert answers == ["/admin/", reverse("mfa_authenticate")]


# Changing it ----------------------------------------------------------------------------------------------------------


def test_the_only_factor_is_not_removed_by_its_owner(client: Client, nadia: User) -> None:
    with_application(nadia)
    sign_in(client, nadia)
    remove = reverse("mfa_deactivate_totp")

    answers = [client.get(remove), client.post(remove)]

    assert ["C’est votre seul second facteur" in text_of(answer) for answer in answers] == [True, True]
    assert kinds(nadia) == ["totp"]


def test_a_second_one_lets_the_first_be_removed(client: Client, nadia: User) -> None:
    with_application(nadia)
    with_passkey(nadia)
    sign_in(client, nadia)

    client.post(reverse("mfa_deactivate_totp"))

    assert kinds(nadia) == ["webauthn"]
    assert AuditEntry.objects.get(action="factor.remove").by == nadia
    assert "a été retirée de votre compte" in Mail.objects.get(to=nadia.email).text


def test_what_touches_security_asks_again_who_it_is_after_five_minutes(client: Client, nadia: User) -> None:
    with_application(nadia)
    recovery_codes(nadia)
    sign_in(client, nadia)
    new_codes = reverse("mfa_generate_recovery_codes")
    at_once = client.get(new_codes).status_code
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        asked = client.get(new_codes)
        wrong = client.post(asked["Location"], {"password": "ce n’est pas lui"})
        right = client.post(asked["Location"], {"password": factories.PASSWORD})
        by_factor = client.get(f"{reverse('mfa_reauthenticate')}?next={new_codes}")
        opened = client.get(right["Location"])

    assert at_once == 200
    assert asked["Location"] == f"{reverse('account_reauthenticate')}?next={new_codes.replace('/', '%2F')}"
    assert "Ce mot de passe n’est pas le bon." in text_of(wrong)
    assert right["Location"] == new_codes
    assert by_factor.status_code == 200
    assert opened.status_code == 200


def test_new_codes_end_the_old_ones(client: Client, nadia: User) -> None:
    with_application(nadia)
    old = recovery_codes(nadia)
    sign_in(client, nadia)
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    new = page.context["unused_codes"]
    late = Client()
    by_password(late, nadia)

    assert not set(old) & set(new)
    assert [by_code(late, old[0]).status_code, by_code(late, new[0]).status_code] == [200, 302]


def test_nobody_removes_the_key_of_another(client: Client, nadia: User) -> None:
    with_application(nadia)
    other = factories.national()
    theirs = with_passkey(other)
    sign_in(client, nadia)

    response = client.post(reverse("mfa_remove_webauthn", args=[theirs.pk]))

    assert response.status_code == 404
    assert kinds(other) == ["webauthn"]


@pytest.mark.parametrize(
    "posted",
    ["", "{", "[]", "null", '{"id": 1}', '{"id": "\\u0000"}', '{"rawId": []}', '{"response": {}}', "[" * 9000, '"x"'],
)
@pytest.mark.parametrize("name", ["mfa_authenticate", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"])
def test_a_broken_answer_of_a_key_is_refused(name: str, posted: str, client: Client, nadia: User) -> None:
    with_application(nadia)
    with_passkey(nadia)
    by_password(client, nadia)
    if name != "mfa_authenticate":
        by_code(client, code())
    client.get(reverse(name))

    response = client.post(reverse(name), {"credential": posted})

    assert response.status_code == 200
    assert Authenticator.objects.count() == 2


def test_organisers_have_no_page_of_second_factors(client: Client) -> None:
    client.force_login(factories.organiser())
    names = [name for name in _NAMES if name != "mfa_remove_webauthn"]

    assert {client.get(reverse(name)).status_code for name in names} == {403}
    assert client.get(reverse("mfa_authenticate")).status_code == 302


_NAMES = [
    "mfa_index",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
]


def test_a_live_session_of_a_closed_account_opens_nothing_more(client: Client) -> None:
    rachida = with_application(factories.regional())
    waiting = factories.application(state=State.SUBMITTED)
    sign_in(client, rachida)
    pages = [
        "/admin/",
        reverse("admin:labels_application_change", args=[waiting.pk]),
        reverse("admin:labels_application_export"),
        reverse("admin:autocomplete"),
        SECURITY,
    ]
    before = {client.get(page).status_code for page in pages[:3]}
    User.objects.filter(pk=rachida.pk).update(is_active=False)

    after = {client.get(page).status_code for page in pages}

    assert before == {200}
    assert after == {302}
