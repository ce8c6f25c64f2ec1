"""A scene is made once for many tests, and none of them knows."""

import pytest

from accounts.models import User
from labels.models import Application, State
from tests import factories
from tests.scenes import Scene, on_stage


@pytest.fixture
def state() -> State:
    return State.SUBMITTED


@on_stage
@pytest.mark.parametrize("turn", [1, 2])
def test_a_scene_stands_for_many_tests_and_is_as_new_for_each(scene: Scene, turn: int) -> None:
    application = Application.objects.get()

    assert (application, application.version) == (scene.application, scene.application.version)
    assert (scene.application.state, scene.owner.name, User.objects.count()) == ("submitted", "Camille Martin", 4)

    # What the next turn must not find.
    scene.application.state, scene.owner.name = State.REFUSED, "Dominique Durand"
    application.delete()
    factories.organiser()
