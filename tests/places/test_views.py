"""The communes that a field proposes while one types."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from places.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/lieux/communes.json"


def codes(client: Client, text: str) -> list[str]:
    return [commune["code"] for commune in client.get(ADDRESS, {"q": text}).json()["communes"]]


def test_a_commune_is_told_with_what_a_map_needs(client: Client) -> None:
    factories.commune()

    response = client.get(ADDRESS, {"q": "havre"})

    assert response.json() == {
        "communes": [
            {
                "code": "76351",
                "name": "Le Havre",
                "label": "Le Havre (76600)",
                "commune": "Le Havre (76600)",
                "departement": "Seine-Maritime (76)",
                "latitude": 49.4938,
                "longitude": 0.1077,
                "clock": "",
            }
        ]
    }
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "text", ["saint-denis", "SAINT DENIS", "st denis", "Saint‑Dénis", "97400", "974", "St-Denis 97400"]
)
def test_accents_hyphens_case_and_saint_do_not_count(client: Client, text: str) -> None:
    factories.commune()
    factories.commune("97411")

    assert codes(client, text) == ["97411"]


def test_ten_are_proposed_the_exact_name_first_then_the_largest(client: Client) -> None:
    for rank in range(12):
        Commune.objects.create(
            code=f"{rank:05}", name=f"Port-{rank}", postcodes=f" {rank:05}", population=rank, latitude=48, longitude=2
        )
    Commune.objects.create(code="99999", name="Port", postcodes=" 99999", population=0, latitude=48, longitude=2)

    assert codes(client, "port") == ["99999", *(f"{rank:05}" for rank in range(11, 2, -1))]


@pytest.mark.parametrize("text", ["zzz", "%", "%_%", "'; DROP TABLE x;--", "日本", "99999"])
def test_nothing_found_is_an_empty_list(client: Client, text: str) -> None:
    factories.commune()

    assert codes(client, text) == []


@pytest.mark.parametrize("text", ["", " ", "\u200b", "a\x00b", "A" * 81])
def test_a_broken_question_is_answered_400_with_its_fault(client: Client, text: str) -> None:
    response = client.get(ADDRESS, {"q": text})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["q"]
    assert "Cache-Control" not in response.headers


def test_a_question_without_words_is_a_broken_one(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 400
    assert client.post(ADDRESS).status_code == 405


def test_the_same_question_is_read_from_the_cache(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.commune()
    first = codes(client, "le havre")

    with django_assert_num_queries(0):
        assert codes(client, "Le Hâvre") == first


def test_who_asks_without_end_is_asked_to_wait(client: Client) -> None:
    factories.commune()
    answers = [client.get(ADDRESS, {"q": "havre"}) for _ in range(301)]

    assert {answer.status_code for answer in answers[:300]} == {200}
    assert (answers[300].status_code, answers[300].headers["Retry-After"]) == (429, "60")
    assert client.get(ADDRESS, {"q": "havre"}, REMOTE_ADDR="192.0.2.7").status_code == 200
