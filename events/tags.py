"""The filters in force, in words, each with the search without it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from events.dates import spoken_day
from events.filter_fields import CodesField

if TYPE_CHECKING:
    from events.filters import EventFilter

_PHRASES: dict[str, Callable[[Any], str]] = {
    "edition": lambda year: f"Édition {year}",
    "du": lambda day: f"À partir du {spoken_day(day)}",
    "au": lambda day: f"Jusqu’au {spoken_day(day)}",
    "lieu": {"sur-place": "Sur place", "en-ligne": "En ligne"}.__getitem__,
    "groupe": lambda size: f"Groupe de {size}",
    "age": lambda age: f"{age} ans",
    "bbox": lambda box: "Zone de la carte",
}


@dataclass(frozen=True)
class Tag:
    """A filter in force, in words, and the query string of the same search without it."""

    label: str
    query: str


def tags(form: "EventFilter") -> Iterator[Tag]:
    yield from _of_words(form)
    for name, phrase in _PHRASES.items():
        if value := form.cleaned_data.get(name):
            yield Tag(phrase(value), form.query(without=[name]))
    if circle := form.cleaned_data.get("circle"):
        label = f"À moins de {circle[1]} km {circle[0].after_de}"
        yield Tag(label, form.query(without=["pres", "rayon", "tri"]))
    for name, field in form.fields.items():
        if isinstance(field, CodesField):
            for row, code in zip(form.cleaned_data.get(name) or [], form.codes(name), strict=True):
                yield Tag(str(row), form.query(without=[name], value=code))


def _of_words(form: "EventFilter") -> Iterator[Tag]:
    """The place that was understood, and what is looked for."""
    reading = form.reading
    if reading is None:
        return
    area = reading.area
    if area:
        label = f"{'Ville' if area.is_town else 'Lieu'}\N{NO-BREAK SPACE}: {area.name}"
        yield Tag(label, form.query(instead={"q": [reading.besides_area]}))
    if reading.words:
        # As it was typed, since what stands beside a name may be what tells it from its namesakes.
        place = reading.text[area.start : area.end].replace("(", "") if area else ""
        yield Tag(f"«\N{NO-BREAK SPACE}{reading.besides_area}\N{NO-BREAK SPACE}»", form.query(instead={"q": [place]}))
