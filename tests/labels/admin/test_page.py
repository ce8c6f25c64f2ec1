"""The page of an application: what it shows, to whom, and that it is read-only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from events.changes import snapshot
from events.models import Edition
from labels.admin.evidence import marked
from labels.models import Action, Application, Note, State
from labels.rules import Condition, Evidence, Finding, Outcome
from labels.workflow import perform
from tests import bad_input, factories
from tests.labels.admin.desk import QUEUE, organisation_of, owner_of, page_of, signed_in, state_of, text_of

pytestmark = pytest.mark.django_db


def test_the_page_shows_the_event_the_contact_and_the_four_findings(examiner: User, here: Application) -> None:
    response = signed_in(examiner).get(page_of(here))

    text = text_of(response)
    for words in [
        "Visite de la fonderie",
        "Découverte",
        "[Industrie : remplie]",
        "12 rue des Docks",
        "Le Havre (76600)",
        "Camille Martin",
        owner_of(here).email,
        "Réponse promise le",
        "Scolaires",
    ]:
        assert words in text
    assert [finding.condition for finding in response.context["findings"]] == [
        "Dates",
        "Publics",
        "Industrie",
        "Gratuité",
    ]


def test_hours_overseas_name_their_clock(here: Application) -> None:
    overseas = factories.application(state=State.SUBMITTED, commune=factories.commune("97411"))

    text = text_of(signed_in(factories.regional("04")).get(page_of(overseas)))

    assert "heure de La Réunion (UTC+4)" in text


def test_what_people_typed_is_shown_escaped(examiner: User) -> None:
    title = "<script>alert(1)</script> & co"
    application = factories.application(
        state=State.SUBMITTED, title=title, description="<img src=x onerror=alert(2)> Entrée : 5 € par personne."
    )
    client = signed_in(examiner)

    pages = [client.get(page_of(application)).content.decode(), client.get(QUEUE).content.decode()]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    marks = re.findall(
        r'<mark class="to_examine" id="[^"]+">(.*?)<span class="condition"> (.*?)</span></mark>', pages[0]
    )
    assert marks == [("Entrée : 5", "[Gratuité : à examiner]")]


def test_marks_hold_the_excerpts_and_nothing_is_lost_where_they_overlap() -> None:
    def finding(condition: Condition, outcome: Outcome) -> Finding:
        return Finding(condition, outcome, "", (), "description")

    text = "tarif <réduit> pour tous"
    evidence = [
        (Evidence("description", text[0:14], 0, 14), finding(Condition.FREE, Outcome.TO_EXAMINE)),
        (Evidence("description", text[6:19], 6, 19), finding(Condition.AUDIENCES, Outcome.MET)),
    ]

    html = marked(text, evidence)

    assert html == (
        '<mark class="to_examine" id="extrait-description-0">tarif </mark>'
        '<mark class="to_examine" id="extrait-description-6">&lt;réduit&gt;'
        '<span class="condition"> [Gratuité : à examiner]</span></mark>'
        '<mark class="met"> pour<span class="condition"> [Publics : remplie]</span></mark> tous'
    )


def test_the_history_says_who_when_and_why(examiner: User, here: Application) -> None:
    perform(here, Action.RETURN, by=examiner, note="Précisez l’heure.", conditions=["dates"])

    text = text_of(signed_in(examiner).get(page_of(here)))

    assert f"par {examiner.name} : À instruire → À corriger" in text
    assert "Conditions : Dates non remplie ; Publics non examinée" in text
    assert "Précisez l’heure." in text


def test_the_page_is_read_only(examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    assert client.post(page_of(here), {"state": "approved"}).status_code == 405
    assert client.get(reverse("admin:labels_application_add")).status_code == 403
    assert client.post(reverse("admin:labels_application_delete", args=[here.pk]), {"post": "yes"}).status_code == 403
    assert state_of(here) == State.SUBMITTED


AT_MOST = 48


def test_the_page_takes_as_many_queries_whatever_is_around(
    examiner: User, here: Application, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    busy = factories.application(state=State.RETURNED)
    owner, organisation = owner_of(busy), organisation_of(busy)
    for town in ("14118", "76217", "76351"):
        busy.event.set_place(factories.commune(town))
        busy.event.save()
        perform(busy, Action.SUBMIT, by=owner)
        perform(busy, Action.RETURN, by=examiner, note="Encore.", conditions=["dates"])
        factories.application(state=State.APPROVED, by=owner, organisation=organisation)
        Note.objects.create(application=busy, by=examiner, text="À suivre.")
    perform(busy, Action.SUBMIT, by=owner)
    factories.application(state=State.SUBMITTED, by=owner_of(here), organisation=organisation_of(here))
    client = signed_in(examiner)
    Note.objects.create(application=here, by=examiner, text="À suivre.")

    for application in (here, busy):
        with django_assert_max_num_queries(AT_MOST):
            client.get(page_of(application))


def test_each_excerpt_of_a_finding_leads_to_its_one_place_in_the_text(examiner: User) -> None:
    doubtful = factories.application(state=State.SUBMITTED, description="Entrée : 5 € par personne, visite de l’usine.")

    html = signed_in(examiner).get(page_of(doubtful)).content.decode()

    links = re.findall(r'href="#(extrait-[^"]+)"', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(links) >= 2
    assert [link for link in links if ids.count(link) != 1] == []
    assert sorted(set(ids)) == sorted(ids)


def an_open_one(year: int) -> Edition:
    now = timezone.now()
    return factories.edition(
        year, applications_open_at=now - timedelta(days=9), applications_close_at=now + timedelta(days=9)
    )


def test_the_organisation_and_what_else_it_asked_for_are_told(examiner: User, here: Application) -> None:
    owner, organisation = owner_of(here), organisation_of(here)
    kept: dict[str, Any] = {"by": owner, "organisation": organisation}
    approved = factories.application(state=State.APPROVED, **kept)
    earlier = factories.application(state=State.APPROVED, edition=an_open_one(2024), **kept)
    factories.application(state=State.SUBMITTED, title="Secret du Rhône", commune=factories.commune("69381"), **kept)

    response = signed_in(examiner).get(page_of(here))

    background = response.context["background"]
    assert background.latest == [earlier, approved]
    assert (background.total, background.counts) == (2, [("Labellisée", 2)])
    assert f"?organisation={organisation.pk}&amp;etat=toutes" in response.content.decode()
    assert "Secret" not in response.content.decode()


def test_an_application_without_an_organisation_has_its_page(examiner: User) -> None:
    alone = factories.application()
    type(alone.event).objects.filter(pk=alone.event.pk).update(organisation=None)

    response = signed_in(examiner).get(page_of(alone))

    assert (response.status_code, response.context["background"]) == (200, None)


def test_what_was_sent_anew_tells_what_its_organiser_changed(examiner: User) -> None:
    application = factories.application(state=State.RETURNED, title="Visite de la forge")
    event = application.event
    event.title, event.venue = "Visite de la fonderie", "Hall B"
    event.save()

    perform(application, Action.SUBMIT, by=owner_of(application))
    response = signed_in(examiner).get(page_of(application))

    history = [(move.action, [row.name for row in rows]) for move, rows in response.context["history"]]
    assert history == [("submit", []), ("return", []), ("submit", ["title", "venue"])]
    assert "Changé depuis le dépôt précédent : titre, nom du lieu" in text_of(response)


def test_what_was_sent_holds_the_events_fields_alone(here: Application) -> None:
    sent = here.transitions.get(action=Action.SUBMIT).snapshot

    assert sent == snapshot(Application.objects.get(pk=here.pk).event)
    assert "Camille" not in str(sent)


ADDRESSES = ["change", "history", "delete"]


@bad_input.runs("idor-008")
@pytest.mark.parametrize("name", ADDRESSES)
def test_another_regions_application_does_not_exist(name: str, examiner: User, elsewhere: Application) -> None:
    url = reverse(f"admin:labels_application_{name}", args=[elsewhere.pk])

    response = signed_in(examiner).get(url)

    assert response.status_code == 404
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("pk", ["0", "abc", "9" * 40, "%00"])
def test_an_application_that_never_was_does_not_exist(pk: str, examiner: User, here: Application) -> None:
    for name in ("change", "history", "decision"):
        address = page_of(here).replace(f"/{here.pk}/", f"/{pk}/").replace("/change/", f"/{name}/")

        assert signed_in(examiner).post(address).status_code in (404, 405)
        assert signed_in(examiner).get(address).status_code in (404, 405)


@bad_input.runs("idor-010")
@pytest.mark.parametrize("model", ["transition", "revision"])
def test_autocomplete_offers_the_examiners_regions_alone(
    model: str, examiner: User, here: Application, elsewhere: Application
) -> None:
    query = {"app_label": "labels", "model_name": model, "field_name": "application", "term": "SI"}
    client = signed_in(examiner)

    response = client.get(reverse("admin:autocomplete"), query)

    assert [row["text"] for row in response.json()["results"]] == [here.reference]
    assert client.get(reverse("admin:autocomplete"), {**query, "term": "\0"}).status_code == 200


@pytest.mark.parametrize("source", [("application", "created_by"), ("application", "event"), ("transition", "by")])
def test_autocomplete_offers_nothing_of_people(source: tuple[str, str], examiner: User, here: Application) -> None:
    query = {"app_label": "labels", "model_name": source[0], "field_name": source[1], "term": "a"}

    assert signed_in(examiner).get(reverse("admin:autocomplete"), query).status_code == 403
