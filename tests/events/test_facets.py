"""Counts beside the choices of the filters: what each would give with the others kept, as the list itself counts."""

import re
from datetime import date, time
from typing import Any

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client

from events.facets import facets_of
from events.filters import EventFilter
from events.models import Edition, Event, Format, Level
from tests import factories

pytestmark = pytest.mark.django_db

SEARCHES = [
    "",
    "region=28",
    "region=28&region=84",
    "region=28&departement=69",
    "format=atelier&public=etudiants",
    "public=etudiants&public=scolaires&lieu=en-ligne",
    "q=fonderie",
    "q=Le+Havre",
    "q=introuvable",
    "du=2024-11-20&niveau=college",
    "groupe=25&age=14&format=atelier",
    "pres=76351&rayon=5&lieu=sur-place",
    "bbox=0,45,10,50&region=84",
    "region=zz&format=atelier",
]


@pytest.fixture
def varied() -> Edition:
    communes = ["76351", "69381", "97411", "98818"]
    for rank in range(24):
        event = factories.event(
            edition=factories.edition(2024),
            title=f"{'Fonderie' if rank % 2 else 'Atelier'} {rank}",
            description="Découverte.",
            commune=factories.commune(communes[rank % 4]),
            format=Format.objects.get(slug="atelier" if rank % 3 else "job-dating"),
            audiences=["etudiants", "jeunes"] if rank % 5 else ["scolaires"],
            attendance=[Event.Attendance.ON_SITE, Event.Attendance.MIXED, Event.Attendance.ONLINE][rank % 7 % 3],
            slots=[(date(2024, 11, 18 + rank % 4), time(9), time(12))],
            group_size=20 + rank,
            minimum_age=10 + rank % 10,
        )
        if rank % 2:
            event.levels.add(Level.objects.get(slug="college"))
        if rank % 8:
            event.publish()
    factories.event(edition=factories.edition(2023), commune=factories.commune("14118")).publish()
    return factories.edition(2024)


def search(query: str) -> EventFilter:
    return EventFilter(QueryDict(f"edition=2024&{query}"))


def test_each_choice_tells_what_the_list_would_count(varied: Edition) -> None:
    told, counted = {}, {}
    for query in SEARCHES:
        form = search(query)
        for facet in form.facets:
            name = facet.field.name
            others = form.query(without=[name])
            for choice in facet.choices:
                told[query, name, choice.value] = choice.count
                counted[query, name, choice.value] = search(f"{others}&{name}={choice.value}").queryset().count()

    assert told == counted
    assert len(set(told.values())) > 8


def test_taking_part_is_counted_too(varied: Edition) -> None:
    choices = dict(search("format=atelier").fields["lieu"].widget.choices)

    on_site = search("format=atelier&lieu=sur-place").queryset().count()
    online = search("format=atelier&lieu=en-ligne").queryset().count()
    assert list(choices.values()) == ["Sur place ou en ligne", f"Sur place ({on_site})", f"En ligne ({online})"]


def test_what_the_edition_lacks_is_not_offered_unless_it_was_asked_for(varied: Edition) -> None:
    asked = search("format=escape-game&region=28")
    offered = {facet.field.name: [c.value for c in facet.choices] for facet in asked.facets}

    assert offered["format"] == ["atelier", "escape-game", "job-dating"]
    assert offered["departement"] == ["69", "76", "974"]


def test_a_choice_that_would_give_nothing_is_marked_for_the_style_sheet(client: Client, varied: Edition) -> None:
    body = client.get("/evenements/?edition=2024&region=28").content.decode()

    assert '>Seine-Maritime (76) <span class="filters__count">' in body
    assert '>Rhône (69) <span class="filters__count filters__count--none">0</span>' in body


def test_counts_follow_each_change_that_the_public_sees(client: Client, varied: Edition) -> None:
    def normandie() -> str:
        body = client.get("/evenements/?edition=2024").content.decode()
        return str(re.findall(r'Normandie <span class="filters__count">(\d+)</span>', body)[0])

    before = normandie()
    factories.event(edition=varied).publish()

    assert (before, normandie()) == ("2", "3")


def test_an_edition_is_read_once_for_each_version(varied: Edition, django_assert_num_queries: Any) -> None:
    facets_of(varied)

    with django_assert_num_queries(0):
        facets_of(varied)
    cache.clear()
    with django_assert_num_queries(14):
        facets_of(varied)


def test_without_an_edition_nothing_is_offered() -> None:
    assert EventFilter(QueryDict("")).facets == []
