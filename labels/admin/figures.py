"""The figures of the work: what a member of staff may read of them, as tables, on a page and in a file.

The national team reads all; a regional examiner their régions, and of the examiners themselves alone; communication
reads régions and no examiner.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.models import User
from core.text import fold
from events.models import Edition
from labels.admin import tables, tallies
from labels.admin.desk import DeskAdmin
from labels.admin.tables import NATIONAL_TEAM, Table
from labels.board import NO_REGION
from labels.deadlines import ANSWER_IN_WORKING_DAYS
from labels.figures import Delays, delays_by, together
from labels.models import Application, ApplicationQuerySet
from places.models import Region

# Names by code, in the order of the page.
Regions = dict[str | None, str]
# What the query string may hold.
ASKED = ("edition", "region")


@dataclass(frozen=True)
class Reader:
    """What a user may read the figures of."""

    user: User

    @property
    def is_bounded(self) -> bool:
        return self.user.has_perm("labels.view_application") and not self.user.has_perm("labels.examine_everywhere")

    @property
    def reads_names(self) -> bool:
        return self.user.has_perm("labels.examine_everywhere")

    @property
    def is_examiner(self) -> bool:
        return self.user.has_perm("labels.examine_application")

    def regions(self) -> Regions:
        """Name by code, the national team last."""
        regions = self.user.regions.all() if self.is_bounded else Region.objects.all()
        named: Regions = dict(regions.named())
        return named if self.is_bounded else {**named, None: NATIONAL_TEAM}


class FiguresForm(forms.Form):
    """Which edition, the current one by default, and which région."""

    default_renderer = DjangoTemplates
    edition = forms.ChoiceField(label="Édition", required=False)
    region = forms.ChoiceField(label="Région", required=False)

    def __init__(self, asked: Mapping[str, str], editions: list[Edition], regions: Regions) -> None:
        super().__init__(dict(asked), auto_id="figures-%s")
        self.regions = regions
        self._offer("edition", [(str(edition.year), str(edition.year)) for edition in editions])
        self._offer("region", [("", "Toutes"), *((code or NO_REGION, name) for code, name in regions.items())])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def chosen(self) -> Regions:
        """The régions asked for: one, or all that are offered."""
        if not (value := self.cleaned_data.get("region")):
            return self.regions
        code = None if value == NO_REGION else value
        return {code: self.regions[code]}


class FiguresAdmin(DeskAdmin):
    """The two addresses of the figures."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("chiffres/", view(self.figures), name="labels_application_figures"),
            path("chiffres.csv", view(self.figures_csv), name="labels_application_figures_csv"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def figures(self, request: HttpRequest) -> HttpResponse:
        edition, form = self._asked(request)
        for name in form.errors:
            label = form.fields[name].label
            messages.warning(request, f"« {label} » : cette valeur n’existe pas, elle est laissée de côté.")
        return self.render(
            request,
            "figures",
            title="Chiffres de l’instruction",
            edition=edition,
            form=form,
            tables=_tables(request, edition, form),
            promise=ANSWER_IN_WORKING_DAYS,
            file_url=reverse("admin:labels_application_figures_csv", query=form.cleaned_data),
        )

    @method_decorator(require_safe)
    def figures_csv(self, request: HttpRequest) -> HttpResponse:
        """The tables of the page, a line a number."""
        edition, form = self._asked(request)
        if form.errors or edition is None:
            raise BadRequest("Cette édition ou cette région n’existe pas.")
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="instruction-{edition.year}.csv"'
        writer = csv.writer(response, delimiter=";")
        writer.writerow(("tableau", "ligne", "mesure", "valeur"))
        for table in _tables(request, edition, form):
            writer.writerows(table.lines())
        return response

    def _asked(self, request: HttpRequest) -> tuple[Edition | None, FiguresForm]:
        """The edition to show, and the form as it was sent; what is not offered has its error there."""
        if not request.user.has_perm("labels.view_figures"):
            raise PermissionDenied
        editions = list(Edition.objects.all())
        current = Edition.objects.current() or next(iter(editions), None)
        asked = {
            "edition": str(current.year) if current else "",
            **{name: request.GET[name] for name in ASKED if request.GET.get(name)},
        }
        form = FiguresForm(asked, editions, Reader(cast(User, request.user)).regions())
        if not form.is_valid() and "region" in form.errors and _is_another(asked["region"]):
            raise PermissionDenied("Vous ne pouvez lire que les chiffres de vos régions.")
        year = form.cleaned_data.get("edition")
        return next((edition for edition in editions if str(edition.year) == year), current), form


def _tables(request: HttpRequest, edition: Edition | None, form: FiguresForm) -> list[Table]:
    if edition is None:
        return []
    reader = Reader(cast(User, request.user))
    applications = Application.objects.counted_for(reader.user)
    if form.cleaned_data.get("region"):
        applications = applications.filter(region=next(iter(form.chosen)))
    return list(_tables_of(tallies.filed(applications, edition), form.chosen, reader))


def _is_another(code: str) -> bool:
    """Names a région, or the national team, that the user is not offered."""
    return code == NO_REGION or ("\0" not in code and Region.objects.filter(code=code).exists())


def _tables_of(applications: ApplicationQuerySet, regions: Regions, reader: Reader) -> Iterator[Table]:
    found = delays_by(tallies.batches(applications), lambda batch: batch.region, timezone.localdate())
    total = together(found.values())
    yield tables.of_delays(found, regions, total)
    yield tables.of_reasons(tallies.reasons(applications))
    yield _of_revisions(applications, regions)
    if reader.is_examiner:
        yield _of_examiners(applications, reader, total)


def _of_revisions(applications: ApplicationQuerySet, regions: Regions) -> Table:
    found = delays_by(tallies.batches_of_revisions(applications), lambda batch: batch.region, timezone.localdate())
    return tables.of_revisions(found, regions, together(found.values()))


def _of_examiners(applications: ApplicationQuerySet, reader: Reader, total: Delays) -> Table:
    """All by their names for the national team; for others their own work beside that of their régions."""
    hands = tallies.in_hand(applications)
    decided = delays_by(tallies.batches_by_examiner(applications), lambda batch: batch.by, timezone.localdate())
    keys = {*hands, *decided} if reader.reads_names else {reader.user.pk}
    names = {
        user.pk: str(user) for user in User.objects.filter(pk__in=[key for key in keys if key]).only("name", "email")
    }
    rows = [
        (names.get(key or 0, "Compte effacé ou non renseigné"), hands.get(key or 0, 0), decided.get(key, Delays()))
        for key in keys
    ]
    return tables.of_examiners(
        sorted(rows, key=lambda row: fold(row[0])),
        ("Ensemble" if reader.reads_names else "Vos régions", sum(hands.values()), total),
    )
