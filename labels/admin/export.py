"""The filtered queue as a file, CSV or XLSX, all its rows; with the contacts for who may read them and asks for them.

Which rows is settled first, by their keys alone: the journal says their number before the first byte leaves.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any, cast

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.forms.renderers import DjangoTemplates
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models import User
from core.cells import clean, written
from labels.admin import workbook
from labels.admin.columns import Column, columns, loaded
from labels.admin.journal import spans
from labels.admin.queue import QueueAdmin

CHUNK, LINES = 500, 100
CSV, XLSX = "csv", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportForm(forms.Form):
    """What file; the contacts only for who ``may_read_contacts``."""

    default_renderer = DjangoTemplates
    format = forms.ChoiceField(
        label="Format",
        choices=[(XLSX, "Classeur (XLSX)"), (CSV, "Texte (CSV)")],
        widget=forms.RadioSelect,
        initial=XLSX,
    )
    contacts = forms.ChoiceField(
        label="Coordonnées des organisateurs",
        choices=[("sans", "Sans les coordonnées"), ("avec", "Avec les coordonnées (nom, téléphone, courriel)")],
        widget=forms.RadioSelect,
        initial="sans",
    )

    def __init__(self, data: Any = None, *, may_read_contacts: bool) -> None:
        super().__init__(data, auto_id="export-%s")
        if not may_read_contacts:
            del self.fields["contacts"]


class ExportAdmin(QueueAdmin):
    """The list's download."""

    def get_urls(self) -> list[URLPattern]:
        own = path("export/", self.admin_site.admin_view(self.export), name="labels_application_export")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        query = request.GET.urlencode()
        context = {
            "export_url": f"{reverse('admin:labels_application_export')}{f'?{query}' if query else ''}",
            "export_form": ExportForm(may_read_contacts=self.has_examine_permission(request)),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @method_decorator(require_http_methods(["GET", "POST"]))
    def export(self, request: HttpRequest) -> HttpResponseBase:
        """By GET the list without contacts, as a CSV: what a browser fetches unasked holds nobody's address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "GET":
            return self._send(request, CSV, with_contacts=False)
        may = self.has_examine_permission(request)
        if request.POST.get("contacts") == "avec" and not may:
            raise PermissionDenied("Les coordonnées sont réservées à qui instruit les demandes.")
        form = ExportForm(request.POST, may_read_contacts=may)
        if not form.is_valid():
            raise BadRequest("Cette demande d’export n’est pas lisible.")
        return self._send(
            request, form.cleaned_data["format"], with_contacts=form.cleaned_data.get("contacts") == "avec"
        )

    def _send(self, request: HttpRequest, file_format: str, *, with_contacts: bool) -> HttpResponseBase:
        keys = self._keys(request)
        shown = columns(with_contacts=with_contacts)
        name = f"demandes-{timezone.localdate():%Y-%m-%d}.{file_format}"
        book = None
        if file_format == XLSX:
            try:
                book = workbook.write("Demandes", shown, rows(keys, shown))
            except OSError:
                return self.render(request, "export_failed", status=507, title="Le fichier n’a pas pu être préparé")
        self._record(request, name, file_format, keys, with_contacts=with_contacts)
        return _workbook(book, name) if book else _text(keys, shown, name)

    def _keys(self, request: HttpRequest) -> "array[int]":
        """Those of the queue as it is filtered, searched and sorted; eight bytes each."""
        try:
            queue = self.filtered(request)
        except IncorrectLookupParameters as error:
            raise BadRequest("Ces filtres ne sont pas lisibles.") from error
        pks = queue.values_list("pk", flat=True)
        return array("q", pks.iterator(chunk_size=10_000))

    def _record(
        self, request: HttpRequest, name: str, file_format: str, keys: "array[int]", *, with_contacts: bool
    ) -> None:
        audit.record(
            cast(User, request.user),
            "application.export",
            f"Demandes exportées {'avec' if with_contacts else 'sans'} les coordonnées ({len(keys)})",
            about=name,
            details={
                "format": file_format,
                "rows": len(keys),
                "contacts": with_contacts,
                "filters": _told(request),
                # So that the journal of each tells who took its contacts away.
                **({"applications": spans(keys)} if with_contacts else {}),
            },
        )


def _told(request: HttpRequest) -> dict[str, list[str]]:
    """The filters as the journal keeps them: PostgreSQL stores no NUL."""
    return {clean(key)[:50]: [clean(value)[:200] for value in values] for key, values in request.GET.lists()}


def rows(keys: "array[int]", shown: dict[str, Column]) -> Iterator[list[Any]]:
    """The values of each, in the order of the keys; as many queries a chunk whatever it holds."""
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found = loaded(chunk)
        for key in chunk:
            if row := found.get(key):
                yield [column.read(row) for column in shown.values()]


def _workbook(book: IO[bytes], name: str) -> FileResponse:
    """The file has no name on the disk: it goes when it is closed, sent whole or not."""
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _text(keys: "array[int]", shown: dict[str, Column], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines(shown, rows(keys, shown)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file that hands back what is written, for csv to write into."""

    def write(self, line: str) -> str:
        return line


def lines(shown: Iterable[str], values: Iterable[list[Any]]) -> Iterator[str]:
    """With semicolons and a byte-order mark, as a French Excel opens it; some lines at a time."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(shown)
    told = (writer.writerow([written(value) for value in row]) for row in values)
    while some := "".join(islice(told, LINES)):
        yield some
