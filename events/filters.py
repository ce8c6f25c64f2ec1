"""The one form of list, map, feeds and exports: same names, same meaning, same events."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator

from core.fields import TextField
from core.text import fold
from events.conditions import CONDITIONS
from events.dates import spoken_day
from events.filter_fields import BoxField, Checkboxes, CodesField, DayField, PlaceField
from events.models import Audience, Edition, Event, EventQuerySet, Format, Level, Sector
from places.models import Commune, Departement, Region

DEFAULT_RADIUS = 30


def _editions() -> list[tuple[str, str]]:
    return [("", "Édition en cours"), *((str(e.year), str(e)) for e in Edition.objects.published())]


@dataclass(frozen=True)
class Tag:
    """A filter in force, in words, and the query string of the same search without it."""

    label: str
    query: str


class EventFilter(forms.Form):
    """Reads any query string: broken values are said in ``errors`` and left out, unknown names are ignored."""

    q = TextField(label="Mots-clés", required=False, max_length=100, help_text="Titre, texte, organisateur, ville")
    pres = PlaceField(label="Près de", required=False, max_length=100, help_text="Nom d’une commune")
    rayon = forms.IntegerField(label="Rayon (km)", required=False, min_value=1, max_value=200)
    du = DayField(label="À partir du", required=False)
    au = DayField(label="Jusqu’au", required=False)
    lieu = forms.ChoiceField(
        label="Participation",
        required=False,
        choices=[("", "Sur place ou en ligne"), ("sur-place", "Sur place"), ("en-ligne", "En ligne")],
    )
    region = CodesField(Region.objects.all(), label="Régions", required=False)
    departement = CodesField(Departement.objects.all(), label="Départements", required=False)
    commune = CodesField(Commune.objects.all(), label="Communes", required=False, widget=forms.MultipleHiddenInput)
    format = CodesField(Format.objects.all(), label="Formats", required=False, to_field_name="slug")
    public = CodesField(Audience.objects.all(), label="Publics", required=False, to_field_name="slug")
    filiere = CodesField(Sector.objects.all(), label="Filières", required=False, to_field_name="slug")
    niveau = CodesField(Level.objects.all(), label="Niveaux scolaires", required=False, to_field_name="slug")
    groupe = forms.IntegerField(label="Taille du groupe", required=False, min_value=1, max_value=100_000)
    age = forms.IntegerField(label="Âge des participants", required=False, min_value=1, max_value=120)
    edition = forms.IntegerField(label="Édition", required=False, min_value=1, max_value=9999, widget=forms.Select)
    tri = forms.ChoiceField(
        label="Trier par",
        required=False,
        choices=[("", "Prochains événements"), ("date", "Date"), ("distance", "Distance")],
    )
    bbox = BoxField(label="Zone de la carte", required=False, max_length=100, widget=forms.HiddenInput)
    page = forms.IntegerField(label="Page", required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.data: QueryDict
        # A select asks for its choices twice while it is drawn, and never where the answer is data.
        self.fields["edition"].widget.choices = CallableChoiceIterator(cache(_editions))
        for field in self.fields.values():
            look = "fr-select" if isinstance(field.widget, forms.Select) else "fr-input"
            field.widget.attrs.setdefault("class", look)
        self.full_clean()

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if text and not fold(text):
            raise ValidationError("Saisissez au moins une lettre ou un chiffre.", code="empty")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("du"), cleaned.get("au")
        if first and last and first > last:
            self.add_error("au", "Cette date précède celle du début.")
            last = None
        bounds = {"date__gte": first, "date__lte": last}
        cleaned["days"] = {lookup: day for lookup, day in bounds.items() if day}
        if place := cleaned.get("pres"):
            cleaned["circle"] = (place, cleaned.get("rayon") or DEFAULT_RADIUS)
        elif cleaned.get("tri") == "distance" and "pres" not in self.errors:
            self.add_error("tri", "Pour trier par distance, indiquez d’abord une commune.")
        return cleaned

    @cached_property
    def edition_shown(self) -> Edition | None:
        """The edition asked for, else the current one; raises Http404 for a year that has none."""
        year = self.cleaned_data.get("edition")
        if not year:
            return Edition.objects.current()
        edition = Edition.objects.published().filter(year=year).first()
        if edition is None:
            raise Http404(f"Il n’y a pas d’édition {year}.")
        return edition

    @property
    def page_number(self) -> int:
        return self.cleaned_data.get("page") or 1

    def queryset(self) -> EventQuerySet:
        """The published events that match, in the order asked for, with ``distance`` in km where a place is given."""
        events = Event.objects.published().filter(edition=self.edition_shown)
        for name, condition in CONDITIONS.items():
            if value := self.cleaned_data.get(name):
                events = events.filter(condition(value))
        if place := self.cleaned_data.get("pres"):
            events = events.annotate(distance=place.distance())
        return events.order_by(*self._order())

    def _order(self) -> list[Any]:
        match self.cleaned_data.get("tri"):
            case "distance":
                return ["distance", "starts_on", "pk"]
            case "date":
                return ["starts_on", "pk"]
        today, edition = timezone.localdate(), self.edition_shown
        if edition is None or not edition.window_starts_on < today <= edition.window_ends_on:
            return ["starts_on", "pk"]
        is_over = Case(When(ends_on__lt=today, then=Value(1)), default=Value(0), output_field=IntegerField())
        return [is_over, "starts_on", "pk"]

    def query(self, *, without: Iterable[str] = (), value: str | None = None) -> str:
        """The search as a query string, ``page`` and broken values left out, and ``without`` these names.

        With ``value``, only that value of the name is left out.
        """
        dropped = {"page", *self.errors}
        return urlencode(
            [
                (name, item)
                for name in self.fields
                for item in self.data.getlist(name)
                if item and name not in dropped and not (name in without and value in {None, item})
            ]
        )

    @cached_property
    def search(self) -> str:
        return self.query()

    @property
    def facets(self) -> list[forms.BoundField]:
        """The fields that a person answers by ticking."""
        return [field for field in self if isinstance(field.field.widget, Checkboxes)]

    @property
    def choices(self) -> list[forms.BoundField]:
        return [field for field in self if isinstance(field.field.widget, forms.Select)]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that a page folds away until they are asked for, or broken."""
        return [*self.facets, self["groupe"], self["age"], *self.choices]

    @property
    def is_unfolded(self) -> bool:
        return any(field.errors for field in self.folded)

    @property
    def folded_count(self) -> int:
        return sum(1 for field in self.folded if field.data)

    @cached_property
    def tags(self) -> list[Tag]:
        return list(self._tags())

    def _tags(self) -> Iterator[Tag]:
        cleaned = self.cleaned_data
        for name, phrase in PHRASES.items():
            if value := cleaned.get(name):
                yield Tag(phrase(value), self.query(without=[name]))
        if circle := cleaned.get("circle"):
            label = f"À moins de {circle[1]} km de {circle[0].name}"
            yield Tag(label, self.query(without=["pres", "rayon", "tri"]))
        for name, field in self.fields.items():
            if isinstance(field, CodesField):
                for row in cleaned.get(name) or []:
                    code = str(getattr(row, field.to_field_name or "pk"))
                    yield Tag(str(row), self.query(without=[name], value=code))


PHRASES: dict[str, Callable[[Any], str]] = {
    "q": lambda text: f"« {text} »",
    "edition": lambda year: f"Édition {year}",
    "du": lambda day: f"À partir du {spoken_day(day)}",
    "au": lambda day: f"Jusqu’au {spoken_day(day)}",
    "lieu": {"sur-place": "Sur place", "en-ligne": "En ligne"}.__getitem__,
    "groupe": lambda size: f"Groupe de {size}",
    "age": lambda age: f"{age} ans",
    "bbox": lambda box: "Zone de la carte",
}
