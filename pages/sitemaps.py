"""What search engines are told to read: the portal's pages and every public event."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from events.models import Event, EventQuerySet

if TYPE_CHECKING:
    PageBase = Sitemap[str]
    EventBase = Sitemap[Event]
else:
    PageBase = EventBase = Sitemap

PAGES = [
    "pages:home",
    "events:list",
    "maps:page",
    "figures:page",
    "events:label_check",
    "pages:resources",
    "pages:help",
    "pages:organisers_guide",
    "pages:contact",
    "pages:sitemap_page",
    "pages:accessibility",
    "pages:legal",
    "pages:privacy",
    "pages:cookies",
]


class PageSitemap(PageBase):
    def items(self) -> list[str]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class EventSitemap(EventBase):
    limit = 10_000

    def items(self) -> EventQuerySet:
        return Event.objects.published().only("uid", "title", "updated_at").order_by("pk")

    def lastmod(self, item: Event) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """By the database: Django's own reads every event to know the last."""
        latest: datetime | None = self.items().aggregate(latest=Max("updated_at"))["latest"]
        return latest


SITEMAPS: dict[str, type[PageBase] | type[EventBase]] = {"pages": PageSitemap, "evenements": EventSitemap}
