"""The page of the figures and its files: who is counted, what is said, what it costs."""

import csv
import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from events.models import Audience, Edition, Event, Format
from figures import queries
from labels.models import State
from tests import axe, factories
from tests.headers import policy

pytestmark = pytest.mark.django_db

KINDS = ("regions", "departements", "formats", "publics", "jours", "editions")
# Who is not signed in: editions, histories, counts (3), names (5); then the editions alone, for their versions.
QUERIES, QUERIES_KEPT = 10, 1


def text(response: Any) -> str:
    """The page as read, with ordinary spaces."""
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:strong|a|span)\b[^>]*>", "", response.content.decode()))
    return " ".join(plain.replace("\u202f", " ").replace("\u00a0", " ").split())


def published(**fields: Any) -> Event:
    event = factories.event(**{"edition": factories.edition(2024), **fields})
    event.publish()
    return event


def rows(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(response.content.decode(), newline="")))


def column(client: Client, slug: str, year: int = 2024) -> dict[str, str]:
    """The first measure of a table, by code."""
    return {row[1]: row[3] for row in rows(client, f"/chiffres/{year}/{slug}.csv")[1:]}


def test_labelled_events_that_take_place_count_and_no_others(client: Client) -> None:
    for state in State:
        factories.application(state=state)

    page = client.get("/chiffres/")

    assert page.context["report"].counts.total == 1
    assert "ceux qui ont été annulés et ceux dont le label a été retiré ne le sont pas" in text(page)


def test_every_event_counts_once_where_it_takes_place(client: Client) -> None:
    published()
    published(attendance="hybride", online_url="https://visio.example/")
    published(commune=factories.commune("97411"))
    published(commune=factories.commune("98818"))
    published(commune=None)
    published(attendance="en-ligne")

    page = client.get("/chiffres/2024/")

    assert "3 en région + 1 en ligne + 2 sans région = 6 événements." in text(page)
    assert "4 événements situés sur la carte, sur 6." in text(page)
    assert column(client, "regions") == {"04": "1", "28": "2", "en-ligne": "1", "sans-region": "2", "total": "6"}
    assert column(client, "departements") == {"76": "2", "974": "1"}


def test_formats_audiences_and_days_are_counted(client: Client) -> None:
    week = factories.edition(2024).week_starts_on
    nine, noon, three = (datetime(2024, 1, 1, hour).time() for hour in (9, 12, 15))
    published(slots=[(week, nine, noon), (week, noon, three), (week + timedelta(days=1), nine, noon)])
    published(audiences=["scolaires"], format=Format.objects.get(slug="atelier"))

    assert column(client, "formats") | {"total": ""} == {
        **dict.fromkeys(Format.objects.values_list("slug", flat=True), "0"),
        "visite-entreprise": "1",
        "atelier": "1",
        "total": "",
    }
    assert column(client, "publics") == {
        **dict.fromkeys(Audience.objects.values_list("slug", flat=True), "0"),
        "scolaires": "2",
        "grand-public": "1",
    }
    counted = {day: count for day, count in column(client, "jours").items() if count != "0"}
    assert counted == {"2024-11-18": "2", "2024-11-19": "1"}
    assert len(column(client, "jours")) == 37


def test_what_nobody_could_choose_is_not_shown_and_what_was_retired_still_counts(client: Client) -> None:
    edition = factories.edition(2024)
    edition.audiences.set(Audience.objects.filter(slug__in=["jeunes", "grand-public"]))
    published(audiences=["scolaires"])
    Format.objects.exclude(slug="conference").update(is_active=False)

    assert column(client, "publics") == {"scolaires": "1", "jeunes": "0", "grand-public": "0"}
    assert set(column(client, "formats")) == {"visite-entreprise", "conference", "total"}


def test_a_change_is_counted_at_the_next_request(client: Client) -> None:
    event = published()
    before = client.get("/chiffres/")
    event.cancel("L’atelier est fermé.")
    after = client.get("/chiffres/", headers={"if-none-match": before["ETag"]})

    assert before.context["report"].counts.total == 1
    assert after.status_code == 200
    assert after.context["report"].counts.total == 0


def test_a_change_reads_again_the_edition_that_changed_and_no_other(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(edition=factories.edition(2023))
    event = published()
    client.get("/chiffres/")
    read: list[int] = []
    whole = queries._histories

    def spied(editions: list[Edition]) -> Any:
        read.extend(edition.year for edition in editions)
        return whole(editions)

    monkeypatch.setattr(queries, "_histories", spied)
    client.get("/chiffres/")
    event.cancel("L’atelier est fermé.")
    client.get("/chiffres/")

    assert read == [2024]


def test_without_a_year_the_last_edition_that_has_events_is_shown(client: Client) -> None:
    published(edition=factories.edition(2023))
    published(edition=factories.edition(2024))
    published(edition=factories.edition(2027, is_published=False))
    factories.edition(2026)

    assert client.get("/chiffres/").context["edition"].year == 2024
    assert rows(client, "/chiffres.csv")[1][0] == "2024"


def test_there_may_be_no_edition_at_all(client: Client) -> None:
    assert "Aucune édition n’est encore annoncée" in text(client.get("/chiffres/"))
    assert client.get("/chiffres.csv").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/chiffres/2019/",
        "/chiffres/2027/",
        "/chiffres/2019.csv",
        "/chiffres/2024/autre.csv",
        "/chiffres/2024/autre.svg",
        f"/chiffres/{'9' * 30}/",
        f"/chiffres/{'9' * 5000}/",
        "/chiffres/-1/",
        "/chiffres/2024/%00.csv",
        "/chiffres/2024/regions.svg/",
        "/chiffres/2024/../regions.csv",
    ],
)
def test_what_there_is_not_is_not_found(client: Client, address: str) -> None:
    published()
    factories.edition(2027, is_published=False)

    assert client.get(address).status_code == 404


def test_an_unknown_parameter_changes_nothing(client: Client) -> None:
    published()

    assert client.get("/chiffres/?edition=%00'%22><script>").status_code == 200


def test_an_edition_that_is_over_without_an_event_here_is_not_known(client: Client) -> None:
    factories.edition(2023, participants=2_200_000)

    page = client.get("/chiffres/2023/")

    assert "Événements labellisés non renseigné" in text(page)
    assert "Participants déclarés 2 200 000" in text(page)
    assert "en région" not in text(page)
    assert [row[1] for row in rows(client, "/chiffres/2023.csv")[1:]] == ["editions"] * 8
    assert client.get("/chiffres/2023/regions.svg").status_code == 404


def test_participants_nobody_declared_are_said_to_be_missing(client: Client) -> None:
    published()
    missing = text(client.get("/chiffres/2024/"))
    Edition.objects.update(participants=0)
    Edition.objects.get().touch()
    declared = text(client.get("/chiffres/2024/"))

    assert "Participants déclarés non renseigné" in missing
    assert "Participants déclarés 0" in declared


@time_machine.travel(datetime(2025, 11, 10, 12, tzinfo=ZoneInfo("Europe/Paris")))
def test_editions_stand_side_by_side_at_the_same_number_of_days(client: Client) -> None:
    for year, before in ((2024, (40, 10, 3)), (2025, (31, 8))):
        edition = factories.edition(year)
        for days in before:
            event = published(edition=edition)
            moment = datetime.combine(edition.week_starts_on, datetime.min.time(), ZoneInfo("Europe/Paris"))
            Event.objects.filter(pk=event.pk).update(published_at=moment - timedelta(days=days, hours=-1))
        edition.touch()

    header, *lines = rows(client, "/chiffres/2025/editions.csv")

    assert header[3:] == [
        *(f"{days} jours avant" for days in (60, 45, 30, 15, 7)), "Premier jour", "En tout", "Participants déclarés",
    ]  # fmt: skip
    assert [line[0] for line in lines] == ["2025", "2025"]
    assert [line[2:] for line in lines] == [
        ["2025", "0", "0", "1", "1", "2", "", "2", ""],
        ["2024", "0", "0", "1", "1", "2", "3", "3", ""],
    ]


def test_an_edition_read_from_a_file_says_that_its_history_is_not_known(client: Client) -> None:
    for _ in range(3):
        published()
    Event.objects.update(published_at=datetime(2024, 10, 1, 9, tzinfo=ZoneInfo("Europe/Paris")))
    factories.edition(2024).touch()

    page = client.get("/chiffres/2024/")

    assert "Édition 2024 : la date à laquelle chaque label a été accordé n’est pas connue" in text(page)
    assert "L’historique d’aucune édition n’est connu." in text(page)
    assert client.get("/chiffres/2024/editions.svg").status_code == 404


def test_each_table_and_each_drawing_may_be_taken_away(client: Client) -> None:
    year = published(edition=factories.edition()).edition.year
    page = client.get(f"/chiffres/{year}/").content.decode()

    files = re.findall(r'href="(/chiffres[^"]+\.(?:csv|svg))"', page)

    each = {f"/chiffres/{year}/{kind}.{end}" for kind in KINDS for end in ("csv", "svg")}
    assert set(files) == {f"/chiffres/{year}.csv"} | each
    for address in files:
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith(f'attachment; filename="semaine-industrie-chiffres-{year}')
        assert response["Access-Control-Allow-Origin"] == "*"
        again = client.get(address, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_file_of_all_tables_says_what_each_says(client: Client) -> None:
    published()

    whole = rows(client, "/chiffres/2024.csv")

    assert whole[0] == ["edition", "tableau", "code", "libelle", "mesure", "valeur"]
    assert {row[1] for row in whole[1:]} == set(KINDS)
    for kind in KINDS[:-1]:
        assert {row[2]: row[5] for row in whole[1:] if row[1] == kind} == column(client, kind)


def test_a_hostile_label_is_text_in_page_file_and_drawing(client: Client) -> None:
    label = "=cmd|' /C calc'!A0<script>alert(1)</script>"
    Format.objects.filter(slug="visite-entreprise").update(label=label)
    published()

    page = client.get("/chiffres/2024/").content.decode()
    names = [row[2] for row in rows(client, "/chiffres/2024/formats.csv")]
    sheet = client.get("/chiffres/2024/formats.svg")

    assert "<script>alert" not in page
    assert f"'{label}" in names
    assert label in [element.text for element in ET.fromstring(sheet.content).iter()]
    assert "sandbox" in policy(sheet)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_however_many_events(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        published(commune=factories.commune(["76351", "69381", "97411"][rank % 3]))

    with django_assert_num_queries(QUERIES):
        first = client.get("/chiffres/2024/")
    with django_assert_num_queries(QUERIES_KEPT):
        client.get("/chiffres/2024/")

    assert first.context["report"].counts.total == count


def test_the_page_is_not_sent_again_unchanged(client: Client) -> None:
    published()
    first = client.get("/chiffres/")

    again = client.get("/chiffres/", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/chiffres/").cookies == {}


@pytest.fixture
def context_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    return getattr(request, "param", {})


@pytest.mark.parametrize(
    "context_options",
    [{"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}, "java_script_enabled": True}],
    indirect=True,
)
def test_the_page_is_read_by_all(page: Page, live_server: LiveServer) -> None:
    published()
    published(edition=factories.edition(timezone.localdate().year))
    page.goto("/chiffres/2024/")

    expect(page.get_by_role("img", name="Par région, édition 2024")).to_be_visible()
    expect(page.get_by_role("row", name="Normandie 1")).to_be_visible()
    assert axe.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
