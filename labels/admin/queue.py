"""The queue: its columns, its search, and which application comes next."""

from copy import copy
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.fields import TextField
from core.text import fold
from labels.admin import filters
from labels.admin.desk import DeskAdmin
from labels.models import Application, ApplicationQuerySet, Condition, State
from labels.rules import Outcome

OUTCOMES = {Outcome.MET: "Remplie", Outcome.TO_EXAMINE: "À examiner", Outcome.NOT_MET: "Non remplie"}


class SearchForm(ChangeListSearchForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {SEARCH_VAR: TextField(required=False, max_length=200)}


class Queue(ChangeList):
    search_form_class = SearchForm


class QueueAdmin(DeskAdmin):
    """The list's half of the application's admin."""

    list_display = (
        "reference",
        "title",
        "promise",
        "advice",
        "organiser",
        "region",
        "event_format",
        "first_day",
        "submitted_on",
    )
    list_filter = (
        filters.StateFilter,
        filters.PromiseFilter,
        filters.RegionFilter,
        filters.DepartementFilter,
        filters.EditionFilter,
    )
    list_select_related = ("event__organisation", "event__format", "region", "assigned_to")
    search_fields = ("reference",)
    search_help_text = "Référence, titre, organisateur, commune ou mots de la description."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Queue

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Application], search_term: str
    ) -> tuple[QuerySet[Application], bool]:
        """Every word in the event's folded text, or the whole in the reference."""
        found = Q()
        for word in fold(search_term).split():
            found &= Q(event__search_text__contains=word)
        reference = "".join(c for c in search_term if c.isascii() and (c.isalnum() or c == "-"))
        if found and reference:
            found |= Q(reference__icontains=reference)
        return queryset.filter(found), False

    def queue_of(self, request: HttpRequest) -> ChangeList:
        """The queue that the user came from, by the filters that its links carry along."""
        there = copy(request)
        there.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        return self.get_changelist_instance(there)

    def following(self, request: HttpRequest, application: Application) -> int | None:
        """The application that waits after this one in the user's queue, from the top again at its end."""
        waiting = cast(ApplicationQuerySet, self.queue_of(request).queryset).waiting()
        pks = list(waiting.values_list("pk", flat=True))
        place = pks.index(application.pk) + 1 if application.pk in pks else 0
        return next((pk for pk in pks[place:] + pks[:place] if pk != application.pk), None)

    @admin.display(description="titre", ordering="event__title")
    def title(self, application: Application) -> str:
        return str(application.event)

    @admin.display(description="organisateur", ordering="event__organisation__name", empty_value="–")
    def organiser(self, application: Application) -> str | None:
        return str(application.event.organisation) if application.event.organisation else None

    @admin.display(description="région", ordering="region__name", empty_value="Équipe nationale")
    def region(self, application: Application) -> str | None:
        return application.region.name if application.region else None

    @admin.display(description="format", ordering="event__format__position", empty_value="–")
    def event_format(self, application: Application) -> str | None:
        return application.event.format.label if application.event.format else None

    @admin.display(description="premier jour", ordering="event__starts_on", empty_value="–")
    def first_day(self, application: Application) -> str | None:
        return date_format(application.event.starts_on, "d/m/Y") if application.event.starts_on else None

    @admin.display(description="déposée le", ordering="submitted_at", empty_value="–")
    def submitted_on(self, application: Application) -> str | None:
        return date_format(timezone.localtime(at), "d/m/Y") if (at := application.submitted_at) else None

    @admin.display(description="réponse promise", ordering="promised_on", empty_value="–")
    def promise(self, application: Application) -> SafeString | None:
        return promise_of(application)

    @admin.display(description="avis de la machine")
    def advice(self, application: Application) -> SafeString:
        return doubts_of(application)


def promise_of(application: Application) -> SafeString | None:
    """The date promised, marked while it is today's or past and nobody has answered."""
    if not (day := application.promised_on):
        return None
    shown, today = date_format(day, "d/m/Y"), timezone.localdate()
    if application.state != State.SUBMITTED or day > today:
        return format_html("{}", shown)
    mark = "en retard" if day < today else "aujourd’hui"
    return format_html('{} <strong class="mark {}">{}</strong>', shown, "late" if day < today else "due", mark)


def doubts_of(application: Application) -> SafeString:
    """The conditions that the machine did not hold for met when the application was filed or last moved."""
    if not application.doubts:
        return format_html('<span class="mark {}">{}</span>', Outcome.MET, "Aucun doute")
    doubts = (doubt.split(":") for doubt in application.doubts.split())
    return format_html_join(
        " ",
        '<span class="mark {}">{} : {}</span>',
        ((outcome, Condition(name).label, OUTCOMES[Outcome(outcome)].lower()) for name, outcome in doubts),
    )
