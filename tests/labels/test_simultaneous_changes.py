"""Two people change or decide a labelled event at the same moment: one wins, the other is told."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from labels.forms import PlaceForm
from labels.models import Action, Application, Revision, State
from labels.workflow import StaleError, perform
from tests import factories

ROUNDS = 3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> User:
    return factories.organiser()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    gate, outcomes = Barrier(len(deeds)), list[Any]()

    def do(deed: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=10)
            outcomes.append(deed())
        finally:
            connection.close()

    threads = [Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def asking(owner: User, application: Application, title: str) -> Callable[[], int]:
    """A confirmation that a browser sends, over the version that its page showed."""
    client, event = Client(), application.event
    client.force_login(owner)
    data = {
        "version": Application.objects.get(pk=application.pk).version,
        "action": "confirm",
        "title": title,
        "format": "visite-entreprise",
        "description": event.description,
        "purpose": event.purpose,
        "sectors": ["metallurgie"],
    }
    address = f"/organisateurs/demandes/{application.reference}/modifier/evenement/"
    return lambda: client.post(address, data).status_code


def accepting(examiner: User, application: Application) -> Callable[[], int]:
    read = Application.objects.get(pk=application.pk)

    def accept() -> int:
        try:
            perform(read, Action.ACCEPT, by=examiner)
        except StaleError:
            return 409
        return 303

    return accept


def test_of_two_wishes_filed_together_one_waits_and_the_other_is_told(owner: User) -> None:
    for round_ in range(ROUNDS):
        application = factories.application(state=State.APPROVED, by=owner, title=f"Visite {round_}")

        outcomes = at_once(asking(owner, application, "Titre d’ici"), asking(owner, application, "Titre de là"))

        assert outcomes == [303, 409]
        assert application.revisions.count() == 1


def test_a_wish_filed_while_another_is_accepted_is_never_half_done(owner: User) -> None:
    examiner = factories.national()
    for round_ in range(ROUNDS):
        application = factories.application(state=State.APPROVED, by=owner, title=f"Visite {round_}")
        perform(application, Action.REVISE, by=owner, changes={"title": "Premier titre"})

        outcomes = at_once(asking(owner, application, "Second titre"), accepting(examiner, application))

        assert outcomes == [303, 409]
        title = Application.objects.get(pk=application.pk).event.title
        states = [revision.state for revision in application.revisions.all()]
        assert (title, states) in [
            ("Premier titre", [Revision.State.ACCEPTED]),
            (f"Visite {round_}", [Revision.State.CLOSED, Revision.State.PENDING]),
        ]


def test_nothing_is_held_while_an_address_is_asked_of_an_outside_service(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def ask(self: PlaceForm) -> dict[str, Any]:
        held.append(connection.in_atomic_block)
        return {}

    monkeypatch.setattr(PlaceForm, "clean", ask)
    application = factories.application(state=State.APPROVED, by=owner)
    perform(application, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})
    client = Client()
    client.force_login(owner)

    client.post(f"/organisateurs/demandes/{application.reference}/modifier/dates-et-lieu/", {"attendance": "en-ligne"})

    assert held == [False]
