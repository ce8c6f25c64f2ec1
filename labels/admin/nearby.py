"""Other events of the edition around one, nearest first: what is public, and what the user may examine."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format

from accounts.models import User
from events.distances import Place
from events.models import Event
from labels.models import Application, State

AROUND = 15  # km
AT_MOST = 20
LOOKED_AT = 400


@dataclass(frozen=True)
class Neighbour:
    """``desk_url`` and ``state`` are empty for what the user may not examine."""

    rank: int
    event: Event
    kilometres: float
    desk_url: str
    state: str

    @property
    def url(self) -> str:
        return self.event.get_absolute_url() if self.event.is_published else self.desk_url

    @property
    def distance(self) -> str:
        """« à 300 m », « à 4,2 km »."""
        if self.kilometres < 0.05:
            return "au même endroit"
        if self.kilometres < 0.95:
            return f"à {round(self.kilometres, 1) * 1000:.0f}\N{NO-BREAK SPACE}m"
        return f"à {number_format(self.kilometres, 1)}\N{NO-BREAK SPACE}km"

    @property
    def mark(self) -> dict[str, Any]:
        """What the map draws of it."""
        name = f"{self.rank}. {self.event}, {self.distance}"
        return {"rank": self.rank, "point": [self.event.latitude, self.event.longitude], "name": name}


def around(event: Event, user: User) -> list[Neighbour]:
    """At most twenty; none for an event without a point."""
    if event.latitude is None or event.longitude is None:
        return []
    centre = Place(str(event), event.latitude, event.longitude)
    near = Event.objects.annotate(kilometres=centre.distance()).order_by("kilometres", "pk")
    there = near.filter(centre.within(AROUND), edition=event.edition_id).exclude(pk=event.pk)
    # Asked first, since a database that starts from what the user may see reads their whole région.
    near = near.filter(pk__in=list(there.values_list("pk", flat=True)[:LOOKED_AT]))
    visible = Application.objects.visible_to(user).filed()
    examined = {item.pk: item for item in near.filter(application__in=visible).select_related("application")[:AT_MOST]}
    public = {item.pk: item for item in near.published()[:AT_MOST]}
    both: list[Any] = sorted({**public, **examined}.values(), key=_rank)[:AT_MOST]
    return [_neighbour(rank, item, item.pk in examined) for rank, item in enumerate(both, 1)]


def _rank(event: Any) -> tuple[float, int]:
    return event.kilometres, event.pk


def _neighbour(rank: int, event: Any, is_examined: bool) -> Neighbour:
    if not is_examined:
        return Neighbour(rank, event, event.kilometres, "", "")
    address = reverse("admin:labels_application_change", args=[event.application.pk])
    return Neighbour(rank, event, event.kilometres, address, State(event.application.state).label)
