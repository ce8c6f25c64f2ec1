"""``tests/vectors/access.csv``, one case a cell: each action done by each role, and what they get.

Where a cell differs from the interface's contract, or waits for what is not built, a table says what we answer and
why; each of its lines is tested as any other cell, and none may say what the cell says already.
"""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver

from labels.models import State
from tests.deeds import PROBES, attempt
from tests.scenes import Scene, on_stage
from tests.test_access import ROLES, addresses

_LINES = list(csv.reader((Path(__file__).parent / "vectors" / "access.csv").read_text().splitlines()))
CELLS = {(line[0], role): cell for line in _LINES[1:] for role, cell in zip(ROLES, line[1:], strict=True)}
ACTIONS = [line[0] for line in _LINES[1:]]
# Those about one state together, which share a scene.
_BY_STATE = sorted(PROBES, key=lambda action: str(PROBES[action].state))
NOT_STAFF = ("anonymous", "owner", "other")

# Not built: their addresses do not exist, by the words that would be in one.
WAITING = {
    "import file (staff)": "import",
    "import file (organiser bulk)": "import",
    "impersonate": "impersonate|hijack|loginas|incarner",
    "edit e-mail templates": "template|gabarit|modele",
    "stats page public": "pages:figures|events:figures|chiffres",
}

DEVIATIONS: dict[tuple[str, str], tuple[str, str]] = {}


def differ(action: str, roles: str, answer: str, why: str) -> None:
    DEVIATIONS.update({(action, role): (answer, why) for role in roles.split()})


_SCOPE_FIRST = "Another région's application is not known to exist: 404 comes before 403."
_ONES_OWN = "An organiser's own page asks who is there before it says what there is."

differ("create draft (edition closed)", "anonymous", "sign in", _ONES_OWN)
differ(
    "create draft (edition closed)",
    "owner other",
    "unchanged",
    "The page of a new application answers and says when applications closed, and when they open again.",
)
differ(
    "edit draft E",
    "superuser",
    "403",
    "A draft is its organiser's: the national team opens another in somebody's name, and corrects what was filed.",
)
differ(
    "edit submitted E",
    "owner",
    "unchanged",
    "The state machine knows no way from submitted to draft: an organiser withdraws, or answers what is sent back.",
)
differ("hard delete labelled E", "elsewhere", "404", _SCOPE_FIRST)
differ("duplicate E to new edition", "elsewhere", "404", _SCOPE_FIRST)
differ("approve own event (reviewer is also organiser)", "elsewhere", "404", _SCOPE_FIRST)
differ("see organiser e-mail/phone", "anonymous", "sign in", _ONES_OWN)
differ(
    "grant superuser",
    "national",
    "unchanged",
    "The form of an account has no such box for them: what is posted in it counts for nothing.",
)
differ(
    "admin add/delete via object tool or URL",
    "superuser",
    "400",
    "Nothing is made or erased without saying for whom and why: by pages of their own, whose rows are above.",
)


def meaning(cell: str) -> set[str]:
    """What a cell asks for, in the words of ``tests.deeds``."""
    if cell.startswith("L*"):
        # Not an organiser's page for staff.
        return {"403"}
    if cell.startswith("200 or L"):
        return {"done", "sign in"}
    word = re.split(r"[ (+]", cell)[0]
    known = {"L": "sign in", "only": "done", "own": "done", "same": "done", "via": "403", "-": "sign in"}
    return {known.get(word) or ("done" if word in {"200", "303"} else word)}


def expected(action: str, role: str) -> set[str]:
    if (action, role) in DEVIATIONS:
        return {DEVIATIONS[action, role][0]}
    return asked(action, role)


def asked(action: str, role: str) -> set[str]:
    """The cell; but that the admin sends to its sign-in whoever is not staff."""
    if action in PROBES and PROBES[action].is_at_desk and role in NOT_STAFF:
        return {"sign in"}
    return meaning(CELLS[action, role])


@pytest.fixture
def state(action: str) -> State | None:
    return PROBES[action].state


@on_stage
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", _BY_STATE)
def test_a_cell_is_as_it_says(scene: Scene, action: str, role: str) -> None:
    assert attempt(scene, action, role) in expected(action, role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", sorted(WAITING))
def test_what_is_not_built_has_no_address(action: str, role: str) -> None:
    assert CELLS[action, role]
    assert [name for name in addresses(get_resolver()) if re.search(WAITING[action], name)] == []


def test_the_cells_are_forty_eight_actions_of_seven_roles_each_tried_or_waiting() -> None:
    assert (len(ACTIONS), len(set(ACTIONS)), len(CELLS)) == (48, 48, 336)
    assert PROBES.keys() | WAITING.keys() == set(ACTIONS)
    assert not PROBES.keys() & WAITING.keys()


@pytest.mark.parametrize(("key", "deviation"), DEVIATIONS.items(), ids=map(str, DEVIATIONS))
def test_a_deviation_has_a_reason_and_is_one(key: Any, deviation: tuple[str, str]) -> None:
    answer, why = deviation

    assert key in CELLS
    assert asked(*key) != {answer}
    assert why
