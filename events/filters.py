"""The one form of list, map, feeds and exports: same names, same meaning, same events."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.utils.choices import CallableChoiceIterator

from core.fields import TextField
from core.words import stems, words
from events.conditions import CONDITIONS
from events.distances import DEFAULT_RADIUS, Box
from events.facets import Choice, Facet, facets_of
from events.filter_fields import BoxField, Checkboxes, CodesField, Copies, DayField, PlaceField
from events.loosening import Suggestion, suggestions
from events.models import Audience, Edition, Event, EventQuerySet, Format, Level, Sector
from events.search import Reading, read
from events.sorts import Sort, order, sorts
from events.tags import Tag, tags
from events.templatetags.event_text import figure
from places.models import Commune, Departement, Region


def _editions() -> list[tuple[str, str]]:
    return [("", "Édition en cours"), *((str(e.year), str(e)) for e in Edition.objects.published())]


class EventFilter(forms.Form):
    """Reads any query string: broken values are said in ``errors`` and left out, unknown names are ignored."""

    q = TextField(label="Mots-clés", required=False, max_length=100, help_text="Titre, texte, organisateur, lieu")
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
        widget=forms.HiddenInput,
    )
    bbox = BoxField(label="Zone de la carte", required=False, max_length=100, widget=forms.HiddenInput)
    page = forms.IntegerField(label="Page", required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        self.base_fields = Copies(self.base_fields, self._copied)  # type: ignore[assignment,misc]  # this form's
        super().__init__(data)
        self.data: QueryDict
        self.full_clean()

    def _copied(self, name: str, field: forms.Field) -> forms.Field:
        field = deepcopy(field)
        look = "fr-select" if isinstance(field.widget, forms.Select) else "fr-input"
        field.widget.attrs.setdefault("class", look)
        # A select asks for its choices twice while it is drawn, and never where the answer is data.
        if name == "edition":
            field.widget.choices = CallableChoiceIterator(cache(_editions))
        elif name == "lieu":
            field.widget.choices = CallableChoiceIterator(cache(self._places))
        return field

    def _bound_items(self) -> Iterator[tuple[str, forms.BoundField]]:
        """What is cleaned: the fields that the query string names, since all others are empty."""
        return ((name, self[name]) for name in self.fields if name in self.data)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if text and not any(words(text)):
            raise ValidationError("Saisissez au moins une lettre ou un chiffre.", code="empty")
        if text and not stems(text):
            raise ValidationError("Ces mots sont trop courants : ajoutez ce que vous cherchez.", code="common")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("du"), cleaned.get("au")
        if first and last and first > last:
            self.add_error("au", "Cette date précède celle du début.")
            last = None
        days = {lookup: day for lookup, day in (("date__gte", first), ("date__lte", last)) if day}
        if days or cleaned.get("groupe"):
            cleaned["slot"] = (days, cleaned.get("groupe"))
        if place := cleaned.get("pres"):
            cleaned["circle"] = (place, cleaned.get("rayon") or DEFAULT_RADIUS)
        elif cleaned.get("tri") == "distance":
            # Whoever emptied the place, or mistyped it, did not see that the form still asks for its order.
            cleaned["tri"] = ""
            if "pres" not in self.data:
                self.add_error("tri", "Pour trier par distance, indiquez d’abord une commune.")
        return cleaned

    @cached_property
    def edition_shown(self) -> Edition | None:
        """The edition asked for, else the current one; raises Http404 for a year that has none."""
        edition = Edition.objects.shown(self.year)
        if edition is None and self.year:
            raise Http404(f"Il n’y a pas d’édition {self.year}.")
        return edition

    @property
    def year(self) -> int | None:
        """That of the edition asked for."""
        return self.cleaned_data.get("edition")

    @property
    def version(self) -> str:
        """Moved by any change of the edition that the public sees. Raises Http404."""
        return f"{self.edition_shown.year}-{self.edition_shown.public_version}" if self.edition_shown else "none"

    @cached_property
    def reading(self) -> Reading | None:
        """How the words were understood; None where there are none."""
        text = self.cleaned_data.get("q")
        return read(text, self.edition_shown) if text else None

    @property
    def as_typed(self) -> str:
        """The search with its words between quotation marks: neither corrected nor taken for a place."""
        return self.query(instead={"q": [f'"{self.cleaned_data["q"]}"']})

    @property
    def as_place(self) -> str:
        """The search with a filter for the place that a word of it is the name of as well; empty where none is."""
        if not self.reading or not (area := self.reading.passed_over):
            return ""
        places: dict[str, list[str]] = {"region": [], "departement": [], "commune": [], **dict([area.filter])}
        return self.query(instead={"q": [self.reading.besides(area)], **places})

    @property
    def is_for_classes(self) -> bool:
        """Whether it is a teacher's search: their pupils' level or group, or all that welcomes classes."""
        cleaned = self.cleaned_data
        audiences = {audience.slug for audience in cleaned.get("public") or []}
        return "scolaires" in audiences or bool(cleaned.get("niveau") or cleaned.get("groupe"))

    @property
    def box_alone(self) -> Box | None:
        """The part of the map that is looked at, where no other filter is in force."""
        filters = [name for name in ("q", *CONDITIONS) if self.cleaned_data.get(name)]
        return self.cleaned_data["bbox"] if filters == ["bbox"] else None

    @property
    def page_number(self) -> int:
        return self.cleaned_data.get("page") or 1

    def queryset(self) -> EventQuerySet:
        """The published events that match, in the order asked for, with ``distance`` in km where a place is given."""
        return self._ordered(self._matching(CONDITIONS))

    @cached_property
    def keys(self) -> list[int] | None:
        """Of what words find, in its order: read once, to be counted, shown by page and told apart by choices.

        None where no words are looked for: a page then need not read the whole edition.
        """
        return list(self.queryset().values_list("pk", flat=True)) if self.reading else None

    def these(self, keys: Iterable[int]) -> EventQuerySet:
        """Those of what was found that a page shows."""
        return self._ordered(Event.objects.filter(pk__in=keys))

    def _ordered(self, events: EventQuerySet) -> EventQuerySet:
        if place := self.cleaned_data.get("pres"):
            events = events.annotate(distance=place.distance())
        return events.order_by(*order(self))

    def _matching(self, names: Iterable[str]) -> EventQuerySet:
        """The published events that the words and these filters leave."""
        events = Event.objects.published().filter(edition=self.edition_shown)
        if self.reading:
            events = events.filter(self.reading.condition)
        for name in names:
            if value := self.cleaned_data.get(name):
                events = events.filter(CONDITIONS[name](value))
        return events

    def query(
        self, *, without: Collection[str] = (), value: str | None = None, instead: Mapping[str, list[str]] | None = None
    ) -> str:
        """The search as a query string, ``page`` and what is not in force left out, and ``without`` these names.

        With ``value``, only that value of the name is left out; ``instead`` gives names other values.
        """
        kept = {name: self.data.getlist(name) for name, value in self.cleaned_data.items() if value and name != "page"}
        kept |= instead or {}
        pairs = [
            (name, item)
            for name in self.fields
            for item in kept.get(name, [])
            if item and not (name in without and value in {None, item})
        ]
        return urlencode(pairs)

    @cached_property
    def search(self) -> str:
        return self.query()

    @cached_property
    def choice(self) -> str:
        """What it leaves out of its edition or sorts in a way of its own, nothing for the whole of it."""
        is_sorted = self.cleaned_data.get("tri") == "distance"
        return self.query(without=["edition"] if is_sorted else ["edition", "tri"])

    @cached_property
    def facets(self) -> list[Facet]:
        """What a person answers by ticking, where the edition leaves a choice."""
        ticked = [field for field in self if isinstance(field.field.widget, Checkboxes)]
        facets = [Facet(field, self._counted.get(field.name, [])) for field in ticked]
        return [facet for facet in facets if facet.choices or facet.field.errors]

    @cached_property
    def _counted(self) -> dict[str, list[Choice]]:
        """How many events each choice would give with the other filters as they are."""
        edition = self.edition_shown
        if edition is None:
            return {}
        index = facets_of(edition)
        applied = {name: self.codes(name) for name in index.labels}
        shown = {name: self.data.getlist(name) for name in index.labels}
        return index.choices(applied, shown, self._found_besides(applied))

    def _found_besides(self, applied: Mapping[str, Collection[str]]) -> Collection[int] | None:
        """The keys of what all filters but these leave; None for the whole edition."""
        if self.keys is not None and not any(applied.values()):
            return self.keys
        others = [name for name in CONDITIONS if name not in applied]
        if not self.reading and not any(self.cleaned_data.get(name) for name in others):
            return None
        return list(self._matching(others).order_by().values_list("pk", flat=True))

    def codes(self, name: str) -> list[str]:
        """The values of a filter that were understood, as they stand in an address."""
        value = self.cleaned_data.get(name)
        if not value:
            return []
        field = self.fields[name]
        if not isinstance(field, CodesField):
            return [str(value)]
        return [str(getattr(row, field.to_field_name or "pk")) for row in value]

    def _places(self) -> list[tuple[str, str]]:
        counted = self._counted.get("lieu", [])
        return [("", "Sur place ou en ligne"), *((c.value, f"{c.label} ({figure(c.count)})") for c in counted)]

    @property
    def choices(self) -> list[forms.BoundField]:
        return [field for field in self if isinstance(field.field.widget, forms.Select)]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that a page folds away until they are asked for, or broken."""
        ticked = [field for field in self if isinstance(field.field.widget, Checkboxes)]
        return [*ticked, self["groupe"], self["age"], *self.choices]

    @property
    def is_unfolded(self) -> bool:
        return any(field.errors for field in self.folded)

    @property
    def folded_count(self) -> int:
        return sum(1 for field in self.folded if field.data)

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """For a search that finds nothing: what finds something, the nearest to it first."""
        return suggestions(self)

    @cached_property
    def sorts(self) -> list[Sort]:
        return sorts(self)

    @cached_property
    def tags(self) -> list[Tag]:
        return list(tags(self))
