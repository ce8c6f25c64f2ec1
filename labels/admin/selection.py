"""What is done with a selection of the queue: how many at most, how it is carried by a form, what is said of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from labels.models import Application

# Each is decided on its own.
AT_MOST = 500
NOT_VISIBLE = "introuvable ou hors de vos régions"


class VersionsField(forms.CharField):
    """``pk:version`` of each application as it was listed: one field, whatever their number."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> dict[int, int]:  # type: ignore[override]
        pairs = [pair.split(":") for pair in (super().to_python(value) or "").split(",") if pair]
        if len(pairs) > AT_MOST or not all(len(p) == 2 and all(_is_number(n) for n in p) for p in pairs):
            raise ValidationError("Cette sélection n’est pas lisible.", code="unreadable")
        return {int(pk): int(version) for pk, version in pairs}

    def validate(self, value: Any) -> None:
        if not value:
            raise ValidationError("Cette sélection est vide.", code="required")

    def run_validators(self, value: Any) -> None:
        """Those of a text do not apply to what it was read into."""


def _is_number(text: str) -> bool:
    return len(text) < 19 and text.isascii() and text.isdigit()


def versions_of(applications: Iterable[Application]) -> str:
    """What a ``VersionsField`` reads back."""
    return ",".join(f"{application.pk}:{application.version}" for application in applications)


def selected(request: HttpRequest, queryset: QuerySet[Application]) -> list[Application] | None:
    """Those selected; None, and a message, where there are too many."""
    applications = list(queryset[: AT_MOST + 1])
    if len(applications) > AT_MOST:
        messages.error(request, f"Sélectionnez au plus {AT_MOST} demandes à la fois : rien n’a été fait.")
        return None
    return applications


def since(application: Application) -> str:
    """Who was faster, and what they did."""
    last = application.transitions.select_related("by").last()
    if last is None:
        return "traitée entre-temps"
    return f"traitée entre-temps par {last.by or 'un compte effacé'} ({last.done.lower()})"


def report(request: HttpRequest, count: int, done: tuple[str, str], left: Mapping[str, int]) -> None:
    """How many were ``done``, in the words for one and for several, and how many were left aside for each reason."""
    if count:
        messages.success(request, f"{count} {_applications(count)} {done[count > 1]}.")
    for reason, others in left.items():
        aside = f"{others} {_applications(others)} laissée{'s' if others > 1 else ''} de côté"
        messages.warning(request, f"{aside} : {reason.rstrip('.')}.")


def _applications(count: int) -> str:
    return "demandes" if count > 1 else "demande"


def queue_address(filters: str) -> str:
    """The queue as it was filtered when the selection was made."""
    address = reverse("admin:labels_application_changelist")
    return f"{address}?{filters}" if filters else address
