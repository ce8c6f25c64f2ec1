"""The counts of an edition read from the database, and kept until anything that the public sees of it changes."""

from collections.abc import Mapping, Sequence

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncDate

from events.models import Audience, Edition, Event, EventQuerySet, Format, Slot
from figures.counts import Counts, Group
from figures.history import History
from figures.tables import Names
from places.models import Departement, Region

# To be moved with the shape of what is kept, so that no cache answers with the old one.
FORMAT_VERSION = 1
KEPT_FOR = 24 * 3600


def counts(edition: Edition) -> Counts:
    key = _key("counts", edition)
    kept: Counts | None = cache.get(key)
    if kept is None:
        kept = _counts(Event.objects.held().filter(edition=edition))
        cache.set(key, kept, KEPT_FOR)
    return kept


def _key(name: str, edition: Edition) -> str:
    return f"figures-{name}{FORMAT_VERSION}-{edition.pk}-{edition.public_version}"


def _counts(held: EventQuerySet) -> Counts:
    held = held.order_by()
    columns = ("region", "attendance", "commune__departement", "format__slug")
    groups = held.values_list(*columns).annotate(Count("pk"), Count("latitude"))
    audiences = held.filter(audiences__isnull=False).values_list("audiences__slug").annotate(Count("pk"))
    slots = Slot.objects.filter(event__in=held).order_by()
    days = slots.values_list("date").annotate(Count("event", distinct=True))
    return Counts.of((Group(*row) for row in groups), dict(audiences), dict(days))


def histories(editions: Sequence[Edition]) -> Mapping[int, History]:
    """Of each edition, by its year; those that changed are read again, all at once."""
    keys = {edition.year: _key("history", edition) for edition in editions}
    kept = cache.get_many(keys.values())
    if changed := [edition for edition in editions if keys[edition.year] not in kept]:
        read = {keys[year]: history for year, history in _histories(changed).items()}
        cache.set_many(read, KEPT_FOR)
        kept |= read
    return {year: kept[key] for year, key in keys.items()}


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
