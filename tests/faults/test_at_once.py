"""Each move of the workflow, taken twice at the same moment: one is made, told once, and the other is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from core.outbox import Mail
from events.images import draw
from events.pictures import attach
from labels.models import Action, Application, Condition, State, Transition
from labels.workflow import MOVES, MoveRefused, perform
from tests import factories, pictures
from tests.labels.test_proposals import CHANGES, proposed
from tests.parallel import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.fault, pytest.mark.django_db(transaction=True)]

REASONS = {"note": "Une billetterie est annoncée.", "conditions": [Condition.FREE]}
TITLE = {"title": "Visite de nuit"}


@dataclass(frozen=True)
class Scene:
    """What an action is taken on, and what it asks for."""

    state: State
    asks: dict[str, Any] = field(default_factory=dict)
    by_staff: bool = False
    prepare: Callable[[Application, User, User], Any] = lambda application, owner, examiner: None
    stage: Callable[[User], Application] | None = None


def revise(application: Application, owner: User, examiner: User) -> None:
    perform(application, Action.REVISE, by=owner, changes=TITLE)


def approve(application: Application, owner: User, examiner: User) -> None:
    perform(application, Action.APPROVE, by=examiner)


def illustrate(application: Application, owner: User, examiner: User) -> None:
    attach(application.event, draw(BytesIO(pictures.image())), kind="image", alt="La coulée")


SCENES = {
    Action.SUBMIT: Scene(State.DRAFT),
    Action.APPROVE: Scene(State.SUBMITTED, by_staff=True),
    Action.RETURN: Scene(State.SUBMITTED, REASONS, by_staff=True),
    Action.REFUSE: Scene(State.SUBMITTED, REASONS, by_staff=True),
    Action.WITHDRAW: Scene(State.SUBMITTED),
    Action.CANCEL: Scene(State.APPROVED, REASONS),
    Action.REVOKE: Scene(State.APPROVED, REASONS, by_staff=True),
    Action.UNDO: Scene(State.SUBMITTED, by_staff=True, prepare=approve),
    Action.REVERSE: Scene(State.APPROVED, REASONS, by_staff=True),
    Action.EDIT: Scene(State.APPROVED, {"changes": {"is_full": True}}),
    Action.REVISE: Scene(State.APPROVED, {"changes": TITLE}),
    Action.ACCEPT: Scene(State.APPROVED, by_staff=True, prepare=revise),
    Action.DECLINE: Scene(State.APPROVED, REASONS, by_staff=True, prepare=revise),
    Action.DROP: Scene(State.APPROVED, prepare=revise),
    Action.CONTACT: Scene(State.APPROVED),
    Action.MOVE: Scene(State.SUBMITTED, {**REASONS, "changes": {"region": "84"}}, by_staff=True),
    Action.AGREE: Scene(State.RETURNED, {"changes": CHANGES}, stage=lambda owner: proposed(by=owner)[0]),
    Action.CORRECT: Scene(State.APPROVED, {**REASONS, "changes": TITLE}, by_staff=True),
    Action.ILLUSTRATE: Scene(State.SUBMITTED, {"changes": {"pictures": []}}, by_staff=True, prepare=illustrate),
}


def taking(application: Application, action: Action, by: User, asks: dict[str, Any]) -> Callable[[], str]:
    """As two people would who opened the page before either pressed its button."""
    read = Application.objects.get(pk=application.pk)

    def take() -> str:
        try:
            perform(read, action, by=by, **asks)
        except MoveRefused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "taken"

    return take


def test_no_move_is_left_out() -> None:
    assert SCENES.keys() == MOVES.keys()


def test_two_at_once_on_every_move_make_one_transition_and_one_mail(settings: Settings) -> None:
    # A decision may be undone until its mail leaves.
    settings.DECISION_MAIL_DELAY = 300
    factories.commune("69381")

    came_of = {action: both_at_once(action, scene) for action, scene in SCENES.items()}

    assert came_of == {action: (["StaleError", "taken"], [action], True) for action in SCENES}


def both_at_once(action: Action, scene: Scene) -> tuple[list[str], list[str], bool]:
    """What each of two was answered, the transitions that were made, and whether their mails are all that were."""
    owner, examiner = factories.organiser(), factories.national()
    application = scene.stage(owner) if scene.stage else factories.application(state=scene.state, by=owner)
    scene.prepare(application, owner, examiner)
    before, mails = Transition.objects.latest("pk").pk if Transition.objects.exists() else 0, Mail.objects.count()
    by = examiner if scene.by_staff else owner

    outcomes = at_once(*[taking(application, action, by, scene.asks) for _ in range(2)])

    made = list(Transition.objects.filter(pk__gt=before))
    told = Mail.objects.filter(key__in=[transition.mail_key for transition in made]).count()
    return sorted(outcomes), [str(transition.action) for transition in made], Mail.objects.count() - mails == told <= 1
