from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from labels.models import State
from pages.site_map import all_pages
from tests import factories

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOST = "http://testserver"


def _locations(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/xml"
    return [node.text or "" for node in ET.fromstring(answer.content).findall(".//s:loc", NAMES)]


def test_the_index_leads_to_pages_and_events(client: Client) -> None:
    assert _locations(client, "/sitemap.xml") == [
        f"{HOST}/sitemap-{part}.xml" for part in ("pages", "ressources", "evenements")
    ]


def test_every_page_named_is_there(client: Client) -> None:
    pages = _locations(client, "/sitemap-pages.xml")

    assert len(pages) == len(set(pages)) == len([page for page in all_pages() if page.is_indexed])
    assert {client.get(page.removeprefix(HOST)).status_code for page in pages} == {200}


def test_public_events_are_named_and_the_others_are_not(client: Client) -> None:
    shown = [factories.application(state=state).event for state in (State.APPROVED, State.CANCELLED)]
    for state in (State.DRAFT, State.SUBMITTED, State.REFUSED, State.REVOKED):
        factories.application(state=state)

    events = _locations(client, "/sitemap-evenements.xml")

    assert events == [HOST + event.get_absolute_url() for event in shown]


def test_the_index_knows_the_last_change_without_reading_every_event(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        event = factories.application(state=State.APPROVED).event

    with django_assert_num_queries(4):
        answer = client.get("/sitemap.xml")

    assert f"<lastmod>{timezone.localtime(event.updated_at):%Y-%m-%d}" in answer.content.decode()


def test_an_unknown_part_is_not_found(client: Client) -> None:
    assert client.get("/sitemap-autre.xml").status_code == 404
