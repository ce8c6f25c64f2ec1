from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tasks import purge_unused
from tests import factories

pytestmark = pytest.mark.django_db


def _aged(user: User) -> User:
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=2))
    return user


def test_an_account_that_nobody_signed_in_to_is_erased_the_next_night() -> None:
    _aged(factories.UserFactory())

    assert purge_unused() == 1
    assert not User.objects.exists()


def test_accounts_in_use_are_kept() -> None:
    used = _aged(factories.UserFactory(last_login=timezone.now()))
    staff = _aged(factories.national())
    member = _aged(factories.UserFactory())
    factories.OrganisationFactory(member=member)
    fresh = factories.UserFactory()

    assert purge_unused() == 0
    assert set(User.objects.all()) == {used, staff, member, fresh}
