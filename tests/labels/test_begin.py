"""Beginning a draft: one, however often the button is clicked."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from labels.models import Application
from tests import factories
from tests.labels import answers
from tests.labels.answers import send

ADDRESS = "/organisateurs/demandes/nouvelle/"


@pytest.mark.django_db
def test_a_draft_that_nobody_touched_is_taken_up_again(client: Client) -> None:
    draft = answers.begun(client, factories.organiser())

    again = client.post(ADDRESS)
    assert again.headers["Location"] == f"/organisateurs/demandes/{draft.reference}/organisme/"
    send(client, draft, "publics")
    client.post(ADDRESS)

    assert Application.objects.count() == 2


@pytest.mark.django_db
def test_a_draft_of_somebody_else_is_not_taken_up(client: Client) -> None:
    answers.begun(client, factories.organiser())

    client.force_login(factories.organiser())
    client.post(ADDRESS)

    assert Application.objects.count() == 2


@pytest.mark.django_db
def test_who_begins_too_many_is_told_to_wait(client: Client) -> None:
    answers.begun(client, factories.organiser())

    responses = [client.post(ADDRESS) for _ in range(30)]

    assert [response.status_code for response in responses] == [303] * 29 + [429]
    assert responses[-1].headers["Retry-After"] == "600"
    assert "Trop de demandes commencées" in responses[-1].content.decode()


def _begin(user: User, gate: Barrier) -> None:
    try:
        client = Client()
        client.force_login(user)
        gate.wait(timeout=10)
        client.post(ADDRESS)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_begins_one_draft() -> None:
    answers.edition_of_2026()
    for round_ in range(5):
        user, gate = factories.organiser(), Barrier(2)
        threads = [Thread(target=_begin, args=(user, gate)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert Application.objects.filter(created_by=user).count() == 1, round_
