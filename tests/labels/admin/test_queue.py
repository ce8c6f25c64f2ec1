"""The queue: what it opens on, what it is filtered by, and that nothing breaks it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from events.models import Event
from labels.admin.queue import first_day_of, promise_of
from labels.models import Action, Application, State
from labels.workflow import perform
from tests import bad_input, factories
from tests.labels.admin.desk import (
    EXPORT,
    QUEUE,
    organisation_of,
    owner_of,
    page_of,
    references,
    signed_in,
    text_of,
)

ORGANISATIONS = reverse("admin:labels_application_organisations")

pytestmark = pytest.mark.django_db


def promise(application: Application, days: int) -> None:
    """Have its answer promised, and due, ``days`` from today."""
    day = timezone.localdate() + timedelta(days=days)
    Application.objects.filter(pk=application.pk).update(promised_on=day, due_on=day)


def test_the_queue_opens_on_what_waits_the_oldest_promise_first(examiner: User, here: Application) -> None:
    late = factories.application(state=State.SUBMITTED)
    promise(here, 1)
    promise(late, -1)
    factories.application(state=State.APPROVED)

    response = signed_in(examiner).get(QUEUE)

    assert references(response) == [late.reference, here.reference]
    assert "en retard" in text_of(response)


def test_a_promise_of_today_is_marked(examiner: User, here: Application) -> None:
    promise(here, 0)

    response = signed_in(examiner).get(QUEUE)

    assert f"{timezone.localdate():%d/%m/%Y} aujourd’hui" in text_of(response)


def in_hand(application: Application, user: User) -> None:
    Application.objects.filter(pk=application.pk).update(assigned_to=user)


def revised(**fields: Any) -> Application:
    """Labelled, and its organiser asks for another title."""
    application = factories.application(state=State.APPROVED, **fields)
    perform(application, Action.REVISE, by=owner_of(application), changes={"title": "Nuit de la fonderie"})
    return application


def test_a_change_that_waits_is_in_the_queue_and_marked(examiner: User, here: Application) -> None:
    application = revised()
    promise(application, -1)
    promise(here, 1)

    response = signed_in(examiner).get(QUEUE)

    assert references(response) == [application.reference, here.reference]
    assert "Visite de la fonderie Modification" in text_of(response)
    assert references(signed_in(examiner).get(QUEUE, {"attente": "en-retard"})) == [application.reference]


@pytest.mark.parametrize(
    ("days", "promised", "marks"),
    [
        (-1, 1, ["déjà passé"]),
        (0, 1, ["aujourd’hui", "avant la réponse"]),
        (1, 1, ["demain"]),
        (3, 1, ["dans 3 jours"]),
        (4, 6, ["avant la réponse"]),
        (4, 4, []),
    ],
)
def test_an_event_that_is_past_near_or_before_the_answer_is_marked(
    days: int, promised: int, marks: list[str], examiner: User
) -> None:
    today = timezone.localdate()
    application = factories.application(state=State.SUBMITTED)
    Event.objects.update(starts_on=today + timedelta(days=days))
    Application.objects.update(promised_on=today + timedelta(days=promised))
    application.refresh_from_db()

    assert re.findall(r"<strong[^>]*>(.*?)</strong>", first_day_of(application) or "") == marks


def test_a_decided_application_bears_no_mark_of_time(here: Application) -> None:
    today = timezone.localdate()
    Event.objects.update(starts_on=today - timedelta(days=1))
    Application.objects.update(promised_on=today - timedelta(days=1), due_on=None, state=State.REFUSED)
    here.refresh_from_db()

    assert (promise_of(here), first_day_of(here)) == (
        f"{here.promised_on:%d/%m/%Y}",
        f"{here.event.starts_on:%d/%m/%Y}",
    )


def test_the_queue_says_who_has_what_in_hand(examiner: User, here: Application) -> None:
    gone = factories.regional("28", name="Paul Parti", is_active=False)
    other = factories.application(state=State.SUBMITTED)
    in_hand(here, examiner)
    in_hand(other, gone)

    text = text_of(signed_in(examiner).get(QUEUE))

    assert "Rachida Régionale" in text
    assert "Paul Parti (compte fermé)" in text


def test_the_queue_says_what_the_machine_doubts(examiner: User, here: Application) -> None:
    factories.application(state=State.SUBMITTED, description="Entrée : 5 € par personne.")

    text = text_of(signed_in(examiner).get(QUEUE))

    assert "Gratuité : à examiner" in text
    assert "Aucun doute" in text


def test_a_regional_examiner_has_their_regions_alone(examiner: User, here: Application, elsewhere: Application) -> None:
    response = signed_in(examiner).get(QUEUE)

    assert references(response) == [here.reference]
    assert "Atelier secret" not in text_of(response)


def test_the_national_team_has_every_region_and_none(here: Application, elsewhere: Application) -> None:
    online = factories.application(state=State.SUBMITTED, attendance="en-ligne")
    client = signed_in(factories.national())

    everything = references(client.get(QUEUE))
    without_region = references(client.get(QUEUE, {"region": "aucune"}))

    assert sorted(everything) == sorted([here.reference, elsewhere.reference, online.reference])
    assert without_region == [online.reference]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"etat": "approved"}, ["approved"]),
        ({"etat": "toutes"}, ["approved", "today", "late"]),
        ({"attente": "en-retard"}, ["late"]),
        ({"attente": "aujourdhui"}, ["today"]),
        ({"attente": "cette-semaine"}, ["today"]),
        ({"region": "28"}, ["late", "today"]),
        ({"departement": "76"}, ["late", "today"]),
        ({"region": "28", "departement": "76", "etat": "approved"}, ["approved"]),
        ({"attente": "avant-la-reponse"}, ["late"]),
        ({"attente": "evenement-passe"}, ["late"]),
        ({"format": "visite-entreprise"}, ["late", "today"]),
        ({"format": "webinaire"}, []),
        ({"doute": "aucun"}, ["late"]),
        ({"doute": "free"}, ["today"]),
        ({"doute": "dates"}, []),
        ({"organisateur": "HAUTS FOUR"}, ["late"]),
        ({"organisateur": "55208131766522"}, ["late"]),
        ({"organisateur": "Hauts Fourneaux (552 081 317 66522)"}, ["late"]),
        ({"organisateur": "0760123a"}, ["today"]),
        ({"organisateur": "inconnu"}, []),
        ({"examinateur": "moi"}, ["late"]),
        ({"examinateur": "personne"}, ["today"]),
        ({"etat": "submitted", "attente": "", "region": ""}, ["late", "today"]),
        ({"edition": "2019"}, []),
        ({"q": "SIDERURGIE"}, ["today"]),
        ({"q": "le havre sidérurgie"}, ["today"]),
        ({"q": "havre"}, ["late", "today"]),
        ({"q": "fonderie introuvable"}, []),
    ],
)
def test_the_queue_is_filtered_and_searched(query: dict[str, str], found: list[str], examiner: User) -> None:
    factories.edition(2019)
    works = factories.organisation(name="Hauts Fourneaux", siret="55208131766522")
    school = factories.organisation(name="Lycée Pasteur", uai="0760123A")
    rows = {
        "late": factories.application(state=State.SUBMITTED, organisation=works),
        "today": factories.application(
            state=State.SUBMITTED,
            title="Sidérurgie, portes ouvertes",
            description="Entrée : 5 € par personne.",
            organisation=school,
        ),
        "approved": factories.application(state=State.APPROVED),
    }
    promise(rows["late"], -7)
    promise(rows["today"], 0)
    Event.objects.filter(pk=rows["late"].event_id).update(starts_on=timezone.localdate() - timedelta(days=8))
    Application.objects.filter(pk=rows["late"].pk).update(due_on=timezone.localdate() - timedelta(days=8))
    in_hand(rows["late"], examiner)

    response = signed_in(examiner).get(QUEUE, query)

    assert references(response) == [rows[name].reference for name in found]


@bad_input.runs("idor-012")
def test_nobody_of_another_region_is_found_by_their_address(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    client = signed_in(examiner)

    assert references(client.get(QUEUE, {"q": elsewhere.reference, "etat": "toutes"})) == []
    assert references(client.get(QUEUE, {"q": owner_of(elsewhere).email, "etat": "toutes"})) == []


def test_a_reference_is_found_whole_or_in_part(examiner: User, here: Application) -> None:
    factories.application(state=State.SUBMITTED)
    client = signed_in(examiner)

    assert references(client.get(QUEUE, {"q": here.reference.lower()})) == [here.reference]
    assert references(client.get(QUEUE, {"q": here.reference[-6:]})) == [here.reference]


def test_filters_offer_the_examiners_regions_alone(examiner: User, here: Application, elsewhere: Application) -> None:
    offered = {
        spec.parameter_name: [str(value) for value, _ in spec.lookup_choices]
        for spec in signed_in(examiner).get(QUEUE).context["cl"].filter_specs
    }

    assert offered["region"] == ["28"]
    assert offered["departement"] == ["76"]


def test_examiners_offered_are_those_who_have_something_that_is_seen(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    colleague, stranger = factories.regional("28", name="Colette Collègue"), factories.regional("84")
    in_hand(here, colleague)
    in_hand(elsewhere, stranger)
    client = signed_in(examiner)

    specs = {spec.parameter_name: spec for spec in client.get(QUEUE).context["cl"].filter_specs}
    theirs = client.get(QUEUE, {"examinateur": str(colleague.pk)})
    strangers = client.get(QUEUE, {"examinateur": str(stranger.pk)})

    assert [label for _, label in specs["examinateur"].lookup_choices] == ["À moi", "À personne", "Colette Collègue"]
    assert references(theirs) == [here.reference]
    assert "Filtre « prise en charge »" in text_of(strangers)


def test_the_queue_of_an_organisation_is_reached_by_a_link_and_left(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    factories.application(state=State.SUBMITTED)
    organisation = organisation_of(here)

    response = signed_in(examiner).get(
        QUEUE, {"organisation": str(organisation.pk), "etat": "submitted", "q": "visite"}
    )

    assert references(response) == [here.reference]
    assert f"Organisation : {organisation.name} Retirer ce filtre" in text_of(response)
    assert 'href="?etat=submitted&amp;q=visite"' in response.content.decode()


def test_an_organisation_of_another_region_is_not_told(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    stranger = organisation_of(elsewhere)
    Organisation.objects.filter(pk=stranger.pk).update(name="Aciéries secrètes", siret="55208131766522")
    client = signed_in(examiner)

    linked = client.get(QUEUE, {"organisation": stranger.pk})
    completed = client.get(ORGANISATIONS, {"q": "aciéries"})
    numbered = client.get(ORGANISATIONS, {"q": "55208131766522"})

    assert references(linked) == [here.reference]
    assert "Filtre « organisation »" in text_of(linked)
    assert "secrètes" not in linked.content.decode()
    assert completed.json() == numbered.json() == {"organisations": []}
    assert signed_in(factories.national()).get(ORGANISATIONS, {"q": "55208131766522"}).json() == {
        "organisations": ["Aciéries secrètes (55208131766522)"]
    }


@pytest.mark.parametrize("q", ["", "a", "\0\0", "x" * 300])
def test_a_broken_beginning_of_a_name_is_a_bad_request(q: str, examiner: User) -> None:
    assert signed_in(examiner).get(ORGANISATIONS, {"q": q}).status_code == 400


def test_another_regions_filter_is_left_aside_and_said(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    response = signed_in(examiner).get(QUEUE, {"region": "84"})

    assert references(response) == [here.reference]
    assert "Filtre « région »" in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "region=%00",
        "departement=%00",
        "edition=%00",
        "etat=%00",
        "attente=%00",
        "format=%00",
        "doute=%00",
        "doute=inconnu",
        "organisateur=%00",
        "organisateur=" + "x" * 3000,
        "organisation=%00",
        "organisation=²",
        "organisation=" + "9" * 40,
        "examinateur=%00",
        "examinateur=999999",
        "q=%00",
        "q=%0B",
        "q=%ED%A0%80",
        "q=" + "x" * 3000,
        "o=1.2.3.99.-4",
        "o=%00",
        "o=²",
        "e=1",
        "p=0",
        "p=-1",
        "p=99999999999999999999999",
        "p=" + "9" * 5000,
        "p=%00",
        "all=",
        "_facets=True",
        "_popup=1",
        "_popup=1&_to_field=id",
        "region=28&region=84",
        "edition=999999999999999999999999",
    ],
)
def test_a_broken_query_string_shows_the_queue(query: str, examiner: User, here: Application) -> None:
    response = signed_in(examiner).get(f"{QUEUE}?{query}")

    assert response.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "created_by__password__startswith=md5",
        "created_by__email__contains=%00",
        "reference=%00",
        "contact_phone__startswith=06",
        "event__region__code__exact=84",
        "pk__in=1",
        "_to_field=created_by",
    ],
)
def test_no_other_column_can_be_asked_for(query: str, examiner: User, here: Application) -> None:
    response = signed_in(examiner).get(f"{QUEUE}?{query}")

    assert response.status_code == 400


@bad_input.runs("volume-005")
@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_takes_as_many_queries_whatever_its_length(
    rows: int, examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = factories.organiser()
    organisation = factories.organisation(member=owner)
    for _ in range(rows):
        factories.application(state=State.SUBMITTED, by=owner, organisation=organisation)
    client = signed_in(examiner)

    with django_assert_num_queries(12):
        response = client.get(QUEUE)

    assert len(references(response)) == rows


def test_a_long_queue_is_not_counted_to_its_end(examiner: User, here: Application) -> None:
    events = [Event(edition=here.event.edition, title="Visite", search_text="visite") for _ in range(2000)]
    today = timezone.localdate()
    Application.objects.bulk_create(
        Application(reference=f"SI1999-{rank:06d}", event=event, region_id="28", state=State.SUBMITTED, due_on=today)
        for rank, event in enumerate(Event.objects.bulk_create(events))
    )
    client = signed_in(examiner)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(QUEUE, {"p": "20"})

    assert len(queries) == 12
    assert [query["sql"] for query in queries if "COUNT(" in query["sql"]] == []
    assert len(references(response)) == 50
    assert text_of(response).count("lus de 1 000 demandes : affinez par un filtre") == 2
    assert "Sélectionner toutes" not in text_of(response)
    few = client.get(QUEUE, {"q": "SI1999-001234"})
    assert references(few) == ["SI1999-001234"]


@pytest.mark.parametrize("role", ["anonymous", "organiser", "staff without a group"])
def test_nobody_else_gets_in(role: str, here: Application) -> None:
    client = Client()
    if role == "organiser":
        client.force_login(owner_of(here))
    if role == "staff without a group":
        client.force_login(factories.organiser(is_staff=True))

    statuses = {client.get(address).status_code for address in (QUEUE, EXPORT)}

    assert statuses == ({403} if role == "staff without a group" else {302})
    assert client.get(page_of(here)).status_code == (404 if role == "staff without a group" else 302)
