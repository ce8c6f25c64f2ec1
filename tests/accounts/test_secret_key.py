"""The secret key changes: what the one before signed or sealed is read while it is named, and seals are renewed."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from labels.links import Link
from tests import factories
from tests.accounts.factors import by_code, by_password, code, recovery_codes, with_application, with_passkey

pytestmark = pytest.mark.django_db

NEW = "another-key-than-the-one-that-closed-them"


@pytest.fixture
def nadia(settings: Settings) -> User:
    settings.STAFF_SECOND_FACTOR = True
    return with_application(factories.national())


@pytest.fixture
def old_key(settings: Settings) -> str:
    return str(settings.SECRET_KEY)


def change_key(settings: Settings, *before: str) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, list(before)


def reseal() -> str:
    told = StringIO()
    call_command("reseal_factors", stdout=told)
    return told.getvalue()


def opens(user: User, typed: str) -> bool:
    client = Client()
    by_password(client, user)
    by_code(client, typed)
    return "_auth_user_id" in client.session


def test_the_key_before_opens_what_it_closed(nadia: User, old_key: str, settings: Settings) -> None:
    organiser = Client()
    organiser.force_login(factories.organiser())
    link = Link.PREVIEW.sign("SI2026-000001")

    change_key(settings, old_key)

    assert opens(nadia, code())
    assert Link.PREVIEW.read(link) == "SI2026-000001"
    assert organiser.get("/organisateurs/").status_code == 200


def test_a_key_that_is_named_no_more_reads_nothing(old_key: str, settings: Settings) -> None:
    organiser = Client()
    organiser.force_login(factories.organiser())
    link = Link.PREVIEW.sign("SI2026-000001")

    change_key(settings)

    with pytest.raises(signing.BadSignature):
        Link.PREVIEW.read(link)
    assert organiser.get("/organisateurs/").status_code == 302


def test_secrets_sealed_anew_need_the_old_key_no_more(nadia: User, old_key: str, settings: Settings) -> None:
    codes = recovery_codes(nadia)
    with_passkey(nadia)
    assert opens(nadia, codes[0])
    change_key(settings, old_key)

    told = reseal()

    settings.SECRET_KEY_FALLBACKS = []
    assert told == "2 secrets sealed by the key of today.\n"
    assert opens(nadia, code())
    assert [opens(nadia, typed) for typed in codes[:2]] == [False, True]


def test_a_secret_that_no_key_opens_is_told_and_left(nadia: User, settings: Settings) -> None:
    change_key(settings)
    before = Authenticator.objects.get().data

    told = reseal()

    assert told.splitlines() == [
        "0 secrets sealed by the key of today.",
        "1 open by no key known: their owners set up another factor.",
    ]
    assert Authenticator.objects.get().data == before
