"""Two examiners decide at the same moment: one wins, one mail leaves, twenty rounds of twenty."""

from threading import Barrier, Thread

import pytest
from django.db import connection

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
