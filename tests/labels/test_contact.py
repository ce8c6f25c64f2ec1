"""The private contact of a labelled event is changed by its organiser: at once, logged, and kept out of the history."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.outbox import Mail
from labels.links import Link
from labels.models import Action, Application, State
from tests import factories
from tests.labels.answers import address, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    user = factories.organiser()
    client.force_login(user)
    return user


@pytest.fixture
def labelled(user: User) -> Application:
    return factories.application(state=State.APPROVED, by=user)


def change(client: Client, application: Application, **typed: str) -> Any:
    data = {"version": str(application.version), "contact_name": "Dominique Durand", **typed}
    return client.post(address(application, "modifier/contact/"), data)


def contact_of(application: Application) -> tuple[str, str]:
    application = fresh(application)
    return application.contact_name, application.contact_phone


def test_the_contact_changes_at_once_and_the_history_tells_it_without_name_nor_number(
    client: Client, labelled: Application
) -> None:
    mails = Mail.objects.count()

    response = change(client, labelled, contact_phone="06 12 34 56 78")

    assert (response.status_code, response["Location"]) == (303, address(labelled))
    assert contact_of(labelled) == ("Dominique Durand", "+33612345678")
    last = labelled.transitions.last()
    assert last and (last.action, last.to_state, last.note) == (Action.CONTACT, State.APPROVED, "")
    assert "Durand" not in json.dumps([last.changes, last.before, last.verdict])
    assert Mail.objects.count() == mails
    assert "Durand" not in client.get(labelled.event.get_absolute_url()).content.decode()


def test_the_change_is_no_news_for_who_follows(client: Client, labelled: Application) -> None:
    follow = Link.FOLLOW.to(labelled.reference).removeprefix("http://127.0.0.1:8000")
    before = client.get(follow).context["told"]

    change(client, labelled)

    assert client.get(follow).context["told"] == before
    assert "Personne à contacter changée" in client.get(address(labelled)).content.decode()


def test_a_bad_number_is_refused_beside_its_field_and_nothing_changes(client: Client, labelled: Application) -> None:
    before = (contact_of(labelled), labelled.transitions.count())

    response = change(client, labelled, contact_phone="12")

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["contact_phone"])
    assert 'value="Dominique Durand"' in response.content.decode()
    assert (contact_of(labelled), labelled.transitions.count()) == before


@pytest.mark.parametrize("version", ["0", "x", "", "9" * 30])
def test_an_older_page_shows_what_was_typed_and_asks_again(client: Client, labelled: Application, version: str) -> None:
    before = contact_of(labelled)

    response = change(client, labelled, version=version)

    assert (response.status_code, contact_of(labelled)) == (409, before)
    page = response.content.decode()
    assert 'value="Dominique Durand"' in page
    assert f'name="version" value="{labelled.version}"' in page


def test_the_same_contact_sent_again_is_no_change(client: Client, labelled: Application) -> None:
    change(client, labelled, contact_name=labelled.contact_name, contact_phone=labelled.contact_phone)

    assert labelled.transitions.filter(action=Action.CONTACT).count() == 0
    assert fresh(labelled).version == labelled.version
