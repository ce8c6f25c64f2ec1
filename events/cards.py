"""The cards of a list, drawn once for each change of an event and kept: only those that are missing are read."""

from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from events.models import Event, EventQuerySet
from events.templatetags.event_text import away

# Seconds. What an event says moves its date of change; the names of its audiences and levels, which the DGE may edit,
# do not: with the page that holds them, kept as long, they show within ten minutes.
KEPT_FOR = 300
# To be moved with the template.
_VERSION = 2
# Where a card says how far its event is, which depends on the search.
_AWAY = mark_safe("<!-- distance -->")


def cards(events: EventQuerySet, *, level: int = 2, for_classes: bool = False) -> list[SafeString]:
    """The card of each event, in their order; ``level`` is that of their headings, and a teacher asks more of them."""
    columns = ["pk", "updated_at", *({"distance"} & events.query.annotations.keys())]
    rows = list(events.values_list(*columns))
    kind = f"{_VERSION}-{level}-{'classes' if for_classes else 'all'}"
    keys = {pk: f"card{kind}-{pk}-{updated_at.timestamp()}" for pk, updated_at, *_ in rows}
    kept = cache.get_many(keys.values())
    missing = {pk: key for pk, key in keys.items() if key not in kept}
    if missing:
        read = Event.objects.filter(pk__in=missing).for_cards()
        read = read.prefetch_related("levels") if for_classes else read
        drawn = {missing[event.pk]: _draw(event, level, for_classes=for_classes) for event in read}
        cache.set_many(drawn, KEPT_FOR)
        kept |= drawn
    return [_placed(kept[keys[pk]], *distance) for pk, _, *distance in rows if keys[pk] in kept]


def _draw(event: Event, level: int, *, for_classes: bool) -> str:
    context: dict[str, Any] = {"event": event, "level": level, "away": _AWAY, "for_classes": for_classes}
    return str(render_to_string("components/event_card.html", context))


def _placed(card: str, distance: float | None = None) -> SafeString:
    words = "" if distance is None else f", {away(distance)}"
    return mark_safe(card.replace(_AWAY, words))  # noqa: S308 - a template drew it
