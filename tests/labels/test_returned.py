"""What was asked stands beside the fields to correct, until the application is sent again."""

import re

import pytest
from django.test import Client

from accounts.models import User
from labels.models import Action, Application, Condition, State
from labels.workflow import perform
from tests import factories
from tests.labels import answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    user = factories.organiser()
    client.force_login(user)
    return user


@pytest.fixture
def returned(client: Client, user: User) -> Application:
    application = answers.filled(client, user)
    perform(application, Action.SUBMIT, by=user)
    conditions = [Condition.DATES, Condition.INDUSTRY]
    perform(application, Action.RETURN, by=factories.national(), note="Dites ce que l’on voit.", conditions=conditions)
    return application


def page(client: Client, application: Application, step: str) -> str:
    address = f"/organisateurs/demandes/{application.reference}/{step}/"
    return client.get(address).content.decode().replace("\xa0", " ")


def asked_beside(content: str) -> list[str]:
    """The fields that show what was asked, in their order."""
    return re.findall(r'class="form-request" id="(\S+)"', content)


def test_the_points_asked_stand_beside_the_fields_that_they_rest_on(client: Client, returned: Application) -> None:
    event, place, publics = (page(client, returned, step) for step in ("evenement", "dates-et-lieu", "publics"))

    assert asked_beside(event) == ["id_description_request", "id_purpose_request"]
    assert asked_beside(place) == ["creneaux-demande"]
    assert asked_beside(publics) == []
    assert "Demandé par l’examinateur (industrie) : Dites ce que l’on voit." in event
    assert re.search(r'<textarea[^>]*aria-describedby="id_purpose_request id_purpose_helptext"', event)
    assert 'aria-describedby="creneaux-demande"' in place


def test_the_steps_and_the_last_page_lead_to_what_was_asked(client: Client, returned: Application) -> None:
    content = page(client, returned, "verification")

    assert content.count("À revoir</span>") == 2
    for anchor in ("dates-et-lieu/#creneaux", "evenement/#id_purpose", "evenement/#id_description"):
        assert f'href="/organisateurs/demandes/{returned.reference}/{anchor}"' in content
    assert '<h3 class="fr-callout__title" id="demande">Ce qui est demandé</h3>' in content


def test_once_sent_again_and_returned_for_another_reason_only_that_one_shows(
    client: Client, user: User, returned: Application
) -> None:
    perform(Application.objects.get(), Action.SUBMIT, by=user)
    assert Application.objects.get().asked is None
    perform(Application.objects.get(), Action.RETURN, by=factories.national(), note="Combien ?", conditions=["free"])

    assert asked_beside(page(client, returned, "publics")) == ["id_price_request"]
    assert asked_beside(page(client, returned, "dates-et-lieu")) == []


def test_a_draft_and_a_labelled_event_show_nothing_asked(client: Client, user: User) -> None:
    draft = factories.application(by=user)
    approved = factories.application(by=user, state=State.APPROVED)

    assert asked_beside(page(client, draft, "evenement")) == []
    assert asked_beside(page(client, approved, "modifier/evenement")) == []
