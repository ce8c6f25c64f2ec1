"""The commune or the address that a person is typing, for the fields that complete it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import limits
from core.fields import TextField
from core.text import fold
from places.geocoding import LONGEST, SHORTEST, Place, suggest
from places.models import Commune

SHOWN = 10
DAY = 24 * 3600
MINUTE = 60


class CommuneQuery(forms.Form):
    q = TextField(label="Commune", max_length=80, error_messages={"required": "Indiquez un nom ou un code postal."})


class AddressQuery(forms.Form):
    q = TextField(
        label="Adresse",
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={"required": "Indiquez une adresse.", "min_length": "Écrivez trois caractères au moins."},
    )
    commune = forms.RegexField(
        r"\A[0-9][0-9AB][0-9]{3}\Z",
        label="Commune",
        required=False,
        error_messages={"invalid": "Cette commune n’existe pas."},
    )

    def clean_commune(self) -> Commune | None:
        code = self.cleaned_data["commune"]
        found = Commune.objects.select_related("departement").filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError("Cette commune n’existe pas.")
        return found


def _not_too_often(view: Callable[[HttpRequest], JsonResponse]) -> Callable[[HttpRequest], JsonResponse]:
    @wraps(view)
    def guarded(request: HttpRequest) -> JsonResponse:
        if not limits.is_exceeded(request, view.__name__, most=300, seconds=60):
            return view(request)
        refusal = JsonResponse({"errors": {"q": ["Trop de demandes : réessayez dans une minute."]}})
        return limits.tell(refusal, 60)

    return require_safe(guarded)


@_not_too_often
def communes(request: HttpRequest) -> JsonResponse:
    """The ten best matches of ``q``; 400 with what is wrong with it, 429 when asked too often."""
    query = CommuneQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    text = fold(query.cleaned_data["q"])
    found = cache.get_or_set(f"communes-{text.replace(' ', '-')}", lambda: _found(text), DAY)
    return _public({"communes": found}, DAY)


@_not_too_often
def addresses(request: HttpRequest) -> JsonResponse:
    """What ``q`` may be the beginning of, in ``commune``; communes alone, marked so, when no address is found."""
    query = AddressQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    found = suggest(query.cleaned_data["q"], query.cleaned_data["commune"])
    kind = "adresse" if found.are_addresses else "commune"
    body = {"kind": kind, "addresses": [_told(place) for place in found.places]}
    return _public(body, DAY if found.are_addresses else MINUTE)


def _public(body: dict[str, Any], max_age: int) -> JsonResponse:
    answer = JsonResponse(body)
    patch_cache_control(answer, public=True, max_age=max_age)
    return answer


def _told(place: Place) -> dict[str, Any]:
    centre = {"latitude": place.point.latitude, "longitude": place.point.longitude}
    return {**_commune(place.commune), **centre, "label": place.label, "address": place.address}


def _found(text: str) -> list[dict[str, Any]]:
    matches = Commune.objects.matching(text).select_related("departement")[:SHOWN]
    return [{**_commune(commune), "label": str(commune)} for commune in matches]


def _commune(commune: Commune) -> dict[str, Any]:
    return {
        "code": commune.code,
        "name": commune.name,
        "commune": str(commune),
        "departement": str(commune.departement or ""),
        "latitude": commune.latitude,
        "longitude": commune.longitude,
        "clock": commune.clock,
    }
