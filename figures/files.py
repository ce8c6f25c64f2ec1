"""Tables as files: comma-separated, each cell safe from formulas, a missing figure empty."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from core.cells import safe
from figures.tables import Table, lines


def of_all(year: int, tables: Iterable[Table]) -> str:
    """A line for each figure."""
    rows = [(str(year), *line) for table in tables for line in lines(table)]
    return _written(["edition", "tableau", "code", "libelle", "mesure", "valeur"], rows)


def of_one(year: int, table: Table) -> str:
    """A line for each line of the table."""
    rows = [
        (str(year), row.code, row.label, *(str(value) if isinstance(value, int) else "" for value in row.values))
        for row in table.rows
    ]
    return _written(["edition", "code", "libelle", *table.measures], rows)


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()
