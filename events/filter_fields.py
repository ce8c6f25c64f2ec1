"""Values of a query string as fields that refuse, in French, what must not reach the database."""

import re
from collections import UserDict
from collections.abc import Callable, Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError

from core.fields import TextField
from events.distances import Box, Place
from places.models import Commune

_CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,15})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)
# All the départements, and some more: each code stands in the links of all the others.
MOST_CODES = 120
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,15})?", re.ASCII)


class Copies(UserDict[str, forms.Field]):
    """The fields of a form, each copied from its class's when it is first asked for.

    Django copies all of them for each form, which is half of what it costs to understand a search of one name.
    """

    def __init__(self, fields: Mapping[str, forms.Field], copied: Callable[[str, forms.Field], forms.Field]) -> None:
        super().__init__(fields)
        self._copied = copied
        self._own = set[str]()

    def __getitem__(self, name: str) -> forms.Field:
        if name not in self._own:
            self.data[name] = self._copied(name, self.data[name])
            self._own.add(name)
        return self.data[name]

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Checkboxes(forms.CheckboxSelectMultiple):
    """What a page draws with counts, by ``boxes``."""


class CodesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Repeatable codes of a table's rows; what cannot be a code never reaches the database."""

    widget = Checkboxes
    default_error_messages = {"invalid_choice": "« %(value)s » n’est pas un code connu."}

    def clean(self, value: Any) -> Any:
        codes = [code for code in value or [] if code]
        if not codes:
            return []  # Django would compile a query that finds nothing, which costs more than the rest of a form
        if len(codes) > MOST_CODES:
            raise ValidationError(f"Choisissez au plus {MOST_CODES} valeurs.", code="too_many")
        for code in codes:
            if not _CODE.fullmatch(code):
                raise ValidationError("Cette valeur n’est pas un code connu.", code="invalid_choice")
        return list(super().clean(codes))


class DayField(forms.DateField):
    """An ISO date, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class PlaceField(TextField):
    """An INSEE code, ``lat,lon``, or what a person types: the name of a commune, the largest of its namesakes."""

    def clean(self, value: Any) -> Place | None:
        text: str = super().clean(value)
        if not text:
            return None
        if point := _POINT.fullmatch(text):
            return self._point(float(point[1]), float(point[2]))
        communes = Commune.objects.filter(latitude__isnull=False)
        commune = communes.filter(code=text.upper()).first() or Commune.objects.matching(text).first()
        if commune is None or commune.latitude is None or commune.longitude is None:
            raise ValidationError("Aucune commune ne porte ce nom ou ce code INSEE.", code="unknown")
        return Place(str(commune), commune.latitude, commune.longitude)

    @staticmethod
    def _point(latitude: float, longitude: float) -> Place:
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValidationError("Ce point n’est pas sur Terre : latitude, puis longitude.", code="outside")
        return Place("ce point", latitude, longitude)


class BoxField(TextField):
    """``west,south,east,north`` in degrees."""

    def clean(self, value: Any) -> Box | None:
        text: str = super().clean(value)
        if not text:
            return None
        numbers = [part.strip() for part in text.split(",")]
        if len(numbers) != 4 or not all(_NUMBER.fullmatch(number) for number in numbers):
            raise ValidationError("Indiquez ouest,sud,est,nord en degrés.", code="invalid")
        box = Box(*map(float, numbers))
        if box.south > box.north or max(abs(box.west), abs(box.east)) > 180 or max(abs(box.south), abs(box.north)) > 90:
            raise ValidationError("Cette zone n’est pas sur Terre : ouest,sud,est,nord.", code="outside")
        return box
