"""What an examiner answers for each of the four conditions stays with the decision."""

from typing import Any

import pytest

from accounts.models import User
from labels.models import Action, State
from labels.workflow import NotePending, perform
from tests import factories

pytestmark = pytest.mark.django_db

CONDITIONS = ["dates", "audiences", "industry", "free"]
ALL_MET, ALL_OPEN = dict.fromkeys(CONDITIONS, "met"), dict.fromkeys(CONDITIONS, "open")


@pytest.fixture
def examiner() -> User:
    return factories.national()


@pytest.mark.parametrize(
    ("action", "state", "reason", "answers"),
    [
        (Action.APPROVE, State.SUBMITTED, {}, ALL_MET),
        (Action.RETURN, State.SUBMITTED, {"conditions": ["free"]}, {**ALL_OPEN, "free": "not_met"}),
        (
            Action.REFUSE,
            State.SUBMITTED,
            {"conditions": ["free", "dates"], "met": ["industry"]},
            {"dates": "not_met", "audiences": "open", "industry": "met", "free": "not_met"},
        ),
        (Action.REVOKE, State.APPROVED, {"conditions": ["free"], "met": list(ALL_MET)}, {**ALL_MET, "free": "not_met"}),
        (Action.CANCEL, State.APPROVED, {"met": ["free"]}, {}),
        (Action.REVERSE, State.REFUSED, {"met": ["free"]}, {}),
    ],
)
def test_a_decision_keeps_the_answers_given(
    action: Action, state: State, reason: dict[str, Any], answers: dict[str, str], examiner: User
) -> None:
    application = factories.application(state=state)

    transition = perform(application, action, by=examiner, note="Motif.", **reason)

    transition.refresh_from_db()
    assert transition.answers == answers


@pytest.mark.parametrize(
    ("action", "reason", "answers"),
    [
        (Action.ACCEPT, {}, ALL_MET),
        (Action.DECLINE, {"note": "Non.", "conditions": ["dates"]}, {**ALL_OPEN, "dates": "not_met"}),
        (Action.DROP, {}, {}),
    ],
)
def test_a_change_examined_keeps_them_too(
    action: Action, reason: dict[str, Any], answers: dict[str, str], examiner: User
) -> None:
    owner = factories.organiser()
    application = factories.application(state=State.APPROVED, by=owner)
    perform(application, Action.REVISE, by=owner, changes={"title": "Visite de nuit"})

    transition = perform(application, action, by=owner if action == Action.DROP else examiner, **reason)

    assert transition.answers == answers


def test_answers_are_told_in_words_with_the_doubt_that_was_lifted(examiner: User) -> None:
    doubtful = factories.application(state=State.SUBMITTED, description="Entrée : 5 € par personne.")
    clear = factories.application(state=State.SUBMITTED)

    approved = perform(doubtful, Action.APPROVE, by=examiner)
    refused = perform(clear, Action.REFUSE, by=examiner, note="x", conditions=["free"], met=["dates"])

    assert [words for _, words in approved.answers_shown] == [
        "remplie",
        "remplie",
        "remplie",
        "remplie, doute de la machine levé",
    ]
    assert [(condition.label, words) for condition, words in refused.answers_shown] == [
        ("Dates", "remplie"),
        ("Publics", "non examinée"),
        ("Industrie", "non examinée"),
        ("Gratuité", "non remplie"),
    ]
    assert clear.transitions.get(action=Action.SUBMIT).answers_shown == []


def test_a_condition_that_does_not_exist_is_not_answered(examiner: User) -> None:
    application = factories.application(state=State.SUBMITTED)

    with pytest.raises(NotePending):
        perform(application, Action.RETURN, by=examiner, note="x", conditions=["free"], met=["proximité"])
