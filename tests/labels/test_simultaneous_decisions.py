"""Two people act on one application at the same moment, each through a server that runs: one wins, one mail leaves."""

import httpx
import pytest
from django.urls import reverse

from accounts.models import User
from core.outbox import Mail
from labels.models import Action, Application, State
from tests import factories
from tests.parallel import Deed, SignIn, at_once, posting

ROUNDS = 20
REASON = {"note": "Une billetterie est annoncée.", "conditions": "free"}


def deciding(browser: httpx.Client, application: Application, action: Action) -> Deed:
    address = reverse("admin:labels_application_decision", args=[application.pk])
    reason = {} if action == Action.APPROVE else REASON
    return posting(browser, address, action=action.value, version=str(application.version), **reason)


def filed(owner: User, round_: int) -> Application:
    return factories.application(state=State.SUBMITTED, by=owner, title=f"Visite {round_}")


def assert_done_and_told_once(application: Application) -> None:
    done = list(application.transitions.exclude(action=Action.SUBMIT))
    assert len(done) == 1
    assert Mail.objects.filter(key__in=[transition.mail_key for transition in done]).count() == 1


@pytest.mark.parametrize("second", [Action.APPROVE, Action.REFUSE], ids=str)
def test_of_two_examiners_one_decides_and_the_other_is_told_who(second: Action, signed_in: SignIn) -> None:
    owner = factories.organiser()
    regional, national = signed_in(factories.regional("28")), signed_in(factories.national())
    for round_ in range(ROUNDS):
        application = filed(owner, round_)

        answers = at_once(
            deciding(regional, application, Action.APPROVE),
            deciding(national, application, second),
        )

        assert sorted(answer.status_code for answer in answers) == [302, 409]
        assert_done_and_told_once(application)
        winner = application.transitions.latest("pk").by
        (conflict,) = (answer.text for answer in answers if answer.status_code == 409)
        assert winner is not None and winner.name in conflict


def test_a_decision_in_bulk_and_one_alone_make_one(signed_in: SignIn) -> None:
    owner = factories.organiser()
    alone, many = signed_in(factories.regional("28")), signed_in(factories.national())
    for round_ in range(ROUNDS):
        application = filed(owner, round_)
        versions = f"{application.pk}:{application.version}"

        answers = at_once(
            deciding(alone, application, Action.REFUSE),
            posting(many, reverse("admin:labels_application_bulk"), action="approve", versions=versions),
        )

        # The bulk goes back to its queue and says there what it left aside.
        application.refresh_from_db()
        expected = {State.REFUSED: [302, 302], State.APPROVED: [409, 302]}[State(application.state)]
        assert [answer.status_code for answer in answers] == expected
        assert_done_and_told_once(application)


def test_a_decision_and_a_withdrawal_make_one(signed_in: SignIn) -> None:
    owner = factories.organiser()
    examiner, organiser = signed_in(factories.regional("28")), signed_in(owner)
    for round_ in range(ROUNDS):
        application = filed(owner, round_)
        withdrawal = reverse("labels:withdraw", args=[application.reference])

        decided, withdrawn = at_once(
            deciding(examiner, application, Action.APPROVE),
            posting(organiser, withdrawal, version=str(application.version)),
        )

        application.refresh_from_db()
        assert application.state in {State.APPROVED, State.WITHDRAWN}
        assert decided.status_code == (302 if application.state == State.APPROVED else 409)
        assert withdrawn.status_code < 500
        assert_done_and_told_once(application)
