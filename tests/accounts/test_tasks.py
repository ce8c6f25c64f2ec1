from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from accounts import companies
from accounts.models import Organisation, User
from accounts.tasks import complete_organisations
from core import retention
from tests import factories
from tests.directory import SIRET, found
from tests.outside import OutsideService
from tests.purging import purged

pytestmark = pytest.mark.django_db


def _aged(user: User) -> User:
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=2))
    return user


def test_an_account_that_nobody_signed_in_to_is_erased_the_next_night() -> None:
    _aged(factories.organiser())

    assert purged(retention.NEVER_USED) == 1
    assert not User.objects.exists()


def test_accounts_in_use_are_kept() -> None:
    used = _aged(factories.organiser(last_login=timezone.now()))
    staff = _aged(factories.national())
    member = _aged(factories.organiser())
    factories.organisation(member=member)
    fresh = factories.organiser()

    assert purged(retention.NEVER_USED) == 0
    assert set(User.objects.all()) == {used, staff, member, fresh}


def test_sessions_that_are_over_are_erased_and_the_others_kept() -> None:
    now = timezone.now()
    for key, expires_at in (("over", now - timedelta(days=1)), ("open", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires_at)

    assert purged(retention.SESSION) == 1

    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


@pytest.fixture
def directory(outside_service: OutsideService, settings: Settings) -> OutsideService:
    companies.service.forgive()
    settings.COMPANIES_URL = outside_service.url
    outside_service.answer = found()
    return outside_service


def test_what_was_typed_while_the_directory_was_away_is_completed_and_never_overwritten(
    directory: OutsideService,
) -> None:
    factories.commune()
    bare = factories.organisation(name="La Fonderie", kind="", siret=SIRET)
    factories.organisation(name="Sans numéro")

    assert (complete_organisations(), complete_organisations()) == (1, 0)
    bare.refresh_from_db()
    assert (bare.name, bare.kind, bare.full_address) == (
        "La Fonderie",
        "entreprise",
        "12 Rue des Docks, 76600 Le Havre",
    )
    assert bare.checked_at is not None
    assert len(directory.queries) == 1


def test_an_address_and_a_kind_that_are_there_stay(directory: OutsideService) -> None:
    full = factories.organisation(kind="association", address="Ailleurs", siret=SIRET)
    complete_organisations()

    full.refresh_from_db()
    assert (full.kind, full.address) == ("association", "Ailleurs")


def test_a_directory_that_is_away_is_asked_again_later(directory: OutsideService) -> None:
    directory.status = 500
    factories.organisation(siret=SIRET)
    factories.organisation(siret="35600000049837")

    assert complete_organisations() == 0
    assert len(directory.queries) == 1
    assert Organisation.objects.unchecked().count() == 2


def test_a_number_that_the_directory_does_not_know_is_not_asked_for_again(directory: OutsideService) -> None:
    directory.answer = {"results": []}
    factories.organisation(siret=SIRET)

    assert complete_organisations() == 0
    assert not Organisation.objects.unchecked().exists()
