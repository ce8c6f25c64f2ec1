"""The page of the open data: what it says is so, and each of its examples works."""

import html
import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from events import open_data, table
from tests import factories
from tests.axe import faults
from tests.events.reading import ADDRESSES, content

pytestmark = pytest.mark.django_db


def read(client: Client, address: str = "/donnees/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_example_of_the_page_works(client: Client) -> None:
    for code in ("76351", "97411"):
        factories.event(edition=factories.edition(2024), commune=factories.commune(code)).publish()
    links = {html.unescape(link) for link in re.findall(r'href="(http[^"]+)"', read(client))}
    examples = sorted(link.removeprefix(settings.SITE_URL) for link in links if link.startswith(settings.SITE_URL))

    answers = {example: client.get(example) for example in examples}

    assert {example: a.status_code for example, a in answers.items()} == dict.fromkeys(examples, 200)
    assert len(examples) > 20
    others = {"/evenements.schema.json", "/chiffres.csv"}
    assert {example.partition("?")[0] for example in examples} == {*ADDRESSES.values(), *others}
    assert all(content(answer) for answer in answers.values())


def test_the_page_names_every_column_filter_and_limit(client: Client) -> None:
    factories.edition(2024)

    page = read(client)

    assert [column.name for column in table.COLUMNS if f"<code>{column.name}</code>" not in page] == []
    assert f"Au plus {open_data.MOST} documents par minute" in page
    assert open_data.LICENCE in page
    assert "webcal://testserver/evenements.ics" in page


@pytest.mark.parametrize("address", ["/evenements/", "/carte/"])
def test_list_and_map_lead_to_the_same_search_in_every_format(client: Client, address: str) -> None:
    factories.event(edition=factories.edition(2024)).publish()

    page = html.unescape(read(client, f"{address}?q=fonderie&region=28&page=1&rayon=0"))

    alternates = dict(re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)"', page))
    query = "?q=fonderie&region=28"
    assert set(alternates.values()) == {f"{path}{query}" for path in ADDRESSES.values()}
    assert all(f'<a class="fr-link" href="{path}{query}"' in page for path in ADDRESSES.values())
    assert f'href="webcal://testserver/evenements.ics{query}"' in page
    assert 'href="/donnees/"' in page


def test_axe_finds_no_fault_in_the_page_of_the_data(page: Page, live_server: LiveServer) -> None:
    factories.edition(2024)

    page.goto(f"{live_server.url}/donnees/")

    assert faults(page) == []
