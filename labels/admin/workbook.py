"""A workbook written row after row to a file without a name: its memory does not grow with its length."""

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved
from openpyxl.writer.excel import ExcelWriter

from core.cells import clean, is_formula, local, short
from labels.admin.columns import Column

_DAY, _INSTANT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


def write(title: str, columns: Mapping[str, Column], rows: Iterable[list[Any]]) -> IO[bytes]:
    """A workbook of one sheet, read from its beginning. Raises OSError when the disk does not hold it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for rank, column in enumerate(columns.values(), 1):
        sheet.column_dimensions[get_column_letter(rank)].width = column.width
    sheet.freeze_panes = "B2"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        sheet.append([_heading(sheet, name) for name in columns])
        written = 1
        styled = _Styled(sheet)
        for row in rows:
            sheet.append(styled.cell(value) for value in row)
            written += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{written}"
        # Opened here, or what a full disk keeps it from writing would be tried again by the garbage collector.
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).save()
    except BaseException:
        file.close()
        _forget(sheet)
        raise
    file.seek(0)
    return file


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


class _Styled:
    """Three cells that say what they hold, each used again: openpyxl writes one before it asks for the next."""

    def __init__(self, sheet: Any) -> None:
        self.day, self.instant, self.text = (WriteOnlyCell(sheet) for _ in range(3))
        self.day.number_format, self.instant.number_format = _DAY, _INSTANT
        self.text.quotePrefix = True

    def cell(self, value: Any) -> Any:
        """What openpyxl writes as it is, or a cell: a date, or a text that looks like a formula."""
        if isinstance(value, date):
            cell = self.instant if isinstance(value, datetime) else self.day
            cell.value = local(value)
            return cell
        if not isinstance(value, str):
            return value
        text = short(clean(value))
        # Typed over, a quoted text stays one; « #N/A » would be an error.
        if not is_formula(text) and not text.startswith("#"):
            return text
        self.text.value = text
        self.text.data_type = "s"
        return self.text


def _forget(sheet: Any) -> None:
    """The sheet's own file, which openpyxl keeps by name until it is saved."""
    with suppress(OSError, ValueError, WorkbookAlreadySaved):
        sheet.close()
    with suppress(OSError, ValueError):
        sheet._writer.cleanup()  # noqa: SLF001
