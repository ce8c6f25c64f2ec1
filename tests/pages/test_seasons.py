"""Which home page for which time of the year: the table, each page's own words, and what all of them keep."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import ready
from events.models import Edition, Event
from pages.seasons import Season, season_of
from tests import factories
from tests.pages.test_views import _text as text

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Dates:
    """As in 2024: applications close within the window, before the week."""

    week_starts_on: date = date(2024, 11, 18)
    window_ends_on: date = date(2024, 12, 9)
    applications_open_at: datetime = datetime(2024, 9, 16, 9, tzinfo=PARIS)
    applications_close_at: datetime = datetime(2024, 11, 12, 12, tzinfo=PARIS)


def at(month: int, day: int, hour: int = 12, minute: int = 0, *, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "season"),
    [
        (at(1, 5), Season.BEFORE),
        (at(9, 16, 8, 59), Season.BEFORE),
        (at(9, 16, 9), Season.OPEN),
        (at(11, 3), Season.OPEN),  # the window has begun
        (at(11, 12, 11, 59), Season.OPEN),
        (at(11, 12), Season.CLOSED),
        (at(11, 17, 23, 59), Season.CLOSED),
        (at(11, 18, 0), Season.WEEK),
        (at(11, 24, 23, 59), Season.WEEK),
        (at(11, 25), Season.WEEK),  # the week is over, its window is not
        (at(12, 9, 23, 59), Season.WEEK),
        (at(12, 10, 0), Season.AFTER),
        (at(2, 7, 23, 59, year=2025), Season.AFTER),  # sixty days later
        (at(2, 8, 0, year=2025), Season.BETWEEN),
        (at(9, 16, year=2025), Season.BETWEEN),
        # the days are those of Paris
        (datetime(2024, 11, 17, 23, 30, tzinfo=ZoneInfo("UTC")), Season.WEEK),
        (datetime(2024, 12, 9, 22, 59, tzinfo=ZoneInfo("UTC")), Season.WEEK),
    ],
)
def test_the_time_of_the_year_follows_from_the_dates_of_the_edition(now: datetime, season: Season) -> None:
    assert season_of(Dates(), now) == season


@pytest.mark.parametrize(
    ("opens", "closes", "now", "season"),
    [
        # closed before the window, open until its last day, opened during the week
        (at(9, 1), at(10, 15), at(10, 20), Season.CLOSED),
        (at(9, 1), at(12, 9), at(11, 17), Season.OPEN),
        (at(9, 1), at(12, 9), at(11, 18), Season.WEEK),
        (at(11, 20), at(12, 1), at(11, 17), Season.BEFORE),
        (at(11, 20), at(12, 1), at(11, 19), Season.WEEK),
        (at(9, 1), at(12, 31), at(12, 20), Season.AFTER),
    ],
)
def test_applications_decide_only_before_the_week(
    opens: datetime, closes: datetime, now: datetime, season: Season
) -> None:
    assert season_of(Dates(applications_open_at=opens, applications_close_at=closes), now) == season


def test_without_an_edition_there_is_no_season() -> None:
    assert season_of(None, at(1, 1)) == Season.NONE


def edition_of(year: int) -> Edition:
    opens, closes = datetime(year, 9, 16, tzinfo=PARIS), datetime(year, 11, 12, tzinfo=PARIS)
    return factories.edition(year, applications_open_at=opens, applications_close_at=closes)


def published(edition: Edition, day: date | None = None, **fields: Any) -> Event:
    event = factories.event(edition=edition, slots=[(day or edition.week_starts_on, time(9), time(12))], **fields)
    event.publish()
    return event


# The edition of 2024 has one event on the first day of its week, that of 2023 two.
WORDS = {
    Season.BEFORE: (at(9, 1), "Les demandes de label ouvriront le lundi 16 septembre 2024. D’ici là"),
    Season.OPEN: (at(10, 1), "Vous ouvrez vos portes ? Demandez le label avant le 12 novembre 2024 à 0 h."),
    Season.CLOSED: (at(11, 13), "Les premiers événements ont déjà lieu. La Semaine commence dans 5 jours :"),
    Season.WEEK: (at(11, 18), "C’est la Semaine de l’industrie ! 1 événement aujourd’hui."),
    Season.AFTER: (at(12, 12), "La Semaine a eu lieu du 18 au 24 novembre 2024. Merci à toutes celles et tous ceux"),
    Season.BETWEEN: (at(6, 1, year=2025), "La prochaine édition n’est pas encore annoncée : ses dates paraîtront ici."),
}


@pytest.mark.django_db
@pytest.mark.parametrize("season", WORDS)
def test_each_season_has_its_page(client: Client, season: Season) -> None:
    moment, words = WORDS[season]
    with time_machine.travel(moment, tick=False):
        for _ in range(2):
            published(edition_of(2023))
        if season != Season.BEFORE:
            published(edition_of(2024))
        edition_of(2024)
        page = client.get("/")

    assert f"pages/seasons/{season}.html" in [template.name for template in page.templates]
    assert words in text(page)
    assert '<form action="/evenements/" method="get" role="search"' in page.content.decode()
    assert "Quatre conditions" in text(page)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("season", "year", "title"),
    [
        (Season.BEFORE, 2023, "L’édition 2023 en chiffres"),
        (Season.OPEN, 2024, "L’édition 2024 en chiffres"),
        (Season.AFTER, 2024, "Le bilan de l’édition 2024"),
        (Season.BETWEEN, 2024, "Le bilan de l’édition 2024"),
    ],
)
def test_figures_are_of_the_last_edition_that_has_any(client: Client, season: Season, year: int, title: str) -> None:
    with time_machine.travel(WORDS[season][0], tick=False):
        published(edition_of(2023))
        if season != Season.BEFORE:
            published(edition_of(2024))
        edition_of(2024)
        page = client.get("/")

    assert f"{title} Événements labellisés 1" in text(page)
    assert f'href="/chiffres/{year}/"' in page.content.decode()


@pytest.mark.django_db
def test_before_an_edition_has_events_a_search_is_of_the_last_that_has(client: Client) -> None:
    with time_machine.travel(at(9, 1), tick=False):
        published(edition_of(2023))
        edition_of(2024)
        page = client.get("/").content.decode()

    assert '<input type="hidden" name="edition" value="2023">' in page
    assert 'href="/carte/?edition=2023"' in page
    assert "Rechercher un événement de l’édition 2023" in page


@pytest.mark.django_db
@pytest.mark.parametrize("has_edition", [True, False])
def test_a_portal_without_events_shows_no_figures_before_it_opens(client: Client, has_edition: bool) -> None:
    with time_machine.travel(at(9, 1), tick=False):
        if has_edition:
            edition_of(2024)
        page = client.get("/")

    assert "en chiffres" not in text(page)
    assert 'name="edition"' not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(11, 17), "La Semaine commence demain"),
        (at(11, 25), "La Semaine se prolonge jusqu’au lundi 9 décembre 2024."),
    ],
)
def test_days_are_counted_in_words(client: Client, moment: datetime, words: str) -> None:
    with time_machine.travel(moment, tick=False):
        published(edition_of(2024))
        page = client.get("/")

    assert words in text(page)
    assert "aujourd’hui" not in text(page)


@pytest.mark.django_db
def test_the_count_of_the_day_leads_to_its_events(client: Client) -> None:
    with time_machine.travel(at(11, 20), tick=False):
        for _ in range(2):
            published(edition_of(2024), date(2024, 11, 20))
        published(edition_of(2024), date(2024, 11, 21))
        page = client.get("/")
        (address,) = re.findall(r'href="([^"]+)">2 événements aujourd’hui', page.content.decode())
        found = client.get(address.replace("&amp;", "&"))

    assert found.context["page_obj"].paginator.count == 2


# The editions, their histories, counts (3), audiences; cards and what they show (4).
QUERIES = {Season.BEFORE: 6, Season.OPEN: 6 + 4, Season.WEEK: 6 + 4, Season.AFTER: 6}


@pytest.mark.django_db
@pytest.mark.parametrize("season", QUERIES)
@pytest.mark.parametrize("count", [1, 30])
def test_each_season_costs_the_same_however_many_events(
    client: Client, season: Season, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    moment = WORDS[season][0]
    with time_machine.travel(moment, tick=False):
        shown = edition_of(2023 if season == Season.BEFORE else 2024)
        organisation = factories.organisation()
        for rank in range(count):
            published(shown, moment.date(), organisation=organisation, title=f"Visite {rank}")
        edition_of(2024)
        with django_assert_num_queries(QUERIES[season]):
            page = client.get("/")

    assert page.context["report"].counts.total == count


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (at(9, 16, 8, 59), at(9, 16, 9)),
        (at(11, 12, 11, 59), at(11, 12)),
        (at(11, 16, 23, 59), at(11, 17, 0)),
        (at(11, 17, 23, 59), at(11, 18, 0)),
        (at(11, 24, 23, 59), at(11, 25, 0)),
        (at(12, 9, 23, 59), at(12, 10, 0)),
        (at(2, 7, 23, 59, year=2025), at(2, 8, 0, year=2025)),
    ],
)
def test_the_page_that_is_kept_for_all_is_another_from_the_very_minute_that_changes_it(
    client: Client, before: datetime, after: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long one is kept."""
    monkeypatch.setattr(ready, "KEPT_FOR", 1000 * 24 * 3600)
    with time_machine.travel(before, tick=False):
        factories.edition(2024, applications_open_at=at(9, 16, 9), applications_close_at=at(11, 12))
        kept = client.get("/").content
        assert client.get("/").content == kept
    with time_machine.travel(after, tick=False):
        assert client.get("/").content != kept


@pytest.mark.django_db
@pytest.mark.parametrize("season", WORDS)
def test_the_label_is_asked_for_only_while_it_may_be(client: Client, season: Season) -> None:
    with time_machine.travel(WORDS[season][0], tick=False):
        edition_of(2024)
        page = client.get("/").content.decode()

    buttons = re.findall(r'class="fr-btn[^"]*" href="([^"]+)"', page)
    assert ("/organisateurs/demandes/nouvelle/" in buttons) is (season == Season.OPEN)
