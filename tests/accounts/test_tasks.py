from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.tasks import clear_sessions, purge_unused
from tests import factories

pytestmark = pytest.mark.django_db


def _aged(user: User) -> User:
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=2))
    return user


def test_an_account_that_nobody_signed_in_to_is_erased_the_next_night() -> None:
    _aged(factories.organiser())

    assert purge_unused() == 1
    assert not User.objects.exists()


def test_accounts_in_use_are_kept() -> None:
    used = _aged(factories.organiser(last_login=timezone.now()))
    staff = _aged(factories.national())
    member = _aged(factories.organiser())
    factories.organisation(member=member)
    fresh = factories.organiser()

    assert purge_unused() == 0
    assert set(User.objects.all()) == {used, staff, member, fresh}


def test_sessions_that_are_over_are_erased_and_the_others_kept() -> None:
    now = timezone.now()
    for key, expires_at in (("over", now - timedelta(days=1)), ("open", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires_at)

    clear_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
