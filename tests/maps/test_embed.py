"""The map in a partner's frame: framable by all, without a cookie, and the code to copy."""

import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests import factories
from tests.events.test_views import text
from tests.headers import policy
from tests.maps.test_views import published

pytestmark = pytest.mark.django_db

FRAME, SNIPPET = "/carte/integrer/", "/carte/integrer/code/"


def test_any_site_may_frame_it(client: Client) -> None:
    response = client.get(FRAME)

    assert response.status_code == 200
    assert policy(response)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in response


def test_a_frame_of_an_edition_that_is_no_more_says_so_where_it_stands(client: Client) -> None:
    response = client.get(f"{FRAME}?edition=1999")

    assert (response.status_code, policy(response)["frame-ancestors"], response.cookies) == (404, "*", {})
    assert "X-Frame-Options" not in response
    assert "Il n’y a pas d’édition 1999." in text(response)
    assert 'href="/carte/" target="_blank"' in response.content.decode()


def test_the_page_that_gives_the_code_is_framed_by_nobody(client: Client) -> None:
    response = client.get(SNIPPET)

    assert (policy(response)["frame-ancestors"], response["X-Frame-Options"]) == ("'none'", "DENY")
    assert policy(response)["frame-src"] == "'self'"


@pytest.mark.parametrize("is_known", [False, True])
def test_nothing_is_written_to_or_read_from_who_looks_at_it(client: Client, is_known: bool) -> None:
    published()
    if is_known:
        client.force_login(factories.organiser())

    for address in (FRAME, "/carte/points.json", "/carte/fiches.json?ids=1"):
        response = client.get(address)

        assert "Set-Cookie" not in response.headers
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
    assert "csrf" not in client.get(FRAME).content.decode()


def test_it_shows_what_its_address_asks_for(client: Client) -> None:
    published(title="Forge")
    published(title="Soierie", commune=factories.commune("69381"))

    response = client.get(f"{FRAME}?region=28&edition=2024")

    read = text(response)
    assert "1 événement – Édition 2024 – Normandie" in read
    assert "Forge" in read
    assert "Soierie" not in read
    assert "/carte/points.json?region=28&edition=2024&version=" in response.content.decode().replace("\\u0026", "&")


def test_every_link_opens_the_portal_in_another_tab(client: Client) -> None:
    for rank in range(21):
        published(title=f"Visite {rank} <i>")

    body = client.get(FRAME).content.decode()

    links = re.findall(r"<a [^>]*>", body)
    assert len(links) == 22
    assert all('target="_blank" rel="noopener"' in link and "nouvelle fenêtre" in link for link in links)
    assert "<i>" not in body


@pytest.mark.parametrize("address", [FRAME, SNIPPET])
def test_a_broken_value_is_left_out(client: Client, address: str) -> None:
    published(title="Forge")

    response = client.get(f"{address}?region=zz&du=hier&q=%00&edition=2024")

    assert response.status_code == 200
    assert "1 événement" in text(response)
    assert "region=zz" not in response.content.decode()
    assert client.get(f"{address}?edition=1999").status_code == 404


def test_the_code_frames_what_was_chosen_and_is_a_text(client: Client, settings: Settings) -> None:
    published()

    body = client.get(f"{SNIPPET}?region=28&q=%22%3E%3Cscript%3Ea").content.decode()

    (area,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", body, re.DOTALL)
    (frame,) = re.findall(r'<iframe class="map-preview" src="([^"]*)"', body)
    path = "/carte/integrer/?q=%22%3E%3Cscript%3Ea&region=28"
    assert html.unescape(frame) == path
    assert html.unescape(html.unescape(area)) == (
        f'<iframe src="{settings.SITE_URL}{path}" title="Carte des événements de la Semaine de l’industrie" '
        'width="100%" height="640" loading="lazy" style="border: 0"></iframe>'
    )


def test_the_code_is_found_from_the_map_and_the_site_map(client: Client) -> None:
    for address in ("/carte/", "/plan-du-site/"):
        assert f'href="{SNIPPET}' in client.get(address).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_frame_takes_the_same_few_queries(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        published(title=f"Visite {rank}")

    with django_assert_num_queries(6):
        client.get(f"{FRAME}?edition=2024")
