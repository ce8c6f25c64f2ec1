"""What the queue is filtered by; a regional examiner is offered their own régions only."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from core.admin.lists import ChoiceFilter
from events.models import Edition, Format
from labels.admin.desk import STATE, WAITING
from labels.admin.organisation_filters import OrganisationFilter, OrganiserFilter
from labels.assignment import FREE
from labels.board import CHANGE_WANTED, EVERY_STATE, NO_REGION
from labels.models import Application, ApplicationQuerySet, Condition, State
from places.models import Departement, Region, RegionQuerySet

NO_DOUBT = "aucun"
MINE = "moi"
NOBODYS = "personne"

Choices = Iterable[tuple[str, str]]


def regions_of(request: HttpRequest) -> RegionQuerySet:
    """The régions whose applications the user may see."""
    user = cast(User, request.user)
    return Region.objects.all() if user.has_perm("labels.examine_everywhere") else user.regions.all()


class QueueFilter(ChoiceFilter):
    """A filter shown as a list to choose from, beside the others in one form."""

    kind = "choice"
    everything = "Toutes"

    @property
    def is_active(self) -> bool:
        return bool(self.value())

    def options(self) -> Iterator[tuple[str, str, bool]]:
        """Value, label, and whether it is the one chosen."""
        yield "", self.everything, not self.is_active
        for value, label in self.lookup_choices:
            yield str(value), str(label), str(value) == self.value()


class StateFilter(QueueFilter):
    """What waits is what the queue opens on."""

    title = "état"
    parameter_name = STATE
    everything = "À décider"

    @property
    def is_active(self) -> bool:
        return self.value() not in (None, WAITING)

    def known_values(self) -> set[str]:
        return super().known_values() | {WAITING}

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return [(CHANGE_WANTED, "Modification à examiner"), *State.choices, (EVERY_STATE, "Toutes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == EVERY_STATE:
            return queryset
        if self.value() in (None, WAITING):
            return cast(ApplicationQuerySet, queryset).waiting()
        if self.value() == CHANGE_WANTED:
            return cast(ApplicationQuerySet, queryset).with_revision()
        return queryset.filter(state=self.value())


class PromiseFilter(QueueFilter):
    """The answer promised, and the event's first day beside it."""

    title = "échéance"
    parameter_name = "attente"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return [
            ("en-retard", "Réponse en retard"),
            ("aujourdhui", "Réponse aujourd’hui"),
            ("cette-semaine", "Réponse d’ici dimanche"),
            ("avant-la-reponse", "Événement avant la réponse"),
            ("evenement-passe", "Événement déjà passé"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = cast(ApplicationQuerySet, queryset).waiting()
        today = timezone.localdate()
        match self.value():
            case "en-retard":
                return waiting.late(today)
            case "aujourdhui":
                return waiting.filter(promised_on=today)
            case "cette-semaine":
                sunday = today + timedelta(days=6 - today.weekday())
                return waiting.filter(promised_on__range=(today, sunday))
            case "avant-la-reponse":
                # The due date is the earlier of the two.
                return waiting.filter(due_on__lt=F("promised_on"))
            case "evenement-passe":
                return waiting.filter(due_on__lt=today, event__starts_on__lt=today)
        return queryset


class RegionFilter(QueueFilter):
    title = "région"
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        choices = regions_of(request).named()
        if cast(User, request.user).has_perm("labels.examine_everywhere"):
            choices.append((NO_REGION, "Équipe nationale"))
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NO_REGION:
            return queryset.filter(region=None)
        return queryset.filter(region=self.value()) if self.value() else queryset


class DepartementFilter(QueueFilter):
    """Those of the région chosen; of all that the user sees where none is."""

    title = "département"
    parameter_name = "departement"
    everything = "Tous"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        region = request.GET.get(RegionFilter.parameter_name)
        offered = Departement.objects.filter(region__in=regions_of(request)).order_by("name")
        known = {departement.region_id for departement in offered}
        return [(d.code, str(d)) for d in offered if region not in known or d.region_id == region]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__commune__departement=self.value()) if self.value() else queryset


class FormatFilter(QueueFilter):
    title = "format"
    parameter_name = "format"
    everything = "Tous"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return Format.objects.values_list("slug", "label")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__format__slug=self.value()) if self.value() else queryset


class DoubtFilter(QueueFilter):
    title = "avis de la machine"
    parameter_name = "doute"
    everything = "Tous"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        doubts = [(str(name), f"Doute : {label.lower()}") for name, label in Condition.choices]
        return [(NO_DOUBT, "Aucun doute"), *doubts]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NO_DOUBT:
            return queryset.filter(doubts="")
        return queryset.filter(doubts__contains=f"{self.value()}:") if self.value() else queryset


class ExaminerFilter(QueueFilter):
    """The user, nobody, or one of those who have in hand something that the user sees."""

    title = "prise en charge"
    parameter_name = "examinateur"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.user = cast(User, request.user)
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        seen = Application.objects.visible_to(self.user).order_by().exclude(assigned_to=None)
        holders = User.objects.filter(pk__in=seen.values("assigned_to")).exclude(pk=self.user.pk)
        names = [(str(user.pk), str(user)) for user in holders.order_by("name", "email")]
        return [(MINE, "À moi"), (NOBODYS, "À personne"), *names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NOBODYS:
            return queryset.filter(FREE)
        if self.value() == MINE:
            return queryset.filter(assigned_to=self.user)
        return queryset.filter(assigned_to=self.value()) if self.value() else queryset


class EditionFilter(QueueFilter):
    title = "édition"
    parameter_name = "edition"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return [(str(year), str(year)) for year in Edition.objects.values_list("year", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__edition__year=self.value()) if self.value() else queryset


FILTERS = (
    StateFilter,
    PromiseFilter,
    ExaminerFilter,
    DoubtFilter,
    FormatFilter,
    RegionFilter,
    DepartementFilter,
    OrganiserFilter,
    OrganisationFilter,
    EditionFilter,
)
