"""The queue: what it opens on, what it is filtered by, and that nothing breaks it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from labels.models import Application, State
from tests import factories
from tests.labels.admin.desk import EXPORT, QUEUE, owner_of, page_of, references, signed_in, text_of

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
        ({"edition": "2019"}, []),
        ({"q": "SIDERURGIE"}, ["today"]),
        ({"q": "le havre sidérurgie"}, ["today"]),
        ({"q": "havre"}, ["late", "today"]),
        ({"q": "fonderie introuvable"}, []),
    ],
)
def test_the_queue_is_filtered_and_searched(query: dict[str, str], found: list[str], examiner: User) -> None:
    factories.edition(2019)
    rows = {
        "late": factories.application(state=State.SUBMITTED),
        "today": factories.application(state=State.SUBMITTED, title="Sidérurgie, portes ouvertes"),
        "approved": factories.application(state=State.APPROVED),
    }
    promise(rows["late"], -7)
    promise(rows["today"], 0)

    response = signed_in(examiner).get(QUEUE, query)

    assert references(response) == [rows[name].reference for name in found]


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


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_takes_as_many_queries_whatever_its_length(
    rows: int, examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = factories.organiser()
    organisation = factories.organisation(member=owner)
    for _ in range(rows):
        factories.application(state=State.SUBMITTED, by=owner, organisation=organisation)
    client = signed_in(examiner)

    with django_assert_num_queries(9):
        response = client.get(QUEUE)

    assert len(references(response)) == rows


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
