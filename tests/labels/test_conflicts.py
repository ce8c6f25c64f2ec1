"""Two tabs or two colleagues on one draft: the later save is shown both versions, nothing is overwritten in silence."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import Membership, User
from labels.models import Application
from tests import factories
from tests.labels import answers
from tests.labels.answers import address, fresh, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.organiser(name="Camille Martin")


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def opened(client: Client, draft: Application, step: str = "evenement") -> dict[str, str]:
    """What an opened page says of itself when it posts."""
    context = client.get(address(draft, f"{step}/")).context
    return {"seen": context["seen"], "page": context["page"]}


def differences(response: Any) -> list[tuple[str, str, str]]:
    return [(item.label, item.mine, item.stored) for item in response.context["differences"]]


def test_the_later_of_two_tabs_is_shown_both_versions_and_writes_nothing(client: Client, draft: Application) -> None:
    one, other = opened(client, draft), opened(client, draft)
    send(client, draft, "evenement", **one, title="Visite du matin", format="atelier")
    version = fresh(draft).version

    response = send(client, draft, "evenement", **other, title="Visite du soir")

    assert response.status_code == 409
    assert differences(response) == [
        ("Titre", "Visite du soir", "Visite du matin"),
        ("Format", "Visite d’entreprise", "Atelier"),
    ]
    assert (fresh(draft).event.title, fresh(draft).version) == ("Visite du matin", version)
    page = response.content.decode()
    assert "par vous, dans un autre onglet" in page
    assert "<title>Deux versions à départager – étape 2 sur 5" in page


def test_keeping_mine_saves_all_that_was_typed_and_goes_on(client: Client, draft: Application) -> None:
    one, other = opened(client, draft), opened(client, draft)
    send(client, draft, "evenement", **one, title="Visite du matin")
    asked = send(client, draft, "evenement", **other, title="Visite du soir", description="Première ligne\r\nSeconde")

    kept = dict[str, Any]()
    for name, value in asked.context["carried"]:
        kept.setdefault(name, []).append(value)
    again = {"seen": asked.context["seen"], "page": asked.context["page"], "action": asked.context["action"]}
    response = client.post(address(draft, "evenement/"), {**kept, **again})

    assert response.headers["Location"] == address(draft, "dates-et-lieu/")
    event = fresh(draft).event
    assert (event.title, event.description) == ("Visite du soir", "Première ligne\nSeconde")
    assert [sector.slug for sector in event.sectors.all()] == ["metallurgie"]


def test_a_third_version_is_asked_about_again(client: Client, draft: Application) -> None:
    one, other = opened(client, draft), opened(client, draft)
    send(client, draft, "evenement", **one, title="Un")
    asked = send(client, draft, "evenement", **other, title="Deux")
    send(client, draft, "evenement", **opened(client, draft), title="Trois")

    response = send(client, draft, "evenement", seen=asked.context["seen"], page=other["page"], title="Deux")

    assert (response.status_code, fresh(draft).event.title) == (409, "Trois")


def test_a_colleague_is_named(client: Client, user: User, draft: Application) -> None:
    send(client, draft, "organisme")
    mine = opened(client, draft)
    colleague = factories.organiser(name="Dominique Durand")
    organisation = fresh(draft).event.organisation
    assert organisation is not None
    Membership.objects.create(user=colleague, organisation=organisation)
    theirs = Client()
    theirs.force_login(colleague)
    send(theirs, draft, "evenement", **opened(theirs, draft), title="La leur")

    response = send(client, draft, "evenement", **mine, title="La mienne")

    assert "par Dominique Durand" in response.content.decode()


@pytest.mark.parametrize("sent", ["Visite du soir", "Visite de la fonderie"])
def test_a_save_that_was_given_up_and_arrives_after_its_pages_next_one_writes_nothing(
    client: Client, draft: Application, sent: str
) -> None:
    send(client, draft, "evenement")
    page = opened(client, draft)
    send(client, draft, "evenement", **page, rank="1700000000500", title=sent)

    late = send(client, draft, "evenement", **page, rank="1700000000400", action="autosave", title="Visite du mat")

    assert (late.status_code, fresh(draft).event.title) == (409, sent)
    later = send(client, draft, "evenement", **page, rank="1700000000600", title="Visite du midi")
    assert (later.status_code, fresh(draft).event.title) == (303, "Visite du midi")


def test_a_late_save_of_the_same_answers_does_not_open_the_door_to_older_ones(
    client: Client, draft: Application
) -> None:
    page = opened(client, draft)
    for rank, title in (("30", "Trois"), ("20", "Trois"), ("25", "Deux")):
        send(client, draft, "evenement", **page, rank=rank, action="autosave", title=title)

    assert fresh(draft).event.title == "Trois"


@pytest.mark.parametrize("rank", ["", "-1", "1e3", "²", "9" * 17, "\x00"])
def test_a_broken_rank_is_that_of_a_page_without_a_script(client: Client, draft: Application, rank: str) -> None:
    page = opened(client, draft)
    send(client, draft, "evenement", **page, rank="30", title="Trois")

    assert send(client, draft, "evenement", **page, rank=rank, title="Quatre").status_code == 303


def test_another_page_saved_meanwhile_or_the_same_answers_are_no_conflict(client: Client, draft: Application) -> None:
    event, publics = opened(client, draft), opened(client, draft, "publics")
    same = opened(client, draft)

    assert send(client, draft, "publics", **publics).status_code == 303
    assert send(client, draft, "evenement", **event).status_code == 303
    assert send(client, draft, "evenement", **same).status_code == 303


def test_a_page_never_conflicts_with_itself(client: Client, draft: Application) -> None:
    """Its browser went back, or missed the answer to what it saved in the background."""
    page = opened(client, draft)
    send(client, draft, "evenement", "autosave", **page, title="Visite du mat")

    assert send(client, draft, "evenement", **page, title="Visite du matin").status_code == 303
    assert fresh(draft).event.title == "Visite du matin"


def test_without_the_cache_a_page_asks_rather_than_overwrites(client: Client, draft: Application) -> None:
    page = opened(client, draft)
    send(client, draft, "evenement", "autosave", **page, title="Visite du mat")
    cache.clear()

    response = send(client, draft, "evenement", **page, title="Visite du matin")

    assert (response.status_code, fresh(draft).event.title) == (409, "Visite du mat")
    assert "dans un autre onglet" not in response.content.decode()


def test_a_fault_does_not_let_an_unseen_version_be_overwritten_next_time(client: Client, draft: Application) -> None:
    one, other = opened(client, draft), opened(client, draft)
    send(client, draft, "evenement", **one, title="Visite du matin")

    response = send(client, draft, "evenement", **other, title="A" * 201)

    assert response.status_code == 409


def test_the_slots_of_both_versions_are_shown_in_words(client: Client, draft: Application) -> None:
    one, other = opened(client, draft, "dates-et-lieu"), opened(client, draft, "dates-et-lieu")
    send(client, draft, "dates-et-lieu", **one)

    response = send(client, draft, "dates-et-lieu", **other, **{"slots-0-date": "2026-11-18"})

    assert differences(response)[0][1:] == ("18/11/2026, 09:00, 12:00, 120", "17/11/2026, 09:00, 12:00, 120")
    assert [str(slot) for slot in fresh(draft).event.slots.all()] == ["17/11/2026 09:00–12:00"]


def test_saving_in_the_background_is_told_of_a_conflict(client: Client, draft: Application) -> None:
    one, other = opened(client, draft), opened(client, draft)
    send(client, draft, "evenement", "autosave", **one, title="Un")

    assert send(client, draft, "evenement", "autosave", **other, title="Deux").status_code == 409
    assert fresh(draft).event.title == "Un"


def _save(draft: Application, user: User, data: dict[str, str], gate: Barrier, statuses: list[int]) -> None:
    try:
        client = Client()
        client.force_login(user)
        gate.wait(timeout=10)
        statuses.append(send(client, draft, "evenement", **data).status_code)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_asked(client: Client, user: User, draft: Application) -> None:
    for round_ in range(5):
        gate, statuses = Barrier(2), list[int]()
        pages = [{**opened(client, draft), "title": f"Version {name} {round_}"} for name in "AB"]
        threads = [Thread(target=_save, args=(draft, user, data, gate, statuses)) for data in pages]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert sorted(statuses) == [303, 409]
