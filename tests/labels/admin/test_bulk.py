"""Decisions on a selection: listed first, then each on its own."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, User
from labels.models import Action, Application, State, Transition
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import (
    BULK,
    QUEUE,
    Page,
    confirm,
    decide,
    organisation_of,
    page_of,
    signed_in,
    state_of,
    text_of,
)

pytestmark = pytest.mark.django_db


def choose(client: Client, action: str, *applications: Application, **data: Any) -> Page:
    return client.post(
        f"{QUEUE}?etat=toutes",
        {"action": action, "_selected_action": [a.pk for a in applications], "index": 0, "select_across": 0, **data},
    )


def test_a_selection_is_listed_before_anything_is_done(examiner: User, here: Application) -> None:
    refused = factories.application(state=State.REFUSED)
    own = factories.application(state=State.SUBMITTED)
    Membership.objects.create(user=examiner, organisation=organisation_of(own))

    response = choose(signed_in(examiner), "approve_selected", here, refused, own)

    assert [application for application, _ in response.context["rows"]] == [here]
    assert {row.application: row.reason for row in response.context["skipped"]} == {
        refused: "pas à instruire (Refusée)",
        own: "de vous ou de votre organisation",
    }
    assert state_of(here) == State.SUBMITTED


def test_a_selection_across_pages_takes_the_whole_filter(examiner: User) -> None:
    applications = [factories.application(state=State.SUBMITTED) for _ in range(3)]
    data = {"action": "approve_selected", "_selected_action": [applications[0].pk], "index": 0, "select_across": 1}

    response = signed_in(examiner).post(QUEUE, data)

    assert {application for application, _ in response.context["rows"]} == set(applications)


def test_a_selection_is_decided_and_counted(examiner: User, here: Application) -> None:
    other = factories.application(state=State.SUBMITTED)
    client = signed_in(examiner)

    response = client.get(confirm(client, Action.APPROVE, here, other).url)

    assert [state_of(here), state_of(other)] == [State.APPROVED, State.APPROVED]
    assert "2 demandes labellisées." in text_of(response)


@pytest.mark.parametrize(("action", "end"), [(Action.RETURN, State.RETURNED), (Action.REFUSE, State.REFUSED)])
def test_a_selection_is_refused_for_one_reason(action: Action, end: State, examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    without = confirm(client, action, here, note="Un motif déjà écrit.")
    confirm(client, action, here, note="Payant.", conditions=["free"])

    assert without.context["form"].errors == {"conditions": ["Indiquez au moins une condition non remplie."]}
    assert "Un motif déjà écrit." in without.content.decode()
    assert state_of(here) == end
    assert Transition.objects.latest("pk").note == "Payant."


def test_what_changed_between_the_list_and_the_word_is_left_aside(examiner: User, here: Application) -> None:
    seen = Application.objects.get(pk=here.pk)
    perform(here, Action.REFUSE, by=factories.national(), note="Payant.", conditions=["free"])
    other = factories.application(state=State.SUBMITTED)
    client = signed_in(examiner)

    response = client.get(confirm(client, Action.APPROVE, seen, other).url)

    assert [state_of(here), state_of(other)] == [State.REFUSED, State.APPROVED]
    text = text_of(response)
    assert "1 demande labellisée." in text
    assert (
        "1 demande laissée de côté : traitée entre-temps par Nadia Nationale (label refusé), sans second courriel."
        in text
    )


def test_another_regions_identifiers_posted_by_hand_are_not_touched(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    client = signed_in(examiner)

    listed = choose(client, "approve_selected", here, elsewhere)
    done = client.get(confirm(client, Action.APPROVE, here, elsewhere).url)
    refused = confirm(client, Action.REFUSE, elsewhere)

    assert [application for application, _ in listed.context["rows"]] == [here]
    assert listed.context["skipped"] == []
    assert "1 demande laissée de côté : introuvable ou hors de vos régions." in text_of(done)
    assert "secret" not in refused.content.decode()
    assert state_of(elsewhere) == State.SUBMITTED


@pytest.mark.parametrize("versions", ["", "abc", "1", "1:x", "1:2:3", "9" * 30 + ":1", "²:1", "\0"])
def test_a_selection_that_no_page_posts_is_a_bad_request(versions: str, examiner: User) -> None:
    response = signed_in(examiner).post(BULK, {"action": "approve", "versions": versions})

    assert response.status_code == 400


@pytest.mark.parametrize("pk", ["abc", "\0", "9" * 40])
def test_a_checkbox_that_holds_no_number_is_a_bad_request(pk: str, examiner: User, here: Application) -> None:
    response = signed_in(examiner).post(QUEUE, {"action": "approve_selected", "_selected_action": pk, "index": 0})

    assert response.status_code == 400


def test_who_only_reads_has_no_action_and_decides_nothing(reader: User, here: Application) -> None:
    client = signed_in(reader)

    page = client.get(page_of(here))

    assert list(client.get(QUEUE).context["action_form"] or []) == []
    assert "Votre compte permet de lire les demandes" in text_of(page)
    assert decide(client, here, Action.APPROVE).status_code == 403
    assert confirm(client, Action.APPROVE, here).status_code == 403
    assert state_of(here) == State.SUBMITTED
