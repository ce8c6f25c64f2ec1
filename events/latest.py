"""The events published last, as RSS 2.0."""

from django.conf import settings
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import linebreaks

from core.cells import clean
from events.models import Event, EventQuerySet

LATEST = 50


def news(events: EventQuerySet, *, title: str, address: str, page: str) -> bytes:
    """The last fifty of ``events``; ``address`` is the feed's own, ``page`` that of the same search as a page."""
    feed = Rss201rev2Feed(
        title=clean(title),
        link=page,
        description="Les derniers événements publiés de la Semaine de l’industrie.",
        language="fr",
        feed_url=address,
        feed_copyright="Licence Ouverte 2.0",
        ttl=60,
    )
    for event in events.order_by("-published_at", "-pk").for_cards()[:LATEST]:
        _add(feed, event)
    return feed.writeString("utf-8").encode()


def _add(feed: Rss201rev2Feed, event: Event) -> None:
    """A reader takes the description for HTML and the title for text; the identifier outlives a new title's address."""
    title = f"Annulé : {event.title}" if event.cancelled_at else event.title
    feed.add_item(
        title=clean(title),
        link=settings.SITE_URL + event.get_absolute_url(),
        description=linebreaks(clean(f"{_summary(event)}\n\n{event.description}"), autoescape=True),
        unique_id=f"urn:uuid:{event.uid}",
        unique_id_is_permalink=False,
        pubdate=event.published_at,
        categories=[event.format.label] if event.format else [],
    )


def _summary(event: Event) -> str:
    place = event.commune.name if event.is_on_site and event.commune else "En ligne"
    return " – ".join(part for part in (event.when, place, "Complet" if event.is_full else "") if part)
