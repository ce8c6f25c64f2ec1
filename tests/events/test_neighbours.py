"""The events that a page leads on to."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from events import neighbours
from events.models import Event, Format, Sector
from tests import factories

pytestmark = pytest.mark.django_db

HERE = (49.4938, 0.1077)


def published(title: str, *, days: int = 2, **fields: Any) -> Event:
    day = timezone.localdate() + timedelta(days=days)
    event = factories.event(title=title, slots=[(day, time(9), time(12))], **fields)
    event.publish()
    return event


def place(event: Event, latitude: float, longitude: float) -> None:
    event.latitude, event.longitude = latitude, longitude
    event.save()


@pytest.fixture
def event() -> Event:
    return published("Fonderie")


def titles(found: list[neighbours.Neighbour]) -> list[str]:
    return [neighbour.title for neighbour in found]


def test_the_nearest_that_are_to_come_are_near(event: Event) -> None:
    place(published("À dix kilomètres"), HERE[0] + 0.09, HERE[1])
    place(published("À deux kilomètres"), HERE[0], HERE[1] + 0.0276)
    published("À quatre-vingts kilomètres", commune=factories.commune("76217"))
    # In the corner of the square around it, further than thirty kilometres.
    place(published("Au coin"), HERE[0] + 0.25, HERE[1] + 0.39)
    published("Hier", days=-1)
    published("Annulé").cancel("Fermé.")
    published("Retiré").revoke()
    factories.event(title="Brouillon")
    published("En ligne", attendance=Event.Attendance.ONLINE)
    published("L’an dernier", edition=factories.edition(2024))

    found = neighbours.near(event)

    assert titles(found) == ["À deux kilomètres", "À dix kilomètres"]
    assert [round(neighbour.kilometres or 0, 1) for neighbour in found] == [2.0, 10.0]


def test_an_online_event_is_near_nothing_and_like_those_online() -> None:
    webinar = published("Webinaire", attendance=Event.Attendance.ONLINE)
    published("Autre webinaire", attendance=Event.Attendance.ONLINE)
    published("Fonderie")

    assert neighbours.near(webinar) == []
    assert titles(neighbours.alike(webinar)) == ["Autre webinaire"]


def test_those_of_its_format_and_region_are_alike_its_sectors_first(event: Event) -> None:
    published("Chimie, demain", days=1).sectors.set(Sector.objects.filter(slug="chimie"))
    shown = published("Métallurgie, voisine")
    published("Métallurgie", days=3)
    published("Ailleurs", commune=factories.commune("69381"))
    other = published("Atelier")
    other.format = Format.objects.get(slug="atelier")
    other.save()

    found = neighbours.alike(event, [item for item in neighbours.near(event) if item.pk == shown.pk])

    assert titles(found) == ["Métallurgie", "Chimie, demain"]


def test_the_page_leads_to_both_and_names_no_more_than_four(client: Client, event: Event) -> None:
    for rank in range(6):
        place(published(f"Voisine {rank} <b>"), HERE[0], HERE[1] + rank / 1000)
    published("Semblable, à Dieppe", commune=factories.commune("76217"), days=1)

    body = client.get(event.get_absolute_url()).content.decode()

    assert [body.count(f">Voisine {rank} &lt;b&gt;</a>") for rank in range(6)] == [1] * 6
    assert "À venir près d’ici" in body and "Semblable, à Dieppe" in body
    assert body.count('class="event-neighbours__list"') == 2
