"""One application read whole, by whom it is shown to."""

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organisation, User
from labels.models import Action, Application, State, reading
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return factories.organiser()


@pytest.fixture
def draft(owner: User) -> Application:
    return factories.application(by=owner)


def test_organisers_read_what_their_queryset_shows_and_nothing_else(owner: User, draft: Application) -> None:
    colleague, stranger = factories.organiser(), factories.organiser()
    Membership.objects.create(user=colleague, organisation=Organisation.objects.get(events=draft.event))
    staff = factories.organiser()
    of_staff = factories.application(by=staff)
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    staff.refresh_from_db()

    for user in (owner, colleague, stranger, staff):
        for application in (draft, of_staff):
            expected = Application.objects.of(user).filter(pk=application.pk).exists()
            assert may_read(user, application) == may_hold(user, application) == expected


def may_read(user: User, application: Application) -> bool:
    try:
        return reading.of_organiser(user, application.reference) == application
    except Application.DoesNotExist:
        return False


def may_hold(user: User, application: Application) -> bool:
    with transaction.atomic():
        return reading.held(user, application.reference, seen=application.version) == application


def test_what_changed_since_or_left_for_an_examiner_is_not_held(owner: User, draft: Application) -> None:
    with transaction.atomic():
        assert reading.held(owner, draft.reference, seen=draft.version + 1) is None
    perform(draft, Action.SUBMIT, by=owner)
    with transaction.atomic():
        assert reading.held(owner, draft.reference, seen=draft.version) is None
    assert reading.of_organiser(owner, draft.reference).state == State.SUBMITTED


def test_all_that_was_declared_comes_in_four_questions(
    owner: User, draft: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    slots = list(draft.event.slots.all())

    with django_assert_num_queries(4):
        found = reading.whole(draft.pk)
        assert list(found.event.edition.audiences.all()) == []
        assert found.event.organisation and found.event.commune
        assert list(found.event.slots.all()) == slots
        assert len(found.verdict.findings) == 4
