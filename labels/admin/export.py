"""The queue as a file that a French Excel opens as it is: semicolons, a byte-order mark, no formula."""

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from labels.models import Application, ApplicationQuerySet

CHUNK = 500
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Column = Callable[[Application], Any]

COLUMNS: dict[str, Column] = {
    "référence": lambda a: a.reference,
    "état": lambda a: a.get_state_display(),
    "titre": lambda a: a.event.title,
    "organisateur": lambda a: a.event.organisation,
    "format": lambda a: a.event.format,
    "publics": lambda a: ", ".join(audience.label for audience in a.event.audiences.all()),
    "région": lambda a: a.event.region,
    "département": lambda a: a.event.commune and a.event.commune.departement_id,
    "commune": lambda a: a.event.commune and a.event.commune.name,
    "code INSEE": lambda a: a.event.commune_id,
    "premier jour": lambda a: a.event.starts_on,
    "dernier jour": lambda a: a.event.ends_on,
    "déposée le": lambda a: a.submitted_at,
    "réponse promise le": lambda a: a.promised_on,
    "décidée le": lambda a: a.decided_at,
    "numéro de label": lambda a: a.event.label_number,
    "édition": lambda a: a.event.edition.year,
}
CONTACT: dict[str, Column] = {
    "personne à contacter": lambda a: a.contact_name,
    "téléphone": lambda a: a.contact_phone,
    "courriel": lambda a: a.created_by and a.created_by.email,
}


def csv_response(queryset: QuerySet[Application], *, with_contact: bool) -> StreamingHttpResponse:
    """The applications of ``queryset``, which must be bounded to those that the reader may see."""
    columns = {**COLUMNS, **(CONTACT if with_contact else {})}
    response = StreamingHttpResponse(_lines(queryset, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="demandes-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def cell(value: Any) -> str:
    """``value`` as text that no spreadsheet takes for a formula; dates in ISO, instants by the clock of Paris."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


class _Echo:
    """A file that hands back what is written, for csv to write into."""

    def write(self, line: str) -> str:
        return line


def _lines(queryset: QuerySet[Application], columns: dict[str, Column]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow(columns)
    rows = cast(ApplicationQuerySet, queryset).select_related(
        "event__edition", "event__organisation", "event__format", "event__commune", "event__region", "created_by"
    )
    for application in rows.prefetch_related("event__audiences").iterator(chunk_size=CHUNK):
        yield writer.writerow([cell(read(application)) for read in columns.values()])
