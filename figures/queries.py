"""The counts of an edition read from the database, and kept until anything that the public sees of it changes."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncDate

from events.models import Audience, Edition, Event, EventQuerySet, Format, Slot
from figures.counts import Counts, Group
from figures.history import History
from figures.tables import Names
from places.models import Departement, Region

T = TypeVar("T")
# To be moved with the shape of what is kept, so that no cache answers with the old one.
FORMAT_VERSION = 1
KEPT_FOR = 24 * 3600


def _kept(key: str, read: Callable[[], T]) -> T:
    """What ``read`` gives, once for each key."""
    value: T | None = cache.get(key)
    if value is None:
        value = read()
        cache.set(key, value, KEPT_FOR)
    return value


def counts(edition: Edition) -> Counts:
    key = f"figures{FORMAT_VERSION}-{edition.pk}-{edition.public_version}"
    return _kept(key, lambda: _counts(Event.objects.held().filter(edition=edition)))


def _counts(held: EventQuerySet) -> Counts:
    held = held.order_by()
    columns = ("region", "attendance", "commune__departement", "format__slug")
    groups = held.values_list(*columns).annotate(Count("pk"), Count("latitude"))
    audiences = held.filter(audiences__isnull=False).values_list("audiences__slug").annotate(Count("pk"))
    slots = Slot.objects.filter(event__in=held).order_by()
    days = slots.values_list("date").annotate(Count("event", distinct=True))
    return Counts.of((Group(*row) for row in groups), dict(audiences), dict(days))


def histories(editions: Sequence[Edition]) -> Mapping[int, History]:
    """Of each edition, by its year."""
    versions = "-".join(f"{edition.pk}.{edition.public_version}" for edition in editions)
    key = f"histories{FORMAT_VERSION}-{sha256(versions.encode()).hexdigest()}"
    return _kept(key, lambda: _histories(editions))


def _histories(editions: Sequence[Edition]) -> dict[int, History]:
    found = {edition.year: History(edition.week_starts_on, edition.window_ends_on) for edition in editions}
    held = Event.objects.held().filter(edition__in=editions).order_by()
    days = held.annotate(day=TruncDate("published_at")).values_list("edition__year", "day")
    for year, day, count, instants in days.annotate(Count("pk"), Count("published_at", distinct=True)):
        found[year].add(day, count, instants)
    return found


def names(edition: Edition, counts: Counts) -> Names:
    """The lists as they are: what was retired and still counts is named, what nobody could choose is not."""
    targeted = set(edition.audiences.values_list("slug", flat=True))
    formats = {item.slug: item.label for item in Format.objects.all() if item.is_active or counts.formats[item.slug]}
    audiences = {
        item.slug: item.label
        for item in Audience.objects.all()
        if counts.audiences[item.slug] or (item.slug in targeted if targeted else item.is_active)
    }
    departements = dict(Departement.objects.values_list("code", "name"))
    return Names(dict(Region.objects.named()), departements, formats, audiences)
