"""The queue: its columns and marks, its search, and which applications stand next to one."""

from copy import copy
from datetime import date
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from labels.admin import filters
from labels.admin.changelist import Queue, Unread, search
from labels.admin.desk import DeskAdmin
from labels.admin.neighbours import Neighbours, neighbours
from labels.admin.organisation_filters import organisations_json
from labels.admin.selection import AT_MOST
from labels.assignment import is_free
from labels.models import Application, ApplicationQuerySet, Condition, State
from labels.rules import Outcome

OUTCOMES = {Outcome.MET: "Remplie", Outcome.TO_EXAMINE: "À examiner", Outcome.NOT_MET: "Non remplie"}
# Days within which an event is said to be near.
SOON = 3


class QueueAdmin(DeskAdmin):
    """The list's half of the application's admin."""

    list_display = (
        "reference",
        "title",
        "promise",
        "first_day",
        "advice",
        "organiser",
        "region",
        "event_format",
        "examiner",
    )
    list_filter = filters.FILTERS
    list_select_related = ("event__organisation", "event__format", "region", "assigned_to")
    search_fields = ("reference",)
    search_help_text = "Référence, titre, organisateur, commune ou mots de la description."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Unread if getattr(request, "reads_no_page", False) else Queue

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.organisations)
        return [path("organisations.json", view, name="labels_application_organisations"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"bulk_at_most": AT_MOST, **(extra_context or {})})

    @method_decorator(require_safe)
    def organisations(self, request: HttpRequest) -> JsonResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return organisations_json(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Application], search_term: str
    ) -> tuple[QuerySet[Application], bool]:
        return search(cast(ApplicationQuerySet, queryset), search_term), False

    def filtered(self, request: HttpRequest) -> ApplicationQuerySet:
        """All that the filters of ``request`` leave, in their order; none of it is read yet."""
        there = copy(request)
        there.reads_no_page = True  # type: ignore[attr-defined]
        return cast(ApplicationQuerySet, self.get_changelist_instance(there).queryset)

    def queue_of(self, request: HttpRequest) -> ApplicationQuerySet:
        """The queue that the user came from, by the filters that its links carry along."""
        there = copy(request)
        there.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        return self.filtered(there)

    def neighbours(self, request: HttpRequest, application: Application) -> Neighbours:
        """The applications that wait before and after this one in the user's queue."""
        return neighbours(self.queue_of(request), application)

    def following(self, request: HttpRequest, application: Application) -> int | None:
        return self.neighbours(request, application).after

    @admin.display(description="titre", ordering="event__title")
    def title(self, application: Application) -> SafeString:
        return format_html("{} {}", application.event, state_of(application))

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
    def first_day(self, application: Application) -> SafeString | None:
        return first_day_of(application)

    @admin.display(description="réponse promise", ordering="promised_on", empty_value="–")
    def promise(self, application: Application) -> SafeString | None:
        return promise_of(application)

    @admin.display(description="avis de la machine", ordering="doubts")
    def advice(self, application: Application) -> SafeString:
        return doubts_of(application)

    @admin.display(description="prise en charge par", ordering="assigned_to__name", empty_value="–")
    def examiner(self, application: Application) -> str | None:
        if (holder := application.assigned_to) is None:
            return None
        return f"{holder} (compte fermé)" if is_free(application) else str(holder)


def state_of(application: Application) -> SafeString | str:
    """Where it stands, unless it is to be decided for the first time, which a queue is made of."""
    if application.state == State.SUBMITTED:
        return ""
    if application.due_on:
        return mark_safe('<span class="mark change">Modification</span>')
    return format_html('<span class="mark state-{}">{}</span>', application.state, application.get_state_display())


def promise_of(application: Application) -> SafeString | None:
    """The date promised, marked while it is today's or past and nobody has answered."""
    if not (day := application.promised_on):
        return None
    shown, today = date_format(day, "d/m/Y"), timezone.localdate()
    if application.due_on is None or day > today:
        return format_html("{}", shown)
    mark = "en retard" if day < today else "aujourd’hui"
    return format_html('{} <strong class="mark {}">{}</strong>', shown, "late" if day < today else "due", mark)


def first_day_of(application: Application) -> SafeString | None:
    """The event's first day, marked while a decision is waited for: past, near, or before the answer promised."""
    if not (day := application.event.starts_on):
        return None
    marks = list(_nearness(day, application.promised_on)) if application.due_on else []
    shown = format_html_join("", ' <strong class="mark {}">{}</strong>', marks)
    return format_html("{}{}", date_format(day, "d/m/Y"), shown)


def _nearness(day: date, promised_on: date | None) -> list[tuple[str, str]]:
    left = (day - timezone.localdate()).days
    if left < 0:
        return [("late", "déjà passé")]
    near = [("due", {0: "aujourd’hui", 1: "demain"}.get(left, f"dans {left} jours"))] if left <= SOON else []
    if promised_on and day < promised_on:
        near.append(("due", "avant la réponse"))
    return near


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
