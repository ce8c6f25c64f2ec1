"""What search engines are told to read: the portal's pages, its resources and every public event."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from editorial.models import Resource
from events.models import Event, EventQuerySet
from pages.site_map import all_pages

if TYPE_CHECKING:
    PageBase = Sitemap[str]
    EventBase = Sitemap[Event]
    ResourceBase = Sitemap[Resource]
else:
    PageBase = EventBase = ResourceBase = Sitemap


class PageSitemap(PageBase):
    def items(self) -> list[str]:
        return [page.name for page in all_pages() if page.is_indexed]

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


class ResourceSitemap(ResourceBase):
    def items(self) -> Iterable[Resource]:
        return Resource.objects.published().readable()

    def lastmod(self, item: Resource) -> datetime:
        return item.updated_at


SITEMAPS: dict[str, type[Sitemap[Any]]] = {
    "pages": PageSitemap,
    "ressources": ResourceSitemap,
    "evenements": EventSitemap,
}
