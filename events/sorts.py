"""The orders that a search may be read in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.filters import EventFilter


@dataclass(frozen=True)
class Sort:
    """An order of the results, and the query string of the search in it."""

    label: str
    query: str
    is_current: bool


def sorts(form: "EventFilter") -> list[Sort]:
    """By distance only from a place."""
    current = form.cleaned_data.get("tri", "")
    offered = [("", "prochains événements"), ("date", "date")]
    if form.cleaned_data.get("pres"):
        offered.append(("distance", "distance"))
    return [Sort(label, form.query(instead={"tri": value}), value == current) for value, label in offered]
