"""The export: the filtered queue, its reader's rows alone, in both formats, no formula, and its line in the journal."""

import csv
import io
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.audit import AuditEntry
from accounts.models import Organisation, User
from core import cells
from events.models import Event
from labels.admin import export, workbook
from labels.admin.columns import Column, columns
from labels.models import Action, Application, State, Transition
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import EXPORT, QUEUE, Page, owner_of, signed_in

pytestmark = pytest.mark.django_db

CONTACTS = {"courriel", "téléphone", "personne à contacter"}
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+33 6",
    "-2",
    "\tx",
    "#N/A",
    'Une visite 🏭 « d’usine »; "entre" guillemets',
    "Deux\nlignes",
]


def bytes_of(response: Page) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(response: Page) -> list[dict[str, str]]:
    body = bytes_of(response).decode("utf-8")
    assert body.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"), newline=""), delimiter=";"))


def book_of(response: Page) -> list[dict[str, Any]]:
    """The rows of the only sheet, by their headings."""
    sheet = load_workbook(io.BytesIO(bytes_of(response))).worksheets[0]
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def download(user: User, file_format: str, *, contacts: bool = False, **filters: Any) -> Page:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    posted = {"format": file_format, "contacts": "avec" if contacts else "sans"}
    return signed_in(user).post(f"{EXPORT}?{query}", posted)


def entry() -> AuditEntry:
    return AuditEntry.objects.get(action="application.export")


def test_the_export_holds_the_filtered_queue_of_the_examiner(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    approved = factories.application(state=State.APPROVED)
    client = signed_in(examiner)

    waiting, labelled = rows_of(client.get(EXPORT)), rows_of(client.get(EXPORT, {"etat": "approved"}))

    assert [row["référence"] for row in waiting] == [here.reference]
    assert [row["référence"] for row in labelled] == [approved.reference]
    assert waiting[0]["région"] == str(here.event.region)
    assert waiting[0]["code INSEE"] == "76351"
    assert waiting[0]["premier jour"] == str(here.event.starts_on)


def test_both_formats_hold_the_same_rows_in_the_order_of_the_list(examiner: User, elsewhere: Application) -> None:
    for title in ("Bielles", "Arbres", "Culasses"):
        factories.application(state=State.SUBMITTED, title=title)
    asked: dict[str, Any] = {"o": "2", "q": "fonderie", "etat": "submitted"}

    listed = [a.event.title for a in signed_in(examiner).get(QUEUE, asked).context["cl"].result_list]
    text, book = rows_of(download(examiner, "csv", **asked)), book_of(download(examiner, "xlsx", **asked))

    assert listed == ["Arbres", "Bielles", "Culasses"]
    assert [row["titre"] for row in text] == [row["titre"] for row in book] == listed
    assert text[0].keys() == book[0].keys()


def test_all_rows_are_exported_beyond_a_chunk_and_a_page(examiner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CHUNK", 2)
    made = [factories.application(state=State.SUBMITTED).reference for _ in range(5)]

    assert sorted(row["référence"] for row in rows_of(download(examiner, "csv"))) == made
    assert sorted(row["référence"] for row in book_of(download(examiner, "xlsx"))) == made


# Contacts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_contacts_are_exported_when_they_are_asked_for(file_format: str, examiner: User, here: Application) -> None:
    read = rows_of if file_format == "csv" else book_of

    without, with_contacts = (read(download(examiner, file_format, contacts=asked))[0] for asked in (False, True))

    assert CONTACTS.isdisjoint(without)
    assert with_contacts["courriel"] == owner_of(here).email
    assert with_contacts["personne à contacter"] == "Camille Martin"


def test_a_get_never_holds_contacts(examiner: User, here: Application) -> None:
    rows = rows_of(signed_in(examiner).get(EXPORT))
    asked = signed_in(examiner).get(EXPORT, {"contacts": "avec"})

    assert [row["référence"] for row in rows] == [here.reference]
    assert CONTACTS.isdisjoint(rows[0])
    assert asked.status_code == 400


def test_contacts_are_for_those_who_examine(reader: User, here: Application) -> None:
    refused, offered = download(reader, "csv", contacts=True), signed_in(reader).get(QUEUE)

    assert refused.status_code == 403
    assert AuditEntry.objects.filter(action="application.export").count() == 0
    assert "avec" not in [value for value, _ in offered.context["export_form"].fields.get("contacts", [])]
    assert CONTACTS.isdisjoint(rows_of(download(reader, "csv"))[0])


@pytest.mark.parametrize("posted", [{}, {"format": "ods"}, {"format": "csv"}, {"format": "csv", "contacts": "tout"}])
def test_an_export_that_cannot_be_read_is_refused(posted: dict[str, str], examiner: User, here: Application) -> None:
    response = signed_in(examiner).post(EXPORT, posted)

    assert response.status_code == 400
    assert AuditEntry.objects.filter(action="application.export").count() == 0


@pytest.mark.parametrize("query", ["q=%00", "region=%00", "etat=%00", "o=%00", "p=%00", "q=" + "x" * 5000])
def test_a_broken_query_still_gives_a_file(query: str, examiner: User, here: Application) -> None:
    response = signed_in(examiner).post(f"{EXPORT}?{query}", {"format": "csv", "contacts": "sans"})

    assert response.status_code == 200
    assert entry().details["rows"] == len(rows_of(response))


# The journal ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contacts", [True, False])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_is_in_the_journal_before_its_first_byte(
    file_format: str, contacts: bool, examiner: User, here: Application, elsewhere: Application
) -> None:
    other = factories.application(state=State.SUBMITTED)

    response = download(examiner, file_format, contacts=contacts, etat="submitted")

    # Nothing of the answer has been read yet.
    assert entry().by == examiner
    assert entry().about == f"demandes-{timezone.localdate()}.{file_format}"
    assert entry().details == {
        "format": file_format,
        "rows": 2,
        "contacts": contacts,
        "filters": {"etat": ["submitted"]},
        **({"applications": f"{here.pk},{other.pk}"} if contacts else {}),
    }
    assert len((rows_of if file_format == "csv" else book_of)(response)) == 2


def test_what_arrives_while_a_file_is_sent_is_not_in_it(examiner: User, here: Application) -> None:
    response = download(examiner, "csv")
    factories.application(state=State.SUBMITTED)

    assert len(rows_of(response)) == entry().details["rows"] == 1


# What a cell holds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=1+1", "+33 6", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\x0b=1"])
def test_no_cell_of_a_csv_is_a_formula(start: str) -> None:
    assert cells.written(start) == f"'{start.removeprefix(chr(11))}"


def test_a_title_cannot_break_out_of_its_cell(examiner: User) -> None:
    factories.application(state=State.SUBMITTED, title='=HYPERLINK("http://evil.example");"x"')

    rows = rows_of(download(examiner, "csv"))

    assert rows[0]["titre"] == '\'=HYPERLINK("http://evil.example");"x"'


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_text_in_a_workbook(title: str, examiner: User, here: Application) -> None:
    Event.objects.filter(pk=here.event_id).update(title=title)

    body = bytes_of(download(examiner, "xlsx"))

    cell = load_workbook(io.BytesIO(body)).worksheets[0]["C2"]
    assert (cell.value, cell.data_type) == (title, "s")
    assert [node for node in sheet_of(body).iter() if node.tag.endswith("}f")] == []


def sheet_of(body: bytes) -> ET.Element:
    """The sheet by a parser that takes no fault; every other part of the package is parsed as well."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        assert package.testzip() is None
        parts = {name: ET.fromstring(package.read(name)) for name in package.namelist()}
    return parts["xl/worksheets/sheet1.xml"]


def test_what_xml_refuses_is_left_out_of_a_workbook() -> None:
    hostile = "a\x00b\x0bc\x1fd\ufffee\uffff\ud800f\r\ng"

    with workbook.write("Demandes", {"titre": Column(str)}, [[hostile]]) as file:
        texts = [node.text for node in sheet_of(file.read()).iter() if node.tag.endswith("}t")]

    assert texts == ["titre", "abcdef\ng"]


@pytest.mark.parametrize(("text", "length"), [("x" * 40_000, 32_767), ("🏭" * 40_000, 16_384), ("x" * 32_767, 32_767)])
def test_a_text_is_cut_to_what_a_cell_of_a_workbook_holds(text: str, length: int) -> None:
    with workbook.write("Demandes", {"titre": Column(str)}, [[text]]) as file:
        value = str(load_workbook(file).worksheets[0]["A2"].value)

    assert len(value) == length
    assert len(value.encode("utf-16-le")) // 2 <= 32_767
    assert value.endswith("…") is (text != value)


def test_a_workbook_holds_dates_and_numbers_under_a_heading_that_stays(examiner: User) -> None:
    application = factories.application(state=State.SUBMITTED, capacity=30)
    at = datetime(2024, 11, 12, 23, 30, tzinfo=timezone.get_current_timezone())
    Application.objects.filter(pk=application.pk).update(submitted_at=at)

    sheet = load_workbook(io.BytesIO(bytes_of(download(examiner, "xlsx")))).worksheets[0]

    found: dict[str, Any] = {str(name.value): cell for name, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == (
        "Demandes",
        "B2",
        f"A1:{found['édition'].coordinate}",
    )
    assert found["nombre de places"].value == 30
    assert (found["déposée le"].value, found["déposée le"].number_format) == (
        datetime(2024, 11, 12, 23, 30),
        "dd/mm/yyyy hh:mm",
    )
    assert found["premier jour"].is_date
    assert found["premier jour"].value == datetime.combine(application.event.starts_on or date.min, time())
    assert found["code INSEE"].data_type == "s"
    assert sheet.column_dimensions["C"].width == 45


# What the columns say -------------------------------------------------------------------------------------------------


def test_the_row_of_a_refused_application_says_why_and_how_long_it_took(examiner: User) -> None:
    application = factories.application(state=State.REFUSED)
    tz = timezone.get_current_timezone()
    Application.objects.filter(pk=application.pk).update(
        submitted_at=datetime(2024, 11, 7, 9, tzinfo=tz),
        decided_at=datetime(2024, 11, 14, 18, tzinfo=tz),
        assigned_to=examiner,
        doubts="audiences:to_examine free:not_met",
    )

    row = book_of(download(examiner, "xlsx", etat="refused"))[0]

    assert row["délai de réponse (jours ouvrés)"] == 4
    assert row["dernière décision"] == "Label refusé"
    assert (row["conditions non remplies"], row["motif"]) == ("Gratuité", "Payant.")
    assert row["avis de la machine"] == "Publics\u00a0: à examiner, Gratuité\u00a0: non remplie"
    assert row["prise en charge par"] == examiner.name
    assert row["participation"] == "Sur place"
    assert row["à décider avant le"] is None


def test_a_decision_taken_back_is_not_the_last_one(examiner: User) -> None:
    application = factories.application(state=State.REFUSED)
    perform(application, Action.REVERSE, by=factories.national(), note="Erreur.")

    row = book_of(download(examiner, "xlsx"))[0]

    assert (row["dernière décision"], row["motif"], row["délai de réponse (jours ouvrés)"]) == (None, None, None)


def test_a_label_withdrawn_keeps_the_delay_of_its_first_answer(examiner: User) -> None:
    application = factories.application(state=State.REVOKED)
    late = timezone.now() + timedelta(days=30)
    Application.objects.filter(pk=application.pk).update(decided_at=late)

    row = book_of(download(examiner, "xlsx", etat="revoked"))[0]

    assert (row["dernière décision"], row["délai de réponse (jours ouvrés)"]) == ("Label retiré", 0)


# Its cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_export_takes_as_many_queries_whatever_its_length(
    file_format: str, count: int, examiner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        factories.application(state=State.SUBMITTED)
    client = signed_in(examiner)

    with django_assert_num_queries(14):
        body = bytes_of(client.post(EXPORT, {"format": file_format, "contacts": "avec"}))

    assert body.count(b"\n") == 1 + count if file_format == "csv" else len(body) > 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_of_a_workbook_stays_on_the_disk(folder: Path, examiner: User, here: Application) -> None:
    response = download(examiner, "xlsx")

    # The client goes away before the end.
    next(iter(response.streaming_content))
    response.close()

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("after", [0, 1])
def test_a_full_disk_gives_a_page_and_leaves_nothing(
    after: int, folder: Path, examiner: User, here: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(*_: Any) -> Iterator[list[Any]]:
        yield from [["x"]] * after
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "rows", rows)

    response = download(examiner, "xlsx", etat="submitted")

    assert response.status_code == 507
    assert "rien n’a été téléchargé" in response.content.decode()
    assert list(folder.iterdir()) == []
    assert AuditEntry.objects.filter(action="application.export").count() == 0


def test_a_date_alone_is_written_in_iso() -> None:
    assert cells.written(date(2024, 11, 8)) == "2024-11-08"


def test_an_export_makes_no_model_of_a_row(examiner: User, here: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError("A row of the export was made a model.")

    for model in (Application, Event, Transition, Organisation):
        monkeypatch.setattr(model, "from_db", refuse)

    (row,) = export.rows(array("q", [here.pk]), columns(with_contacts=True))

    assert (row[0], row[2]) == (here.reference, "Visite de la fonderie")


def test_a_text_leaves_some_lines_at_a_time() -> None:
    rows = [[str(rank)] for rank in range(2 * export.LINES + 1)]

    parts = list(export.lines(["rang"], rows))

    assert [part.count("\n") for part in parts] == [1, export.LINES, export.LINES, 1]


def test_a_row_of_a_workbook_with_several_dates_keeps_each() -> None:
    days = [date(2026, 11, 16), date(2026, 11, 22), datetime(2026, 11, 17, 8, tzinfo=UTC), "=1", "=2"]
    named = {str(rank): Column(str) for rank in range(len(days))}

    with workbook.write("Demandes", named, [days]) as file:
        cells_ = load_workbook(file).worksheets[0][2]

    assert [cell.value for cell in cells_] == [
        datetime(2026, 11, 16),
        datetime(2026, 11, 22),
        datetime(2026, 11, 17, 9),
        "=1",
        "=2",
    ]
    assert [cell.data_type for cell in cells_] == ["d", "d", "d", "s", "s"]
