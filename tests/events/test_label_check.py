"""Whether the number of a label is real."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.label_check import canonical
from events.models import Edition, Event
from events.table import COLUMNS
from labels.models import State
from tests import factories
from tests.events.test_views import text

pytestmark = pytest.mark.django_db


def labelled(state: State = State.APPROVED) -> Event:
    application = factories.application(state=state, title="Visite <b>de</b> la fonderie")
    return application.event


def page(client: Client, event: Event) -> str:
    return text(client.get(f"/label/{event.label_number}/"))


def test_a_real_label_names_its_event_and_edition_and_nobody(client: Client) -> None:
    event = labelled()
    response = client.get(f"/label/{event.label_number}/")

    read, body = text(response), response.content.decode()
    assert f"Label n° {event.label_number} Ce label est réel" in read
    assert f"Événement Visite <b>de</b> la fonderie Dates {event.when.replace(chr(160), ' ').capitalize()}" in read
    assert f"Lieu Le Havre (Normandie) Organisateur {event.organisation} Édition {event.edition.year}" in read
    assert "<b>" not in body and "Camille" not in body and "@" not in read
    assert '<meta name="robots" content="noindex">' in body


def test_a_cancelled_or_revoked_label_says_so(client: Client) -> None:
    cancelled, revoked = labelled(State.CANCELLED), labelled(State.REVOKED)

    assert "Ce label est réel, mais l’événement est annulé" in page(client, cancelled)
    read = page(client, revoked)
    assert "Ce label a été retiré" in read and f"accordé pour l’édition {revoked.edition.year}" in read
    assert "fonderie" not in read


@pytest.mark.parametrize(
    "number",
    [
        "2024-99999",
        "2024",
        "abc",
        "2024-123456",
        "2024-000123",
        "2024-12345678901",
        "%3Cb%3E",
        "9" * 300,
        "%00",
        "٢٠٢٤-٠٠١٢٣",
    ],
)
def test_an_unknown_number_is_not_found_on_a_page_that_helps(client: Client, number: str) -> None:
    labelled()

    response = client.get(f"/label/{number}/")

    assert response.status_code == 404
    assert "Numéro de label inconnu" in text(response)
    assert 'name="numero"' in response.content.decode() and "<b>" not in response.content.decode()


def test_a_number_whose_approval_was_undone_is_unknown(client: Client) -> None:
    event = labelled()
    number = event.label_number
    event.unpublish()

    assert client.get(f"/label/{number}/").status_code == 404


@pytest.mark.parametrize(
    "typed", ["2024-00123", " 2024 00123 ", "N° 2024–00123", "label n° 202400123", "2024 - 00123", "SI2024-00123."]
)
def test_a_number_is_read_as_people_copy_it(client: Client, typed: str) -> None:
    assert canonical(typed) == "2024-00123"
    response = client.get("/label/", {"numero": typed})
    assert (response.status_code, response["Location"]) == (302, "/label/2024-00123/")


def test_the_hundred_thousandth_label_of_a_year_is_given_kept_and_read(client: Client) -> None:
    edition = factories.edition(2024)
    Edition.objects.filter(pk=edition.pk).update(last_label_number=99_998)
    events = [factories.event(edition=edition) for _ in range(2)]
    for event in events:
        event.publish()
    Edition.objects.filter(pk=edition.pk).update(last_label_number=2**31 - 2)
    events.append(factories.event(edition=edition))
    events[-1].publish()

    numbers = [str(number) for number in Event.objects.order_by("pk").values_list("label_number", flat=True)]
    assert numbers == ["2024-99999", "2024-100000", "2024-2147483647"]
    assert [canonical(f"n° {number}") for number in numbers] == numbers
    assert "Label n° 2024-100000 Ce label est réel" in page(client, Event.objects.get(label_number="2024-100000"))
    (pattern,) = [column.constraints["pattern"] for column in COLUMNS if column.name == "numero_label"]
    assert all(re.fullmatch(pattern, number) for number in numbers)


def test_a_number_spelt_otherwise_in_an_address_leads_to_the_right_one(client: Client) -> None:
    response = client.get("/label/2024%2000123/")

    assert (response.status_code, response["Location"]) == (301, "/label/2024-00123/")


@pytest.mark.parametrize("typed", ["bonjour", "2024-1", "\0", "é" * 61])
def test_what_is_no_number_is_said_beside_the_field(client: Client, typed: str) -> None:
    response = client.get("/label/", {"numero": typed})

    body = response.content.decode()
    assert response.status_code == 200
    assert '<p class="fr-error-text" id="id_numero_error">' in body and 'aria-invalid="true"' in body


def test_a_label_takes_the_same_few_queries_among_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = labelled()
    with django_assert_num_queries(4):
        page(client, event)
    for _ in range(3):
        labelled()
    with django_assert_num_queries(4):
        page(client, event)
