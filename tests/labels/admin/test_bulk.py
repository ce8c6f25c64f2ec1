"""Decisions on a selection: listed first, then each on its own."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

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
    owner_of,
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


def listed(response: Page) -> list[Application]:
    """What the page of confirmation says will be decided at once."""
    return [application for application, _ in response.context["clear"]]


def doubtful() -> Application:
    return factories.application(state=State.SUBMITTED, description="Entrée : 5 € par personne.")


def test_what_the_machine_doubts_is_listed_apart(examiner: User, here: Application) -> None:
    doubted = doubtful()

    response = choose(signed_in(examiner), "approve_selected", here, doubted)

    assert listed(response) == [here]
    assert [application for application, _ in response.context["doubtful"]] == [doubted]
    assert "Gratuité : à examiner" in text_of(response)
    assert "J’ai examiné les points que la machine signale : labelliser aussi cette demande." in text_of(response)


def test_what_the_machine_doubts_is_labelled_only_once_said_to_be_examined(examiner: User, here: Application) -> None:
    doubted = doubtful()
    client = signed_in(examiner)

    left = client.get(confirm(client, Action.APPROVE, here, doubted).url)
    without = state_of(doubted)
    confirm(client, Action.APPROVE, doubted, is_examined="on")

    assert (without, state_of(here), state_of(doubted)) == (State.SUBMITTED, State.APPROVED, State.APPROVED)
    assert "1 demande laissée de côté : la machine a un doute, et vous n’avez pas confirmé l’avoir examiné." in text_of(
        left
    )


def test_a_doubt_does_not_keep_from_refusing(examiner: User) -> None:
    doubted = doubtful()

    response = choose(signed_in(examiner), "refuse_selected", doubted)

    assert listed(response) == [doubted]


def test_what_a_colleague_has_in_hand_is_left_to_them(examiner: User, here: Application) -> None:
    colleague = factories.regional("28", name="Colette Collègue")
    Application.objects.filter(pk=here.pk).update(assigned_to=colleague)
    client = signed_in(examiner)

    response = choose(client, "approve_selected", here)
    confirm(client, Action.APPROVE, here)

    assert [row.reason for row in response.context["skipped"]] == ["prise en charge par Colette Collègue"]
    assert state_of(here) == State.SUBMITTED


def test_a_change_that_waits_is_examined_on_its_page_alone(examiner: User) -> None:
    revised = factories.application(state=State.APPROVED)
    perform(revised, Action.REVISE, by=owner_of(revised), changes={"title": "Nuit de la fonderie"})

    response = choose(signed_in(examiner), "approve_selected", revised)

    assert [row.reason for row in response.context["skipped"]] == [
        "une modification s’examine sur la page de la demande"
    ]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_confirmation_takes_as_many_queries_whatever_the_selection(
    rows: int, examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = factories.organiser()
    organisation = factories.organisation(member=owner)
    chosen = [factories.application(state=State.SUBMITTED, by=owner, organisation=organisation) for _ in range(rows)]
    client = signed_in(examiner)

    with django_assert_num_queries(18):
        response = choose(client, "approve_selected", *chosen)

    assert listed(response) == list(reversed(chosen))


def test_a_selection_is_listed_before_anything_is_done(examiner: User, here: Application) -> None:
    refused = factories.application(state=State.REFUSED)
    own = factories.application(state=State.SUBMITTED)
    Membership.objects.create(user=examiner, organisation=organisation_of(own))

    response = choose(signed_in(examiner), "approve_selected", here, refused, own)

    assert listed(response) == [here]
    assert {row.application: row.reason for row in response.context["skipped"]} == {
        refused: "pas à instruire (Refusée)",
        own: "de vous ou de votre organisation",
    }
    assert state_of(here) == State.SUBMITTED


def test_a_selection_across_pages_takes_the_whole_filter(examiner: User) -> None:
    applications = [factories.application(state=State.SUBMITTED) for _ in range(3)]
    data = {"action": "approve_selected", "_selected_action": [applications[0].pk], "index": 0, "select_across": 1}

    response = signed_in(examiner).post(QUEUE, data)

    assert listed(response) == applications
    assert response.context["missing"] == 0


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

    chosen = choose(client, "approve_selected", here, elsewhere)
    done = client.get(confirm(client, Action.APPROVE, here, elsewhere).url)
    refused = confirm(client, Action.REFUSE, elsewhere)

    assert listed(chosen) == [here]
    assert (chosen.context["skipped"], chosen.context["missing"]) == ([], 1)
    assert "1 demande que ce filtre ne montre plus, ou hors de vos régions" in text_of(chosen)
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
