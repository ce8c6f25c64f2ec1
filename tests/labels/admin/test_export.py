"""The export: the filtered queue, its reader's rows alone, and no formula."""

import csv
import io

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from labels.admin.export import cell
from labels.models import Application, State
from tests import factories
from tests.labels.admin.desk import EXPORT, Page, owner_of, signed_in

pytestmark = pytest.mark.django_db


def rows_of(response: Page) -> list[dict[str, str]]:
    body = b"".join(response.streaming_content).decode("utf-8")
    assert body.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";"))


def test_the_export_holds_the_filtered_queue_of_the_examiner(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    approved = factories.application(state=State.APPROVED)
    client = signed_in(examiner)

    waiting, labelled = rows_of(client.get(EXPORT)), rows_of(client.get(EXPORT, {"etat": "approved"}))

    assert [row["référence"] for row in waiting] == [here.reference]
    assert [row["référence"] for row in labelled] == [approved.reference]
    assert waiting[0]["courriel"] == owner_of(here).email
    assert waiting[0]["région"] == str(here.event.region)
    assert waiting[0]["code INSEE"] == "76351"
    assert waiting[0]["premier jour"] == str(here.event.starts_on)


def test_contacts_are_for_those_who_examine(reader: User, here: Application) -> None:

    rows = rows_of(signed_in(reader).get(EXPORT))

    assert [row["référence"] for row in rows] == [here.reference]
    assert not {"courriel", "téléphone", "personne à contacter"} & rows[0].keys()


@pytest.mark.parametrize("start", ["=1+1", "+33 6", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(start) == f"'{start}"


def test_a_title_cannot_break_out_of_its_cell(examiner: User) -> None:
    factories.application(state=State.SUBMITTED, title='=HYPERLINK("http://evil.example");"x"')

    rows = rows_of(signed_in(examiner).get(EXPORT))

    assert rows[0]["titre"] == '\'=HYPERLINK("http://evil.example");"x"'


@pytest.mark.parametrize("count", [1, 5])
def test_the_export_takes_as_many_queries_whatever_its_length(
    count: int, examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        factories.application(state=State.SUBMITTED)
    client = signed_in(examiner)

    with django_assert_num_queries(11):
        rows = rows_of(client.get(EXPORT))

    assert len(rows) == count
