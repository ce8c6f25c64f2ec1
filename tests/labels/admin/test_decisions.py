"""One decision at a time: what it needs, where it leads, what it refuses."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Membership, User
from core.outbox import Mail
from labels.models import Action, Application, Revision, State, Transition
from labels.workflow import perform
from tests import bad_input, factories
from tests.labels.admin.desk import (
    BULK,
    QUEUE,
    decide,
    organisation_of,
    owner_of,
    page_of,
    references,
    signed_in,
    state_of,
    text_of,
)

pytestmark = pytest.mark.django_db


def test_labelling_takes_one_click_and_leads_to_the_next(examiner: User, here: Application, settings: Settings) -> None:
    settings.DECISION_MAIL_DELAY = 300
    other = factories.application(state=State.SUBMITTED)

    response = decide(signed_in(examiner), here, Action.APPROVE, filters="region%3D28")

    here.refresh_from_db()
    assert here.state == State.APPROVED
    assert here.event.is_published
    assert response.url == f"{page_of(other)}?_changelist_filters=region%3D28"
    text = text_of(signed_in(examiner).get(page_of(here)))
    assert "Annuler ma décision" in text


def test_the_outcome_is_said_with_a_way_to_undo_it(examiner: User, here: Application, settings: Settings) -> None:
    settings.DECISION_MAIL_DELAY = 300
    client = signed_in(examiner)

    response = client.get(decide(client, here, Action.APPROVE).url)

    assert response.request["PATH_INFO"] == QUEUE
    text = text_of(response)
    assert f"La demande {here.reference} est labellisée." in text
    assert f"{here.reference} : label accordé. Cette décision peut être annulée jusqu’à" in text
    assert reverse("admin:labels_application_decision", args=[here.pk]) in response.content.decode()


def test_a_decision_is_undone_within_its_delay(examiner: User, here: Application, settings: Settings) -> None:
    settings.DECISION_MAIL_DELAY = 300
    client = signed_in(examiner)
    decide(client, here, Action.APPROVE)
    here.refresh_from_db()

    response = decide(client, here, Action.UNDO)

    here.refresh_from_db()
    assert (here.state, here.event.is_published) == (State.SUBMITTED, False)
    assert response.url == page_of(here)
    states = Mail.objects.filter(key__startswith="transition-").order_by("pk").values_list("state", flat=True)
    assert list(states)[-1] == Mail.State.CANCELLED


def test_an_undo_too_late_is_refused_in_words(examiner: User, here: Application) -> None:
    perform(here, Action.APPROVE, by=examiner)
    client = signed_in(examiner)

    response = client.get(decide(client, here, Action.UNDO).url)

    assert "seule l’équipe nationale peut revenir" in text_of(response)
    assert state_of(here) == State.APPROVED


def test_what_the_machine_doubts_must_be_looked_at_first(examiner: User) -> None:
    doubtful = factories.application(state=State.SUBMITTED, description="Entrée : 5 € par personne.")
    client = signed_in(examiner)

    refused = decide(client, doubtful, Action.APPROVE)

    assert "Confirmez que vous avez examiné les points signalés." in text_of(refused)
    assert state_of(doubtful) == State.SUBMITTED
    decide(client, doubtful, Action.APPROVE, is_examined="on")
    assert state_of(doubtful) == State.APPROVED


@pytest.mark.parametrize("action", [Action.RETURN, Action.REFUSE])
def test_a_refusal_without_reason_says_so_beside_the_field_and_keeps_the_text(
    action: Action, examiner: User, here: Application
) -> None:
    client = signed_in(examiner)

    without_condition = decide(client, here, action, note="Un motif déjà écrit.")
    without_note = decide(client, here, action, conditions=["free"], note="  ")

    forms = [
        next(p.form for p in r.context["panels"] if action in p.actions) for r in (without_condition, without_note)
    ]
    assert forms[0].errors == {"conditions": ["Indiquez au moins une condition non remplie."]}
    assert forms[1].errors == {"note": ["Indiquez le motif."]}
    pages = [response.content.decode() for response in (without_condition, without_note)]
    led_to = [re.findall(r'<div class="field field-(\w+) errors" tabindex="-1" autofocus>', page) for page in pages]
    assert led_to == [["conditions"], ["note"]]
    assert all("<title>Erreur –" in page for page in pages)
    assert "Un motif déjà écrit." in without_condition.content.decode()
    assert 'value="free" id="id_conditions_3" checked' in without_note.content.decode()
    assert state_of(here) == State.SUBMITTED


def test_a_text_with_control_characters_is_refused_beside_the_field(examiner: User, here: Application) -> None:
    response = decide(signed_in(examiner), here, Action.REFUSE, conditions=["free"], note="a\x0bb")

    assert response.status_code == 200
    assert "caractère de contrôle" in text_of(response)
    assert state_of(here) == State.SUBMITTED


def test_a_cancellation_too_long_for_its_column_is_refused_beside_the_field(examiner: User, here: Application) -> None:
    perform(here, Action.APPROVE, by=examiner)

    response = decide(signed_in(examiner), here, Action.CANCEL, note="x" * 501)

    assert "500 au plus" in text_of(response)
    assert state_of(here) == State.APPROVED


@pytest.mark.parametrize(
    ("action", "start", "end"),
    [
        (Action.RETURN, State.SUBMITTED, State.RETURNED),
        (Action.REFUSE, State.SUBMITTED, State.REFUSED),
        (Action.REVOKE, State.APPROVED, State.REVOKED),
        (Action.CANCEL, State.APPROVED, State.CANCELLED),
    ],
)
def test_each_decision_carries_its_reason(action: Action, start: State, end: State, examiner: User) -> None:
    application = factories.application(state=start)

    decide(signed_in(examiner), application, action, conditions=["free", "dates"], note="  Payant.  ")

    transition = Transition.objects.latest("pk")
    assert state_of(application) == end
    assert (transition.action, transition.note, transition.by) == (action, "Payant.", examiner)
    assert transition.conditions == ["dates", "free"]


def test_only_the_national_team_comes_back_on_a_decision(examiner: User) -> None:
    refused = factories.application(state=State.REFUSED)

    forbidden = decide(signed_in(examiner), refused, Action.REVERSE, note="Erreur.")
    allowed = decide(signed_in(factories.national()), refused, Action.REVERSE, note="Erreur.")

    assert (forbidden.status_code, allowed.status_code) == (403, 302)
    assert state_of(refused) == State.SUBMITTED


def test_a_decision_on_what_has_changed_is_a_conflict_that_changes_nothing(examiner: User, here: Application) -> None:
    seen = Application.objects.get(pk=here.pk)
    faster = factories.national()
    perform(here, Action.REFUSE, by=faster, note="Payant à l’entrée.", conditions=["free"])

    response = decide(signed_in(examiner), seen, Action.RETURN, conditions=["dates"], note="Un motif à garder.")

    text = text_of(response)
    assert response.status_code == 409
    assert "Label refusé , par Nadia Nationale, le" in text
    assert "Payant à l’entrée." in text
    assert "Un motif à garder." in text
    assert state_of(here) == State.REFUSED
    assert Transition.objects.latest("pk").by == faster


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE])
def test_an_older_page_of_the_same_state_is_a_conflict_too(action: Action, examiner: User) -> None:
    application = factories.application(state=State.SUBMITTED)
    seen = Application.objects.get(pk=application.pk)
    perform(application, Action.RETURN, by=examiner, note="Précisez.", conditions=["dates"])
    perform(application, Action.SUBMIT, by=owner_of(application))

    response = decide(signed_in(examiner), seen, action, conditions=["free"], note="Payant.")

    assert response.status_code == 409
    assert state_of(application) == State.SUBMITTED


@pytest.mark.parametrize(
    "data",
    [
        {"action": "submit"},
        {"action": "withdraw"},
        {"action": "\0"},
        {"version": ""},
        {"version": "-1"},
        {"version": "9" * 30},
    ],
)
def test_a_decision_that_no_page_posts_is_a_bad_request(
    data: dict[str, str], examiner: User, here: Application
) -> None:
    url = reverse("admin:labels_application_decision", args=[here.pk])
    posted = {"action": "approve", "version": here.version, **data}

    assert signed_in(examiner).post(url, posted).status_code == 400
    assert state_of(here) == State.SUBMITTED


@bad_input.runs("idor-016")
def test_who_examines_no_more_decides_nothing_from_an_open_page(examiner: User, here: Application) -> None:
    client = signed_in(examiner)
    assert client.get(page_of(here)).status_code == 200

    examiner.groups.clear()

    assert decide(client, here, Action.APPROVE).status_code == 404
    assert state_of(here) == State.SUBMITTED


def test_decisions_are_posted_with_a_token(examiner: User, here: Application) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(examiner)
    url = reverse("admin:labels_application_decision", args=[here.pk])

    assert client.get(url, {"action": "approve", "version": str(here.version)}).status_code == 405
    assert decide(client, here, Action.APPROVE).status_code == 403
    assert client.get(BULK).status_code == 405
    assert state_of(here) == State.SUBMITTED


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE, Action.RETURN])
def test_another_region_is_not_decided(action: Action, examiner: User, elsewhere: Application) -> None:
    response = decide(signed_in(examiner), elsewhere, action, conditions=["free"], note="Payant.")

    assert response.status_code == 404
    assert state_of(elsewhere) == State.SUBMITTED


def test_four_eyes_show_as_a_sentence_and_hold_as_a_refusal(examiner: User, here: Application) -> None:
    Membership.objects.create(user=examiner, organisation=organisation_of(here))
    client = signed_in(examiner)

    response = client.get(page_of(here))

    assert response.context["panels"] == []
    assert "vient de vous ou de votre organisation" in text_of(response)
    assert decide(client, here, Action.APPROVE).status_code == 403
    assert state_of(here) == State.SUBMITTED


def test_filters_come_along_from_the_queue_to_the_next(examiner: User) -> None:
    first, second, other = (factories.application(state=State.SUBMITTED) for _ in range(3))
    for application, title in ((second, "Chaudronnerie"), (first, "Chaudronnerie navale")):
        application.event.title = title
        application.event.save()
        application.event.index()
    client = signed_in(examiner)
    row = client.get(QUEUE, {"q": "chaudronnerie"}).content.decode()

    page = client.get(page_of(first), {"_changelist_filters": "q=chaudronnerie"})

    assert f"{page_of(first)}?_changelist_filters=q%3Dchaudronnerie" in row
    assert page.context["next_url"] == f"{page_of(second)}?_changelist_filters=q%3Dchaudronnerie"
    assert page.context["queue_url"] == f"{QUEUE}?q=chaudronnerie"
    last = client.get(page_of(second), {"_changelist_filters": "q=chaudronnerie"})
    assert last.context["next_url"] == f"{page_of(first)}?_changelist_filters=q%3Dchaudronnerie"
    assert other.reference not in text_of(last)


def test_hostile_filters_carried_along_do_no_harm(examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    for filters in ("region=%00", "q=%00", "p=99", "//evil.example", "\r\nSet-Cookie: a=b"):
        assert client.get(page_of(here), {"_changelist_filters": filters}).status_code in (200, 400)


def revised(by: User) -> Application:
    """Labelled, and its organiser asks for another title."""
    application = factories.application(state=State.APPROVED)
    perform(application, Action.REVISE, by=owner_of(application), changes={"title": "Visite de nuit"})
    return application


def test_a_change_wanted_is_shown_before_and_after_and_accepted(examiner: User, here: Application) -> None:
    application = revised(examiner)
    client = signed_in(examiner)

    listed = references(client.get(QUEUE, {"etat": "modification"}))
    page = client.get(page_of(application))
    decide(client, application, Action.ACCEPT)

    application.refresh_from_db()
    assert listed == [application.reference]
    (row,) = page.context["revision"]["rows"]
    assert (row.label, [piece.text for piece in row.after]) == ("Titre", ["Visite de ", "nuit"])
    content = page.content.decode()
    assert "Visite de <del>la fonderie</del>" in content and "Visite de <ins>nuit</ins>" in content
    assert application.event.title == "Visite de nuit"
    assert application.revisions.get().state == Revision.State.ACCEPTED


def test_a_change_declined_leaves_the_event_as_it_was(examiner: User) -> None:
    application = revised(examiner)

    decide(signed_in(examiner), application, Action.DECLINE, conditions=["industry"], note="Hors sujet.")

    application.refresh_from_db()
    assert application.event.title == "Visite de la fonderie"
    assert application.revisions.get().state == Revision.State.DECLINED
