"""Two people act on one application at the same moment: one wins, one mail leaves, twenty rounds of twenty."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.outbox import Mail
from labels.models import Action, Application, Condition, State
from labels.workflow import StaleError, perform
from tests import factories

ROUNDS = 20


def _decide(application: Application, action: Action, by: User, gate: Barrier, outcomes: list[str]) -> None:
    try:
        gate.wait(timeout=10)
        perform(application, action, by=by, note="Payant.", conditions=[Condition.FREE])
        outcomes.append("won")
    except StaleError:
        outcomes.append("lost")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", [Action.APPROVE, Action.REFUSE], ids=str)
def test_exactly_one_of_two_simultaneous_decisions_wins(second: Action) -> None:
    owner, one, other = factories.organiser(), factories.regional("28"), factories.national()
    for round_ in range(ROUNDS):
        application = factories.application(state=State.SUBMITTED, by=owner, title=f"Visite {round_}")
        gate, outcomes = Barrier(2), list[str]()
        threads = [
            Thread(target=_decide, args=(Application.objects.get(pk=application.pk), action, by, gate, outcomes))
            for action, by in ((Action.APPROVE, one), (second, other))
        ]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert sorted(outcomes) == ["lost", "won"]
        decisions = application.transitions.exclude(action=Action.SUBMIT)
        assert decisions.count() == 1
        assert Mail.objects.filter(key__in=[t.mail_key for t in decisions]).count() == 1


Deed = Callable[[], int]


def _at_once(*deeds: Deed) -> list[int]:
    """The statuses that pages posted at the same moment get, in order."""
    gate, statuses = Barrier(len(deeds)), list[int]()

    def do(deed: Deed) -> None:
        try:
            gate.wait(timeout=10)
            statuses.append(deed())
        finally:
            connection.close()

    threads = [Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(statuses)


def _posting(client: Client, address: str, data: dict[str, str]) -> Deed:
    return lambda: client.post(address, data).status_code


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _one_mail_of(application: Application) -> bool:
    """Whether what was done since it was filed was done once, and told once."""
    done = list(application.transitions.exclude(action=Action.SUBMIT))
    return len(done) == Mail.objects.filter(key__in=[transition.mail_key for transition in done]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_in_bulk_and_one_alone_make_one() -> None:
    owner, alone, many = factories.organiser(), _signed_in(factories.regional("28")), _signed_in(factories.national())
    wins = []
    for round_ in range(ROUNDS):
        application = factories.application(state=State.SUBMITTED, by=owner, title=f"Visite {round_}")
        reason = {"note": "Payant.", "conditions": "free"}
        address = reverse("admin:labels_application_decision", args=[application.pk])
        versions = f"{application.pk}:{application.version}"

        statuses = _at_once(
            _posting(alone, address, {"action": "refuse", "version": str(application.version), **reason}),
            _posting(many, reverse("admin:labels_application_bulk"), {"action": "approve", "versions": versions}),
        )

        # The bulk goes back to its queue and says there what it left aside.
        application.refresh_from_db()
        assert statuses == ([302, 302] if application.state == State.REFUSED else [302, 409])
        assert _one_mail_of(application)
        wins.append(application.state)
    assert set(wins) <= {State.REFUSED, State.APPROVED}


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_a_withdrawal_make_one() -> None:
    owner = factories.organiser()
    examiner, organiser = _signed_in(factories.regional("28")), _signed_in(owner)
    for round_ in range(ROUNDS):
        application = factories.application(state=State.SUBMITTED, by=owner, title=f"Visite {round_}")
        version = {"version": str(application.version)}

        statuses = _at_once(
            _posting(
                examiner,
                reverse("admin:labels_application_decision", args=[application.pk]),
                {"action": "approve", **version},
            ),
            _posting(organiser, reverse("labels:withdraw", args=[application.reference]), version),
        )

        application.refresh_from_db()
        assert application.state in {State.APPROVED, State.WITHDRAWN}
        assert max(statuses) < 500
        assert (409 in statuses) is (application.state == State.WITHDRAWN)
        assert _one_mail_of(application)
