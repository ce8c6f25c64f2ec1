"""The addresses that a field proposes while one types: the geocoder's, else communes, in the same shape."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from places import geocoding
from places.models import Commune
from tests import factories
from tests.outside import OutsideService

pytestmark = pytest.mark.django_db

ADDRESS = "/lieux/adresses.json"
HAVRE = {
    "code": "76351",
    "name": "Le Havre",
    "commune": "Le Havre (76600)",
    "departement": "Seine-Maritime (76)",
    "clock": "",
}
DOCKS = {
    **HAVRE,
    "label": "12 Rue des Docks, Le Havre (76600)",
    "address": "12 Rue des Docks",
    "latitude": 49.4876,
    "longitude": 0.1312,
}
CENTRE = {**HAVRE, "label": "Le Havre (76600)", "address": "", "latitude": 49.4938, "longitude": 0.1077}


@pytest.fixture(autouse=True)
def _havre() -> None:
    factories.commune()
    geocoding.SERVICE.forgive()


@pytest.fixture
def geocoder(outside_service: OutsideService, settings: Settings) -> OutsideService:
    settings.GEOCODER_URL = outside_service.url.removesuffix("/search")
    outside_service.answer = answer()
    return outside_service


def answer(**properties: Any) -> dict[str, Any]:
    known = {"score": 0.9, "name": "12 Rue des Docks", "citycode": "76351", "type": "housenumber", **properties}
    return {"features": [{"geometry": {"coordinates": [0.1312, 49.4876]}, "properties": known}]}


def proposed(client: Client, text: str, **query: str) -> Any:
    response = client.get(ADDRESS, {"q": text, **query})
    assert response.status_code == 200
    return response.json()


def test_an_address_is_told_with_its_commune_and_its_point(client: Client, geocoder: OutsideService) -> None:
    response = client.get(ADDRESS, {"q": " 12  rue des docks", "commune": "76351"})

    assert response.json() == {"kind": "adresse", "addresses": [DOCKS]}
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in response.headers
    assert geocoder.queries == [{"q": "12 rue des docks", "limit": "5", "citycode": "76351"}]
    proposed(client, "12 rue des docks", commune="76351")
    assert len(geocoder.queries) == 1


def test_a_town_with_arrondissements_is_named_in_the_question(client: Client, geocoder: OutsideService) -> None:
    Commune.objects.create(code="75056", name="Paris", postcodes=" 75001", latitude=48.85, longitude=2.35)

    proposed(client, "12 rue de Rivoli", commune="75056")

    assert geocoder.queries == [{"q": "12 rue de Rivoli Paris", "limit": "5"}]


@pytest.mark.parametrize(
    "fault",
    [
        {"answer": answer(score=0.3)},
        {"answer": {"features": []}},
        {"answer": answer(score=10**400)},
        {"answer": answer(score=float("nan"))},
        {"answer": answer(citycode=["76351"], name={"a": "b"})},
        {"body": b"[" * 900 + b"]" * 900},
        {"body": b"<html>"},
        {"status": 429, "headers": {"Retry-After": "1"}},
        {"status": 500},
        {"delay": 30.0},
        {"drip": 0.3},
    ],
    ids=[
        "low score",
        "empty",
        "a huge number",
        "no number",
        "no texts",
        "a deep nest",
        "HTML",
        "429",
        "500",
        "silence",
        "a byte at a time",
    ],
)
def test_communes_stand_in_marked_so_whatever_the_geocoder_does(
    client: Client, geocoder: OutsideService, fault: dict[str, Any]
) -> None:
    for name, value in fault.items():
        setattr(geocoder, name, value)

    assert proposed(client, "12 rue des docks le havre") == {"kind": "commune", "addresses": [CENTRE]}

    # Asked once, and what it takes its time for is not waited for.
    assert len(geocoder.queries) == 1
    assert geocoder.answered == (not {"delay", "drip"} & fault.keys())
    assert proposed(client, "12 rue des docks", commune="76351") == {"kind": "commune", "addresses": [CENTRE]}
    response = client.get(ADDRESS, {"q": "introuvable"})
    assert response.json() == {"kind": "commune", "addresses": []}
    assert response.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("text", ["", "ab", "a\x00bc", "A" * 201])
def test_a_broken_question_is_answered_400_with_its_fault(client: Client, geocoder: OutsideService, text: str) -> None:
    response = client.get(ADDRESS, {"q": text})

    assert (response.status_code, list(response.json()["errors"])) == (400, ["q"])
    assert geocoder.queries == []


@pytest.mark.parametrize("code", ["99999", "7635", "\x00", "76351'", "٧٦٣٥١"])
def test_a_commune_that_is_none_is_refused(client: Client, code: str) -> None:
    response = client.get(ADDRESS, {"q": "12 rue", "commune": code})

    assert (response.status_code, list(response.json()["errors"])) == (400, ["commune"])


@pytest.mark.parametrize("text", ["'''", "…— 1", "日本語", "%%%", "' OR 1=1 --", "<script>"])
def test_odd_words_are_asked_or_left_and_break_nothing(client: Client, geocoder: OutsideService, text: str) -> None:
    geocoder.answer = {"features": []}

    assert proposed(client, text)["addresses"] == []
    assert all(query["q"][0].isalnum() for query in geocoder.queries)


def test_who_asks_without_end_is_asked_to_wait(client: Client) -> None:
    answers = [client.get(ADDRESS, {"q": "havre"}) for _ in range(301)]

    assert {answer.status_code for answer in answers[:300]} == {200}
    assert (answers[300].status_code, answers[300].headers["Retry-After"]) == (429, "60")
