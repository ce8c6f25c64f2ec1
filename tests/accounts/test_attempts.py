"""A second factor holds while the cache is away: codes are tried five times, and one of an application serves once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import attempts
from accounts.models import User
from accounts.second_factor import remove_all
from core import cache as missable
from tests import factories
from tests.accounts.factors import WRONG, by_code, by_password, code, recovery_codes, with_application
from tests.labels.admin.desk import text_of
from tests.services import RedisServer

pytestmark = pytest.mark.django_db

TOO_MANY = "Trop d’essais. Patientez cinq minutes avant de recommencer."


@pytest.fixture
def nadia(settings: Settings) -> User:
    settings.STAFF_SECOND_FACTOR = True
    return with_application(factories.national())


@pytest.fixture
def without_redis(redis_server: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that was there, and is no more."""
    monkeypatch.setattr(missable._MissableClient, "_away_until", 0.0)
    settings.CACHES = {"default": {"BACKEND": "core.cache.MissableRedisCache", "LOCATION": redis_server.url}}
    cache.set("is", "there")
    assert cache.get("is") == "there"
    redis_server.stop()
    assert cache.get("is") is None


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.fault
@pytest.mark.usefixtures("without_redis")
def test_five_wrong_codes_make_the_sixth_wait_without_a_cache(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    for _ in range(attempts.AT_MOST):
        by_code(client, WRONG)

    refused = by_code(client, code())

    assert TOO_MANY in text_of(refused)
    assert not is_in(client)


@pytest.mark.fault
@pytest.mark.usefixtures("without_redis")
def test_a_code_serves_once_without_a_cache(nadia: User) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        right = code()
        statuses = []
        for client in (Client(), Client()):
            by_password(client, nadia)
            statuses.append(by_code(client, right).status_code)

    assert statuses == [302, 200]


@pytest.mark.usefixtures("without_redis")
def test_a_recovery_code_opens_without_a_cache(client: Client, nadia: User) -> None:
    codes = recovery_codes(nadia)
    by_password(client, nadia)

    by_code(client, codes[0])

    assert is_in(client)


def test_five_minutes_later_the_right_code_opens(client: Client, nadia: User) -> None:
    by_password(client, nadia)
    for _ in range(attempts.AT_MOST):
        by_code(client, WRONG)
    with time_machine.travel(timezone.now() + attempts.DURING + timedelta(seconds=1), tick=False):
        by_code(client, code())

        assert is_in(client)


def test_a_right_code_forgives_the_wrong_ones_before_it(nadia: User) -> None:
    now = timezone.now()
    for minute in range(3):
        with time_machine.travel(now + timedelta(minutes=minute), tick=False):
            client = Client()
            by_password(client, nadia)
            for _ in range(attempts.AT_MOST - 1):
                by_code(client, WRONG)
            by_code(client, code())

            assert is_in(client)


def test_a_code_older_than_the_one_that_served_serves_no_more(nadia: User) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        first, second = Client(), Client()
        by_password(first, nadia)
        by_code(first, code())
        by_password(second, nadia)
        by_code(second, code(steps=-1))

    assert (is_in(first), is_in(second)) == (True, False)


def test_a_factor_taken_away_takes_its_attempts_along(nadia: User) -> None:
    attempts.begin(nadia.pk)

    remove_all(nadia)

    assert not attempts.FactorAttempts.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_ten_guesses_at_once_five_are_looked_at(nadia: User) -> None:
    gate = Barrier(10)

    def guess(_: int) -> bool:
        try:
            gate.wait(timeout=10)
            return attempts.begin(nadia.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        looked_at = sum(pool.map(guess, range(10)))

    assert looked_at == attempts.AT_MOST
