"""What is stored of an edition's events and what of it is public; pages, map and feeds only read this."""

from events.models.editions import TOLERANCE, Edition, EditionQuerySet
from events.models.events import FAR, Event, EventQuerySet, slug_of
from events.models.lists import Audience, Format, Level, ListItem, Sector
from events.models.pictures import MOST_DOCUMENTS, Picture
from events.models.reports import Report
from events.models.search import SearchEntry, SearchWord
from events.models.slots import Slot

__all__ = [
    "FAR",
    "MOST_DOCUMENTS",
    "TOLERANCE",
    "Audience",
    "Edition",
    "EditionQuerySet",
    "Event",
    "EventQuerySet",
    "Format",
    "Level",
    "ListItem",
    "Picture",
    "Report",
    "SearchEntry",
    "SearchWord",
    "Sector",
    "Slot",
    "slug_of",
]
