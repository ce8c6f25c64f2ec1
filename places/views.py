"""The commune that a person is typing, for the fields that complete it."""

from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import limits
from core.fields import TextField
from core.text import fold
from places.models import Commune
from places.zones import ZONES

SHOWN = 10
DAY = 24 * 3600


class CommuneQuery(forms.Form):
    q = TextField(label="Commune", max_length=80, error_messages={"required": "Indiquez un nom ou un code postal."})


@require_safe
def communes(request: HttpRequest) -> JsonResponse:
    """The ten best matches of ``q``; 400 with what is wrong with it, 429 when asked too often."""
    if limits.is_exceeded(request, "communes", most=300, seconds=60):
        answer = JsonResponse({"errors": {"q": ["Trop de demandes : réessayez dans une minute."]}}, status=429)
        answer["Retry-After"] = "60"
        return answer
    query = CommuneQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400)
    text = fold(query.cleaned_data["q"])
    found = cache.get_or_set(f"communes-{text.replace(' ', '-')}", lambda: _found(text), DAY)
    answer = JsonResponse({"communes": found})
    patch_cache_control(answer, public=True, max_age=DAY)
    return answer


def _found(text: str) -> list[dict[str, Any]]:
    return [
        {
            "code": commune.code,
            "name": commune.name,
            "label": str(commune),
            "departement": str(commune.departement or ""),
            "latitude": commune.latitude,
            "longitude": commune.longitude,
            "clock": ZONES.get(commune.time_zone, ""),
        }
        for commune in Commune.objects.matching(text).select_related("departement")[:SHOWN]
    ]
