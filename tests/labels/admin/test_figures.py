"""The page of the figures: what counts, who reads what, the file of the same, and its cost."""

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from events.models import Event
from labels.admin.tables import Table
from labels.models import Action, Application, Condition, Revision, State, Transition
from labels.permissions import COMMUNICATION
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import Page, signed_in, text_of

pytestmark = pytest.mark.django_db

FIGURES = reverse("admin:labels_application_figures")
FILE = reverse("admin:labels_application_figures_csv")

FILED, DECIDED, IN_TIME, SHARE, MEDIAN, NINTH, WAITING, LATE, ENDED = range(9)


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    """Two régions under their names, whoever examines them."""
    for code in ("76351", "69381"):
        factories.commune(code)


@pytest.fixture
def communication(examiner: User) -> User:
    """The group is there once an examiner is."""
    user = factories.organiser(is_staff=True, password=factories.PASSWORD, name="Côme Communication")
    user.groups.add(Group.objects.get(name=COMMUNICATION))
    return user


def table_of(response: Page, slug: str) -> dict[str, list[str]]:
    """The values of each row of a table, by its label."""
    assert response.status_code == 200
    tables: dict[str, Table] = {table.slug: table for table in response.context["tables"]}
    return {row.label: [value.text for value in row.values] for row in tables[slug].rows}


def read(user: User, slug: str = "delais", **query: str) -> dict[str, list[str]]:
    return table_of(signed_in(user).get(FIGURES, query), slug)


def at(day: date) -> datetime:
    return datetime.combine(day, time(23, 30), timezone.get_current_timezone())


def handled(
    filed_on: date, decided_on: date | None = None, *, state: State = State.APPROVED, **fields: Any
) -> Application:
    """An application of the current edition with the days that its figures rest on, near midnight in Paris."""
    result = factories.application(state=state if decided_on else State.SUBMITTED, **fields)
    Application.objects.filter(pk=result.pk).update(
        submitted_at=at(filed_on), decided_at=at(decided_on) if decided_on else None
    )
    return result


def test_delays_are_told_by_region_with_the_national_team_and_the_whole(examiner: User) -> None:
    handled(date(2024, 11, 7), date(2024, 11, 14))
    handled(date(2024, 11, 7), date(2024, 11, 15), state=State.REFUSED)
    handled(date(2024, 11, 12))
    handled(date(2024, 11, 12), date(2024, 11, 13), attendance="en-ligne", state=State.RETURNED)

    rows = read(factories.national())

    assert list(rows) == ["Ensemble", "Auvergne-Rhône-Alpes", "Normandie", "Équipe nationale"]
    assert rows["Normandie"] == ["3", "2", "1", "50\u00a0%", "4,5", "5", "1", "1", "0"]
    assert rows["Équipe nationale"] == ["1", "1", "1", "100\u00a0%", "1", "1", "0", "0", "0"]
    assert rows["Ensemble"] == ["4", "3", "2", "67\u00a0%", "4", "5", "1", "1", "0"]
    assert rows["Auvergne-Rhône-Alpes"] == ["0", "0", "0", "–", "–", "–", "0", "0", "0"]


def test_a_draft_does_not_count_and_one_withdrawn_unanswered_is_neither_decided_nor_waiting(examiner: User) -> None:
    factories.application()
    application = handled(date(2024, 11, 12))
    application.refresh_from_db()
    assert application.created_by
    perform(application, Action.WITHDRAW, by=application.created_by)

    row = read(examiner)["Normandie"]

    assert row == ["1", "0", "0", "–", "–", "–", "0", "0", "1"]


def test_a_decision_undone_or_reversed_leaves_the_application_waiting_since_it_was_filed(examiner: User) -> None:
    application = handled(date(2024, 11, 7), date(2024, 11, 14), state=State.REFUSED)
    application.refresh_from_db()
    perform(application, Action.REVERSE, by=factories.national(), note="Erreur.")

    row, reasons = read(examiner)["Normandie"], read(examiner, "motifs")

    assert (row[FILED], row[DECIDED], row[MEDIAN], row[WAITING], row[LATE]) == ("1", "0", "–", "1", "1")
    assert reasons["Décisions en tout"] == ["0", "–", "0", "–"]
    assert reasons["Gratuité"] == ["0", "–", "0", "–"]


def test_an_application_filed_again_counts_from_its_latest_filing_and_its_return_keeps_its_reasons(
    examiner: User,
) -> None:
    application = factories.application(state=State.RETURNED)
    assert application.created_by
    perform(application, Action.SUBMIT, by=application.created_by)

    row, reasons = read(examiner)["Normandie"], read(examiner, "motifs")

    assert (row[FILED], row[DECIDED], row[WAITING], row[LATE]) == ("1", "0", "1", "0")
    assert reasons["Dates"] == ["0", "–", "1", "100\u00a0%"]
    assert reasons["Gratuité"] == ["0", "–", "0", "0\u00a0%"]


def test_a_label_withdrawn_counts_with_its_first_answer(examiner: User) -> None:
    application = handled(date(2024, 11, 7), date(2024, 12, 20), state=State.REVOKED)
    Transition.objects.filter(application=application, action=Action.APPROVE).update(at=at(date(2024, 11, 8)))

    assert read(examiner)["Normandie"][: MEDIAN + 1] == ["1", "1", "1", "100\u00a0%", "1"]


def test_reasons_are_told_by_condition_one_decision_resting_on_several(examiner: User) -> None:
    factories.application(state=State.REFUSED)
    waiting = factories.application(state=State.SUBMITTED)
    both = [Condition.FREE, Condition.INDUSTRY]
    perform(waiting, Action.REFUSE, by=factories.national(), note="Payant.", conditions=both)

    reasons = read(examiner, "motifs")

    assert reasons["Décisions en tout"] == ["2", "–", "0", "–"]
    assert reasons["Gratuité"][:2] == ["2", "100\u00a0%"]
    assert reasons["Industrie"][:2] == ["1", "50\u00a0%"]


def test_changes_of_labelled_events_count_apart(examiner: User) -> None:
    for title in ("Un", "Deux"):
        application = factories.application(state=State.APPROVED)
        assert application.created_by
        perform(application, Action.REVISE, by=application.created_by, changes={"title": title})
        application.refresh_from_db()
    perform(application, Action.ACCEPT, by=factories.national())
    Revision.objects.filter(state="pending").update(filed_at=timezone.now() - timedelta(days=30))

    row, delays = read(examiner, "modifications")["Normandie"], read(examiner)["Normandie"]

    assert row == ["2", "1", "1", "100\u00a0%", "0", "0", "1", "1", "0"]
    assert (delays[FILED], delays[DECIDED], delays[WAITING]) == ("2", "2", "0")


def test_another_edition_has_its_own_figures(examiner: User) -> None:
    application = handled(date(2022, 11, 7), date(2022, 11, 8))
    Event.objects.filter(pk=application.event_id).update(edition=factories.edition(2022))
    factories.application(state=State.SUBMITTED)

    assert read(examiner)["Normandie"][DECIDED] == "0"
    assert read(examiner, edition="2022")["Normandie"][DECIDED] == "1"


# Who reads what -------------------------------------------------------------------------------------------------------


@pytest.fixture
def team(examiner: User) -> list[User]:
    """Two examiners who have decided, one of whom has an application in hand, in Normandie and in Lyon."""
    others = [factories.regional("28", name="Zoé Zélée"), factories.regional("84", name="Élise Autre")]
    for user, place in [(examiner, "76351"), (others[0], "76351"), (others[1], "69381")]:
        perform(factories.application(state=State.SUBMITTED, commune=factories.commune(place)), Action.APPROVE, by=user)
    taken = factories.application(state=State.SUBMITTED)
    Application.objects.filter(pk=taken.pk).update(assigned_to=others[0])
    return [examiner, *others]


def test_the_national_team_reads_the_load_of_each_examiner(team: list[User]) -> None:
    rows = read(factories.national(), "examinateurs")

    assert list(rows) == ["Ensemble", "Élise Autre", "Rachida Régionale", "Zoé Zélée"]
    assert rows["Zoé Zélée"] == ["1", "1", "1", "100\u00a0%", "0"]
    assert rows["Ensemble"] == ["1", "3", "3", "100\u00a0%", "0"]


def test_two_examiners_of_one_name_are_two(team: list[User]) -> None:
    User.objects.filter(name="Zoé Zélée").update(name="Rachida Régionale")

    response = signed_in(factories.national()).get(FIGURES)

    (table,) = [table for table in response.context["tables"] if table.slug == "examinateurs"]
    assert [row.label for row in table.rows].count("Rachida Régionale") == 2


def test_a_regional_examiner_reads_their_regions_and_of_examiners_themselves_alone(team: list[User]) -> None:
    response = signed_in(team[0]).get(FIGURES)

    assert list(table_of(response, "delais")) == ["Normandie"]
    assert table_of(response, "examinateurs") == {
        "Vos régions": ["1", "2", "2", "100\u00a0%", "0"],
        "Rachida Régionale": ["0", "1", "1", "100\u00a0%", "0"],
    }
    for secret in ("Zoé Zélée", "Élise Autre", "Auvergne"):
        assert secret not in text_of(response)


def test_communication_reads_regions_and_no_examiner(team: list[User], communication: User) -> None:
    page, file = signed_in(communication).get(FIGURES), signed_in(communication).get(FILE)

    assert table_of(page, "delais")["Auvergne-Rhône-Alpes"][DECIDED] == "1"
    assert "examinateurs" not in {table.slug for table in page.context["tables"]}
    for secret in ("Zoé Zélée", "Élise Autre", "Rachida"):
        assert secret not in text_of(page) + file.content.decode()


def test_communication_finds_on_the_home_page_the_figures_and_what_it_publishes_alone(communication: User) -> None:
    home = signed_in(communication).get(reverse("admin:index"))

    assert f'href="{FIGURES}"' in home.content.decode()
    assert [app["app_label"] for app in home.context["app_list"]] == ["editorial"]
    assert '/admin/labels/application/"' not in home.content.decode()
    assert signed_in(communication).get(reverse("admin:labels_application_changelist")).status_code == 403


def test_who_may_not_read_figures_is_refused(reader: User) -> None:
    home = signed_in(reader).get(reverse("admin:index"))

    assert [signed_in(reader).get(address).status_code for address in (FIGURES, FILE)] == [403, 403]
    assert FIGURES not in home.content.decode()


def test_one_region_is_read_alone(team: list[User]) -> None:
    rows = read(factories.national(), region="84")
    load = read(factories.national(), "examinateurs", region="84")

    assert list(rows) == ["Auvergne-Rhône-Alpes"]
    assert list(load) == ["Ensemble", "Élise Autre"]


@pytest.mark.parametrize("code", ["84", "aucune"])
@pytest.mark.parametrize("address", [FIGURES, FILE])
def test_the_detail_of_another_region_is_refused(address: str, code: str, team: list[User]) -> None:
    assert signed_in(team[0]).get(address, {"region": code}).status_code == 403


@pytest.mark.parametrize(
    "query", [{"edition": "1789"}, {"edition": "x"}, {"edition": "\0"}, {"region": "99"}, {"region": "\0"}]
)
def test_a_value_that_does_not_exist_is_named_and_left_aside(query: dict[str, str], team: list[User]) -> None:
    page, file = signed_in(team[0]).get(FIGURES, query), signed_in(team[0]).get(FILE, query)

    assert table_of(page, "delais")["Normandie"][DECIDED] == "2"
    assert "cette valeur n’existe pas, elle est laissée de côté" in text_of(page)
    assert file.status_code == 400


def test_without_any_edition_the_page_says_so(examiner: User) -> None:
    response = signed_in(examiner).get(FIGURES)

    assert response.status_code == 200
    assert "Aucune édition" in text_of(response)


# The page and the file ------------------------------------------------------------------------------------------------


def test_the_file_holds_the_numbers_of_the_page(team: list[User]) -> None:
    User.objects.filter(name="Zoé Zélée").update(name="=cmd|calc")

    page, file = (signed_in(factories.national()).get(address) for address in (FIGURES, FILE))

    found = list(csv.DictReader(io.StringIO(file.content.decode().removeprefix("\ufeff"), newline=""), delimiter=";"))
    shown = [
        (table.caption, row.label.replace("=cmd", "'=cmd"), column, value.text.replace("–", "").removesuffix("\u00a0%"))
        for table in page.context["tables"]
        for row in table.rows
        for column, value in zip(table.columns, row.values, strict=True)
    ]
    assert [tuple(line.values()) for line in found] == shown
    assert len(shown) > 50


def test_each_table_has_its_caption_and_its_headings(team: list[User]) -> None:
    body = signed_in(factories.national()).get(FIGURES).content.decode()

    assert body.count("<table>") == body.count("<caption") == 4
    assert body.count('<th scope="row">') == body.count("<tr>") + body.count('<tr class="total">') - 4
    # A share stands in words beside its bar.
    assert body.count('class="bar"') == body.count("\u00a0%<svg")


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.parametrize("address", [FIGURES, FILE])
def test_the_figures_take_as_many_queries_whatever_they_count(
    address: str, count: int, examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rank in range(count):
        place = factories.commune(["76351", "69381", "97411"][rank % 3])
        application = factories.application(state=State.SUBMITTED, commune=place)
        perform(application, Action.APPROVE, by=factories.national(name=f"Agent {rank}"))
    client = signed_in(factories.national())

    with django_assert_num_queries(13):
        response = client.get(address)

    assert response.status_code == 200
