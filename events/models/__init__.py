"""What is stored of an edition's events and what of it is public; pages, map and feeds only read this."""

from events.models.editions import TOLERANCE, Edition, EditionQuerySet
from events.models.events import FAR, Event, EventQuerySet, slug_of
from events.models.lists import Audience, Format, Level, ListItem, Sector
from events.models.slots import Slot

__all__ = [
    "FAR",
    "TOLERANCE",
    "Audience",
    "Edition",
    "EditionQuerySet",
    "Event",
    "EventQuerySet",
    "Format",
    "Level",
    "ListItem",
    "Sector",
    "Slot",
    "slug_of",
]
