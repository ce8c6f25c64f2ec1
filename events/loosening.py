"""What a search that finds nothing could let go of, and how many events that would give."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict

from events.distances import DEFAULT_RADIUS

if TYPE_CHECKING:
    from events.filters import EventFilter

# Each is counted by a search of its own.
MOST = 8
FURTHEST = 200


@dataclass(frozen=True)
class Suggestion:
    """Another search, in words, and what it finds."""

    label: str
    query: str
    count: int


def suggestions(form: "EventFilter") -> list[Suggestion]:
    """Wider searches around the same place first, then those without one of the filters, the most events first."""
    wider = [_counted(form, label, query) for label, query in _wider(form)]
    fewer = [_counted(form, f"Sans {_quoted(tag.label)}", tag.query) for tag in form.tags[:MOST]]
    return [
        suggestion
        for suggestion in [*wider, *sorted(fewer, key=lambda suggestion: -suggestion.count)]
        if suggestion.count
    ]


def _counted(form: "EventFilter", label: str, query: str) -> Suggestion:
    return Suggestion(label, query, type(form)(QueryDict(query)).queryset().count())


def _quoted(label: str) -> str:
    return label if label.startswith("«") else f"«\N{NO-BREAK SPACE}{label}\N{NO-BREAK SPACE}»"


def _wider(form: "EventFilter") -> Iterator[tuple[str, str]]:
    """Around the place that was asked for, or around the town that the words name."""
    if circle := form.cleaned_data.get("circle"):
        place, radius = circle
        if radius < FURTHEST:
            further = min(3 * radius, FURTHEST)
            yield f"À moins de {further} km {place.after_de}", form.query(instead={"rayon": [str(further)]})
    elif (reading := form.reading) and (area := reading.area) and area.town and (place := area.place):
        instead = {"q": [reading.besides_area], "pres": [area.town.code]}
        yield f"À moins de {DEFAULT_RADIUS} km {place.after_de}", form.query(instead=instead)
