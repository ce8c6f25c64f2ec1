"""Hostile or broken input, case by case: refused beside its field with the rest kept, or kept in its normal form.

``vectors/bad_input_outcomes.json`` tells for each case which field it is typed in, and what the form makes of it.
"""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from labels.forms import STEPS
from labels.models import Application, State
from tests import bad_input, factories
from tests.bad_input import Case
from tests.labels import answers
from tests.labels.answers import address, fresh
from tests.outside import processor_seconds

pytestmark = pytest.mark.django_db

STEP_OF = {name: step.slug for step in STEPS for name in step.base_fields}
# Lists post several values, and the browser's own date and hour fields show no text.
UNSEEN = {"action", "sectors", "audiences", "levels", "slots-0-date", "slots-0-start_time", "slots-0-end_time"}


@dataclass(frozen=True)
class Told:
    """What the form makes of a case in one of its fields, or in the several that ``typed`` fills."""

    case: Case
    row: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.row[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.row.get(name, default)

    def __str__(self) -> str:
        return f"{self.case}-{self.row.get('field', 'place')}"


_ROWS = json.loads((bad_input.ROOT / "tests" / "vectors" / "bad_input_outcomes.json").read_text())
OUTCOMES = [Told(bad_input.CASES[row["id"]], row) for row in _ROWS]
FIELDS = [told for told in OUTCOMES if "field" in told.row]
PLACES = [told for told in OUTCOMES if "field" not in told.row]


def of(chosen: list[Told], *outcomes: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("told", [told for told in chosen if told["outcome"] in outcomes], ids=str)


@pytest.fixture
def user() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def posted(told: Told) -> tuple[str, dict[str, Any]]:
    """The step of a case's field, and what a browser posts there with its value; the first slot stands for all."""
    name = told["field"]
    step = STEP_OF.get(name, "dates-et-lieu")
    data = {**answers.STEPS[step], name: told.get("typed", told.case.value), "action": "continue"}
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
    assert not re.search(r"Traceback|\bSELECT |\bUPDATE |DataError", responses[0].content.decode())
    return responses[0]


def told_after(client: Client, response: Any) -> str:
    """The page that a save leads to, with its advice."""
    return unescape(client.get(response["Location"]).content.decode())


@of(FIELDS, "refused")
def test_hostile_or_broken_input_is_refused_beside_its_field_and_the_rest_is_kept(
    client: Client, draft: Application, told: Told
) -> None:
    step, data = posted(told)
    if told["field"] == "latitude":
        client.post(address(draft, f"{step}/"), answers.PLACE)
    before = stored(draft, told["field"])

    response = post(client, draft, step, data)

    assert response.status_code == 200
    (flaw,) = response.context["flaws"]
    assert (flaw.anchor, told.get("says", "") in flaw.message) == (f"id_{told['field']}", True), flaw.message
    assert stored(draft, told["field"]) == before
    page = response.content.decode()
    assert f'id="{flaw.anchor}_error"' in page
    assert [name for name, value in data.items() if name not in UNSEEN and escape(value) not in page] == []


@of(FIELDS, "kept")
def test_unusual_input_is_kept_in_its_normal_form(client: Client, draft: Application, told: Told) -> None:
    step, data = posted(told)

    response = post(client, draft, step, data)

    assert response.status_code == 303, response.context["flaws"]
    kept, value = stored(draft, told["field"]), told.get("value", told.case.value)
    assert kept == ([value] if isinstance(kept, list) else value)
    assert told.get("says", "") in told_after(client, response)


def posted_of_place(told: Told) -> dict[str, Any]:
    factories.commune(told.get("place", ["76351"])[0])
    return {**answers.PLACE, **told["typed"], "action": "continue"}


@of(PLACES, "kept")
def test_an_unusual_place_or_hour_is_kept_and_its_doubt_told(client: Client, draft: Application, told: Told) -> None:
    response = post(client, draft, "dates-et-lieu", posted_of_place(told))

    assert response.status_code == 303, response.context["flaws"]
    event = fresh(draft).event
    code, region = told.get("place", ["76351", "28"])
    assert (event.commune_id, event.region_id, event.slots.count()) == (code, region, told.get("slots", 1))
    assert "point" not in told.row or [event.latitude, event.longitude] == told["point"]
    assert told.get("says", "") in told_after(client, response)


@of(PLACES, "refused", "told")
def test_a_place_or_an_hour_that_cannot_be_is_refused_in_words_and_no_event_is_sent_with_it(
    client: Client, user: User, told: Told
) -> None:
    """« told »: a day outside the window stays in the draft, so that it can be mended, and never leaves it."""
    draft = answers.filled(client, user)
    before = stored_place(draft)
    known = {"slots-0-known": str(draft.event.slots.get().pk)}

    response = post(client, draft, "dates-et-lieu", posted_of_place(told) | known)

    assert response.status_code == 200
    flaws = [(flaw.anchor, told["says"] in flaw.message) for flaw in response.context["flaws"]]
    assert flaws == [(told["anchor"], True)], response.context["flaws"]
    assert (stored_place(draft) == before) is (told["outcome"] == "refused")
    if told["outcome"] == "told":
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


@pytest.mark.parametrize("case", [pytest.param(case, marks=bad_input.runs(case)) for case in MASS])
def test_what_no_page_asks_changes_nothing(client: Client, user: User, case: str) -> None:
    other = factories.organiser()
    draft = answers.filled(client, user)
    extra = {name: str(other.pk) if value == "1" else value for name, value in MASS[case].items()}

    for step in answers.STEPS:
        assert answers.send(client, draft, step, **extra).status_code == 303

    application = fresh(draft)
    assert (application.state, application.created_by, application.decided_at) == (State.DRAFT, user, None)
    assert (application.event.region_id, application.event.label_number) == ("28", None)


@bad_input.runs("mass-009")
def test_the_last_page_without_those_before_leads_to_what_is_missing(client: Client, draft: Application) -> None:
    response = client.post(address(draft, "verification/"), {"version": draft.version, "is_sworn": "on"})

    first = response.context["flaws"][0][0]
    assert (response.status_code, first, fresh(draft).state) == (200, "organisme", State.DRAFT)
    assert f'href="{address(draft, f"{first}/")}' in response.content.decode()
