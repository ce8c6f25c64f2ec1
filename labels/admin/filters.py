"""What the queue is filtered by; a regional examiner is offered their own régions only."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from core.admin.lists import ChoiceFilter
from events.models import Edition
from labels.admin.desk import STATE, WAITING
from labels.models import ApplicationQuerySet, State
from places.models import Departement, Region

EVERY_STATE = "toutes"
CHANGE_WANTED = "modification"
NO_REGION = "aucune"

Choices = Iterable[tuple[str, str]]


def regions_of(request: HttpRequest) -> QuerySet[Region]:
    """The régions whose applications the user may see."""
    user = cast(User, request.user)
    return Region.objects.all() if user.has_perm("labels.examine_everywhere") else user.regions.all()


class StateFilter(ChoiceFilter):
    """What waits is what the queue opens on."""

    title = "état"
    parameter_name = STATE

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return [
            (WAITING, "À décider"),
            *State.choices,
            (CHANGE_WANTED, "Modification à examiner"),
            (EVERY_STATE, "Toutes"),
        ]

    def choices(self, changelist: ChangeList) -> Any:
        for value, label in self.lookup_choices:
            yield {
                "selected": value == (self.value() or WAITING),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == EVERY_STATE:
            return queryset
        if self.value() in (None, WAITING):
            return cast(ApplicationQuerySet, queryset).waiting()
        if self.value() == CHANGE_WANTED:
            return cast(ApplicationQuerySet, queryset).with_revision()
        return queryset.filter(state=self.value())


class PromiseFilter(ChoiceFilter):
    title = "réponse promise"
    parameter_name = "attente"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return [("en-retard", "En retard"), ("aujourdhui", "Aujourd’hui"), ("cette-semaine", "D’ici dimanche")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = cast(ApplicationQuerySet, queryset)
        today = timezone.localdate()
        match self.value():
            case "en-retard":
                return waiting.late(today)
            case "aujourdhui":
                return waiting.waiting().filter(promised_on=today)
            case "cette-semaine":
                sunday = today + timedelta(days=6 - today.weekday())
                return waiting.waiting().filter(promised_on__range=(today, sunday))
        return queryset


class RegionFilter(ChoiceFilter):
    title = "région"
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        choices = list(regions_of(request).values_list("code", "name"))
        if cast(User, request.user).has_perm("labels.examine_everywhere"):
            choices.append((NO_REGION, "Équipe nationale"))
        return choices

    def choices(self, changelist: ChangeList) -> Any:
        """A département is of one région: another région lets it go."""
        values = [None, *(value for value, _ in self.lookup_choices)]
        for value, choice in zip(values, super().choices(changelist), strict=True):
            link = changelist.get_query_string({self.parameter_name: value}, [DepartementFilter.parameter_name])
            yield {**choice, "query_string": link}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NO_REGION:
            return queryset.filter(region=None)
        return queryset.filter(region=self.value()) if self.value() else queryset


class DepartementFilter(ChoiceFilter):
    """Offered once a région is chosen; a regional examiner has theirs at once."""

    title = "département"
    parameter_name = "departement"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        region = request.GET.get(RegionFilter.parameter_name)
        if not region and cast(User, request.user).has_perm("labels.examine_everywhere"):
            return []
        offered = Departement.objects.filter(region__in=regions_of(request))
        return [(d.code, str(d)) for d in offered if region in (None, "", d.region_id)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__commune__departement=self.value()) if self.value() else queryset


class EditionFilter(ChoiceFilter):
    title = "édition"
    parameter_name = "edition"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Choices:
        return [(str(year), str(year)) for year in Edition.objects.values_list("year", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__edition__year=self.value()) if self.value() else queryset
