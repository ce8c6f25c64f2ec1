"""The orders that a search may be read in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone

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
    return [Sort(label, form.query(instead={"tri": [value]}), value == current) for value, label in offered]


def order(form: "EventFilter") -> list[Any]:
    """As a queryset is ordered: in its window an edition shows what is over last."""
    match form.cleaned_data.get("tri"):
        case "distance":
            return ["distance", "starts_on", "pk"]
        case "date":
            return ["starts_on", "pk"]
    today, edition = timezone.localdate(), form.edition_shown
    if edition is None or not edition.window_starts_on < today <= edition.window_ends_on:
        return ["starts_on", "pk"]
    is_over = Case(When(ends_on__lt=today, then=Value(1)), default=Value(0), output_field=IntegerField())
    return [is_over, "starts_on", "pk"]
