"""The two applications and the people that most tests of the desk need."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from labels.models import Application, State
from places.models import Region
from tests import factories


@pytest.fixture
def examiner(db: None) -> User:
    return factories.regional("28")


@pytest.fixture
def reader(here: Application) -> User:
    """Reads the applications of Normandie and may not decide."""
    user = factories.organiser(is_staff=True)
    user.regions.add(Region.objects.get(code="28"))
    user.user_permissions.add(Permission.objects.get(codename="view_application"))
    return user


@pytest.fixture
def here(db: None) -> Application:
    """Waits in Normandie."""
    return factories.application(state=State.SUBMITTED, title="Visite de la fonderie")


@pytest.fixture
def elsewhere(db: None) -> Application:
    """Waits in Auvergne-Rhône-Alpes."""
    return factories.application(
        state=State.SUBMITTED, title="Atelier secret du Rhône", commune=factories.commune("69381")
    )
