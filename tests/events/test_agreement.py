"""Whatever is asked, the list, the map's data and every feed hold the same events."""

from datetime import date, time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from events import open_data, views
from events.models import Event, Format, Level
from tests import bad_input, factories
from tests.events.reading import UIDS

pytestmark = pytest.mark.django_db

COMMUNES = ("76351", "69381", "97411", "98818")
# A word, codes of each list, days, places and distances: those that find much and those that find little.
VALUES: dict[str, list[Any]] = {
    "q": ["fonderie", "ATELIER", "découverte havre", "introuvable"],
    "region": [["28"], ["28", "04"], ["84"]],
    "departement": [["69"], ["76", "974"]],
    "commune": [["97411"], ["76351", "69381"]],
    "format": [["atelier"], ["atelier", "job-dating"]],
    "public": [["etudiants"], ["scolaires", "etudiants"]],
    "filiere": [["metallurgie"]],
    "niveau": [["college"]],
    "du": ["2024-11-19", "2024-11-21"],
    "au": ["2024-11-21", "2024-11-24"],
    "lieu": ["sur-place", "en-ligne"],
    "pres": ["76351", "45.77,4.83"],
    "groupe": [5, 25],
    "age": [12, 18],
    "bbox": ["-5,41,10,51", "170,-60,-170,60"],
    "edition": [2023, 2024],
    "tri": ["date"],
}
SEARCHES = some.fixed_dictionaries({}, optional={name: some.sampled_from(values) for name, values in VALUES.items()})
NARROW = some.lists(some.sampled_from(sorted(VALUES)), max_size=3, unique=True).flatmap(
    lambda names: some.fixed_dictionaries({name: some.sampled_from(VALUES[name]) for name in names})
)


class Undrawn(dict[str, Any]):
    """What a page would be drawn of, in its place."""

    def encode(self) -> "Undrawn":
        return self


@pytest.fixture
def varied() -> None:
    """Less than a page of the list holds, in two editions; one is cancelled, one revoked, one not published."""
    level = Level.objects.get(slug="college")
    for rank in range(14):
        event = factories.event(
            edition=factories.edition(2023 if rank % 7 == 6 else 2024),
            title=f"{'Fonderie' if rank % 2 else 'Atelier'} {rank}",
            description="Découverte.",
            commune=factories.commune(COMMUNES[rank % 4]),
            format=Format.objects.get(slug="atelier" if rank % 3 else "job-dating"),
            audiences=["etudiants"] if rank % 5 else ["scolaires"],
            attendance=[Event.Attendance.ON_SITE, Event.Attendance.MIXED, Event.Attendance.ONLINE][rank % 7 % 3],
            slots=[(date(2024, 11, 18 + rank % 4), time(9), time(12)), (date(2024, 11, 23), time(9), time(12))],
            group_size=20 + rank,
            minimum_age=10 + rank % 10,
        )
        if rank % 3:
            event.levels.add(level)
        if rank != 3:
            event.publish()
        if rank == 4:
            event.cancel("L’atelier est fermé.")
        if rank == 5:
            event.revoke()


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The list's events, each with whether it stands on a map, without the page around them."""
    monkeypatch.setattr(views, "ready", lambda request, version, drawn: drawn())
    monkeypatch.setattr(views, "render_to_string", lambda name, context, request: Undrawn(context))
    monkeypatch.setattr(views, "cards", lambda found, **_: found)

    def events(query: str) -> dict[str, bool]:
        context: Any = views.list(RequestFactory().get(f"/evenements/?{query}"))
        assert not context["form"].errors, (query, context["form"].errors)
        return {str(event.uid): event.latitude is not None for event in context["cards"]}

    return events


@bad_input.runs("volume-007")
def test_two_hundred_searches_find_the_same_events_in_every_format(
    varied: None, listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data, "MOST", 10_000)
    sizes: list[int] = []

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(SEARCHES | NARROW)
    def agree(search: dict[str, Any]) -> None:
        if search.get("du", "") > search.get("au", "9"):
            del search["au"]
        query = urlencode(search, doseq=True)
        events = listed(query)
        found = {name: read(query) for name, read in UIDS.items()}
        located = {uid for uid, is_located in events.items() if is_located}
        assert found == {name: set(events) for name in ("csv", "json", "ics")} | {"geojson": located}
        sizes.append(len(events))

    agree()
    assert len(sizes) >= 200
    assert len(set(sizes)) > 8
