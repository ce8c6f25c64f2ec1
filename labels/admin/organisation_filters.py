"""The queue of one organisation, by a name or a number that is typed and completed, or by the link of a page."""

import re
from typing import Any, cast

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, JsonResponse

from accounts.models import Organisation, User
from core.admin.lists import ChoiceFilter
from core.fields import TextField
from labels.models import Application

OFFERED = 10
LONGEST = 180
# A number alone, or after the name that it was completed to: « Fonderie du Port (55208131766522) ».
_SIRET = re.compile(r"(?:.*\()?([0-9]{14})\)?", re.ASCII)
_UAI = re.compile(r"(?:.*\()?([0-9]{7}[A-Z])\)?", re.ASCII)


def organisations_seen_by(user: User) -> QuerySet[Organisation]:
    """Those with an application that ``user`` may see."""
    theirs = Application.objects.visible_to(user).order_by().filter(event__organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(theirs))


def matching(text: str, prefix: str = "") -> Q:
    """The organisation of the SIRET or UAI in ``text``, else those whose name holds it; ``prefix`` leads to it."""
    compact = "".join(text.split()).upper()
    if number := _SIRET.fullmatch(compact):
        return Q(**{f"{prefix}siret": number[1]})
    if number := _UAI.fullmatch(compact):
        return Q(**{f"{prefix}uai": number[1]})
    return Q(**{f"{prefix}name__icontains": text})


class OrganiserFilter(ChoiceFilter):
    """What was typed: any text is known, that no name may hold apart."""

    title = "organisateur"
    parameter_name = "organisateur"
    kind = "text"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return bool(self.value())

    def known_values(self) -> set[str]:
        typed = str(self.value())
        try:
            self.used_parameters[self.parameter_name] = TextField(required=False, max_length=LONGEST).clean(typed)
        except ValidationError:
            return set()
        return {str(self.value())}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        typed = self.value()
        return queryset.filter(matching(typed, "event__organisation__")) if typed else queryset


class OrganisationFilter(ChoiceFilter):
    """The one that another page's link names by its key, shown by its name with a way to drop it."""

    title = "organisation"
    parameter_name = "organisation"
    kind = "kept"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        pk = str(self.value() or "")
        if not (len(pk) < 19 and pk.isascii() and pk.isdigit()):
            return []
        seen = organisations_seen_by(cast(User, request.user)).filter(pk=int(pk)).first()
        return [(pk, str(seen))] if seen else []

    @property
    def is_active(self) -> bool:
        return bool(self.value())

    @property
    def name(self) -> str:
        return str(self.lookup_choices[0][1])

    @property
    def dropped(self) -> str:
        """The address of the queue without it."""
        query = self.request.GET.copy()
        query.pop(self.parameter_name, None)
        return f"?{query.urlencode()}"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__organisation=self.value()) if self.value() else queryset


class OrganisationQuery(forms.Form):
    q = TextField(min_length=2, max_length=LONGEST)


def organisations_json(request: HttpRequest) -> JsonResponse:
    """What ``q`` may be the beginning of, among the organisations that the user may know of; 400 when it is none."""
    query = OrganisationQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    found = organisations_seen_by(cast(User, request.user)).filter(matching(query.cleaned_data["q"]))
    return JsonResponse({"organisations": [_named(item) for item in found.order_by("name", "pk")[:OFFERED]]})


def _named(organisation: Organisation) -> str:
    """As the filter reads it back: with its number where it has one."""
    number = organisation.siret or organisation.uai
    return f"{organisation.name} ({number})" if number else organisation.name
