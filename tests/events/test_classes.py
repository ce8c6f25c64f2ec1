"""What a teacher finds: the list looked at for a class, and the one that is printed."""

import re
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django import DjangoAssertNumQueries

from events import printing
from events.models import Event, Level
from tests import axe, factories
from tests.events.test_views import published, text

pytestmark = pytest.mark.django_db

SCHOOLS = "/evenements/?public=scolaires"
PRINTED = "/evenements/imprimer/"


def for_a_class(**fields: Any) -> Event:
    event = published(
        **{
            "group_size": 30,
            "minimum_age": 12,
            "safety_equipment": "Casque prêté <b>sur place</b>.",
            "directions": "Tramway A.",
            "slots": [(date(2024, 11, 18), time(9), time(12))],
            **fields,
        }
    )
    event.levels.set(Level.objects.filter(slug="college"))
    return event


FOR_CLASSES = (
    "Niveaux : Collège Groupe : 30 personnes au plus Âge : à partir de 12 ans Sécurité : Casque prêté <b>sur place</b>."
)


@pytest.mark.parametrize("address", ["/evenements/", "/carte/"])
def test_a_teachers_list_says_what_a_class_must_know_and_the_others_do_not(client: Client, address: str) -> None:
    for_a_class()

    for query in ("public=scolaires", "niveau=college", "groupe=20", "public=jeunes&public=scolaires"):
        response = client.get(f"{address}?{query}")
        assert FOR_CLASSES in text(response) and "<b>" not in response.content.decode()
        assert "Vous préparez une sortie de classe" in text(response)
        assert f'href="{PRINTED}?{query.replace("&", "&amp;")}"' in response.content.decode()
    read = text(client.get(f"{address}?public=grand-public"))
    assert "Casque" not in read and "sortie de classe" not in read


def test_a_card_says_how_far_the_school_is(client: Client) -> None:
    for_a_class(commune=factories.commune("76217"))
    factories.commune()

    assert "Dieppe (Normandie), à 85 km" in text(client.get(f"{SCHOOLS}&pres=76351&rayon=100"))


def test_only_what_welcomes_the_whole_class_is_left(client: Client) -> None:
    for_a_class(title="Pour trente")
    for_a_class(title="Pour douze", group_size=12)
    for_a_class(title="Plus que dix places", capacity=10)
    for_a_class(title="Complet", is_full=True)
    for_a_class(title="Dès seize ans", minimum_age=16)

    read = text(client.get(f"{PRINTED}?public=scolaires&niveau=college&groupe=25&age=13"))

    assert "1 événement : Groupe de 25, 13 ans, Scolaires, Collège." in read
    assert "Pour trente" in read
    for absent in ("Pour douze", "Plus que dix places", "Complet", "Dès seize ans"):
        assert absent not in read


def test_the_printed_list_holds_all_that_one_takes_along(client: Client) -> None:
    event = for_a_class(
        capacity=60,
        commune=factories.commune("97411"),
        registration=Event.Registration.EMAIL,
        registration_email="visites@exemple.fr",
        registration_phone="0102030405",
    )

    response = client.get(f"{PRINTED}?public=scolaires&pres=97411")

    read = text(response)
    assert "Lundi 18 novembre 2024, de 9 h à 12 h, heure de La Réunion (UTC+4) – 60 places" in read
    assert "12 rue des Docks 97400 Saint-Denis À 0 km Tramway A." in read
    assert f"{FOR_CLASSES} Inscription : visites@exemple.fr Label : n° {event.label_number}" in read
    for hidden in ("0102030405", "Camille", event.purpose):
        assert hidden not in response.content.decode()
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_it_is_bounded_and_keeps_the_order_of_the_list(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "AT_MOST", 2)
    for day in (20, 18, 19):
        for_a_class(title=f"Le {day}", slots=[(date(2024, 11, day), time(9), time(12))])

    read = text(client.get(PRINTED))

    assert "3 événements . Voici les 2 premiers" in read
    assert read.index("Le 18") < read.index("Le 19") and "Le 20" not in read


@pytest.mark.parametrize("query", ["region=zz%3Cb%3E", "q=%00", "groupe=-1", "pres=nullepart", "niveau=%27", "page=-9"])
def test_a_broken_value_is_said_and_the_rest_is_printed(client: Client, query: str) -> None:
    for_a_class(title="Fonderie")

    response = client.get(f"{PRINTED}?{query}")

    assert response.status_code == 200
    assert "Fonderie" in text(response) and "<b>" not in response.content.decode()


def test_an_unknown_year_is_not_found(client: Client) -> None:
    for_a_class()

    assert client.get(f"{PRINTED}?edition=1999").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_both_take_the_same_few_queries_whatever_they_hold(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        for_a_class(title=f"Visite {rank}")

    with django_assert_num_queries(6):
        client.get(f"{PRINTED}?edition=2024")
    with django_assert_num_queries(24):
        client.get(f"{SCHOOLS}&edition=2024")


def test_forty_events_print_on_few_sheets_and_axe_finds_nothing(page: Page, live_server: Any) -> None:
    for rank in range(40):
        for_a_class(title=f"Visite {rank}")

    page.goto(f"{PRINTED}?public=scolaires&edition=2024")

    assert axe.faults(page) == []
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))) <= 6
