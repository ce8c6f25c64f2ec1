"""Hostile or broken input, case by case: refused beside its field with the rest kept, or kept in its normal form.

``vectors/bad_input_concerned.json`` names every case that concerns what an organiser sends, and for those that are
not run from here, which test holds them or why they do not apply.
"""

import ast
import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from labels.forms import STEPS
from labels.models import Application, State
from tests import factories
from tests.labels import answers
from tests.labels.answers import address, fresh
from tests.outside import processor_seconds

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


def vectors(name: str) -> Any:
    return json.loads((ROOT / "tests" / "vectors" / f"bad_input_{name}.json").read_text())


FIELDS, PLACES, CONCERNED = vectors("form"), vectors("place"), vectors("concerned")
STEP_OF = {name: step.slug for step in STEPS for name in step.base_fields}
# Lists post several values, and the browser's own date and hour fields show no text.
UNSEEN = {"action", "sectors", "audiences", "levels", "slots-0-date", "slots-0-start_time", "slots-0-end_time"}


def of(cases: list[dict[str, Any]], *expected: str) -> pytest.MarkDecorator:
    chosen = [case for case in cases if case["expect"] in expected]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: "-".join([case["id"], case.get("field", "place")]))


@pytest.fixture
def user() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def posted(case: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The step of a case's field, and what a browser posts there with its value; the first slot stands for all."""
    name, given = case["field"], case["input"]
    step = STEP_OF.get(name, "dates-et-lieu")
    # The generators are expressions such as "'A'*200".
    data = {**answers.STEPS[step], name: eval(given["gen"]) if isinstance(given, dict) else given, "action": "continue"}
    if name.startswith("registration_"):
        data["registration"] = {"url": "lien", "email": "courriel", "phone": "telephone"}[name.split("_")[1]]
    if name == "latitude":
        data["longitude"] = "0,1"
    return step, data


def stored(application: Application, name: str) -> Any:
    application = fresh(application)
    if name.startswith("slots-0-"):
        return [str(getattr(slot, name.removeprefix("slots-0-"))) for slot in application.event.slots.all()]
    if name in {"name", "siret", "website"}:
        organisation = application.event.organisation
        return getattr(organisation, name) if organisation else ""
    holder = application if name.startswith("contact_") else application.event
    return getattr(holder, name)


def post(client: Client, draft: Application, step: str, data: dict[str, Any]) -> Any:
    responses: list[Any] = []
    assert processor_seconds(lambda: responses.append(client.post(address(draft, f"{step}/"), data))) < 2
    return responses[0]


def told_after(client: Client, response: Any) -> str:
    """The page that a save leads to, with its advice."""
    return unescape(client.get(response["Location"]).content.decode())


@of(FIELDS, "refused")
def test_hostile_or_broken_input_is_refused_beside_its_field_and_the_rest_is_kept(
    client: Client, draft: Application, case: dict[str, Any]
) -> None:
    step, data = posted(case)
    if case["field"] == "latitude":
        client.post(address(draft, f"{step}/"), answers.PLACE)
    before = stored(draft, case["field"])

    response = post(client, draft, step, data)

    assert response.status_code == 200
    (flaw,) = response.context["flaws"]
    assert (flaw.anchor, case.get("says", "") in flaw.message) == (f"id_{case['field']}", True), flaw.message
    assert stored(draft, case["field"]) == before
    page = response.content.decode()
    assert [name for name, value in data.items() if name not in UNSEEN and escape(value) not in page] == []


@of(FIELDS, "kept")
def test_unusual_input_is_kept_in_its_normal_form(client: Client, draft: Application, case: dict[str, Any]) -> None:
    step, data = posted(case)

    response = post(client, draft, step, data)

    assert response.status_code == 303, response.context["flaws"]
    kept = stored(draft, case["field"])
    assert kept == ([case["value"]] if isinstance(kept, list) else case["value"])
    assert case.get("says", "") in told_after(client, response)


def posted_of_place(case: dict[str, Any]) -> dict[str, Any]:
    factories.commune(case.get("place", ["76351"])[0])
    return {**answers.PLACE, **case["typed"], "action": "continue"}


@of(PLACES, "kept")
def test_an_unusual_place_or_hour_is_kept_and_its_doubt_told(
    client: Client, draft: Application, case: dict[str, Any]
) -> None:
    response = post(client, draft, "dates-et-lieu", posted_of_place(case))

    assert response.status_code == 303, response.context["flaws"]
    event = fresh(draft).event
    code, region = case.get("place", ["76351", "28"])
    assert (event.commune_id, event.region_id, event.slots.count()) == (code, region, case.get("slots", 1))
    assert "point" not in case or [event.latitude, event.longitude] == case["point"]
    assert case.get("says", "") in told_after(client, response)


@of(PLACES, "refused", "told")
def test_a_place_or_an_hour_that_cannot_be_is_refused_in_words_and_no_event_is_sent_with_it(
    client: Client, user: User, case: dict[str, Any]
) -> None:
    """« told »: a day outside the window stays in the draft, so that it can be mended, and never leaves it."""
    draft = answers.filled(client, user)
    before = stored_place(draft)
    known = {"slots-0-known": str(draft.event.slots.get().pk)}

    response = post(client, draft, "dates-et-lieu", posted_of_place(case) | known)

    assert response.status_code == 200
    flaws = [(flaw.anchor, case["says"] in flaw.message) for flaw in response.context["flaws"]]
    assert flaws == [(case["anchor"], True)], response.context["flaws"]
    assert (stored_place(draft) == before) is (case["expect"] == "refused")
    if case["expect"] == "told":
        sent = {"version": fresh(draft).version, "is_sworn": "on"}
        assert client.post(address(draft, "verification/"), sent).status_code == 200
    assert fresh(draft).state == State.DRAFT


def stored_place(draft: Application) -> list[Any]:
    event = fresh(draft).event
    return [event.commune_id, event.latitude, event.longitude, [str(slot) for slot in event.slots.all()]]


# What no page of the form asks.

MASS = {
    "mass-001": {"status": "approved", "state": "approved"},
    "mass-003": {"region": "84"},
    "mass-005": {"owner": "1", "created_by": "1"},
    "mass-007": {"decided_by": "1", "decided_at": "2026-01-01", "label_number": "2026-00001"},
}


@pytest.mark.parametrize("case", MASS)
def test_what_no_page_asks_changes_nothing(client: Client, user: User, case: str) -> None:
    other = factories.organiser()
    draft = answers.filled(client, user)
    extra = {name: str(other.pk) if value == "1" else value for name, value in MASS[case].items()}

    for step in answers.STEPS:
        assert answers.send(client, draft, step, **extra).status_code == 303

    application = fresh(draft)
    assert (application.state, application.created_by, application.decided_at) == (State.DRAFT, user, None)
    assert (application.event.region_id, application.event.label_number) == ("28", None)


def test_the_last_page_without_those_before_leads_to_what_is_missing(client: Client, draft: Application) -> None:
    response = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    first = response.context["flaws"][0][0]
    assert (response.status_code, first, fresh(draft).state) == (200, "organisme", State.DRAFT)
    assert f'href="{address(draft, f"{first}/")}' in response.content.decode()


# No case is left out.


def test_every_case_that_concerns_organisers_is_run_or_accounted_for() -> None:
    files = [case["id"] for name in ("form", "place", "image", "redirect") for case in vectors(name)]
    run = {*files, *MASS, "mass-009"}
    elsewhere = CONCERNED["elsewhere"]

    assert sorted(run | elsewhere.keys()) == sorted(CONCERNED["ids"])
    assert run & elsewhere.keys() == set()


def test_the_tests_that_hold_the_others_exist() -> None:
    held = [case["held_by"].split("::") for case in CONCERNED["elsewhere"].values() if "held_by" in case]
    names = {file: _functions(ROOT / file) for file, _ in held}

    assert [(file, name) for file, name in held if name not in names[file]] == []
    assert [case for case in CONCERNED["elsewhere"].values() if not (case.get("held_by") or case.get("left"))] == []


def _functions(file: Path) -> set[str]:
    return {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}
