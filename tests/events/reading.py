"""Reads the public outputs as their users do: each by a parser of its format, as the uids of the events it holds."""

import csv
import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import feedparser
import geojson
import icalendar
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from events import feeds
from maps import views as maps

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
View = Callable[[HttpRequest], HttpResponseBase]
VIEWS: dict[str, View] = {
    "csv": feeds.csv,
    "json": feeds.json,
    "ics": feeds.ics,
    "rss": feeds.rss,
    "geojson": maps.geojson,
}
ADDRESSES = {name: f"/evenements.{name}" for name in ("csv", "json", "ics", "rss")} | {
    "geojson": "/carte/evenements.geojson"
}


def content(response: Any) -> bytes:
    return response.getvalue() if response.streaming else response.content  # type: ignore[no-any-return]


def fetch(name: str, query: str = "") -> bytes:
    """The document of a format, straight from its view."""
    response = VIEWS[name](RequestFactory().get(f"{ADDRESSES[name]}?{query}"))
    assert response.status_code == 200, (name, query, content(response))
    return content(response)


def table(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(body.decode(), newline="")))


def meetings(body: bytes) -> list[Any]:
    calendar: Any = icalendar.Calendar.from_ical(body)
    return list(calendar.walk("VEVENT"))


def entries(body: bytes) -> list[Any]:
    feed = feedparser.parse(body)
    assert not feed.bozo, feed.get("bozo_exception")
    return list(feed.entries)


def pages(query: str = "", size: int = 300) -> list[dict[str, Any]]:
    """Every page of the JSON, one after the other, as ``after`` leads."""
    found, after = [], ""
    while True:
        page = json.loads(fetch("json", f"{query}&size={size}{after}"))
        found.append(page)
        if page["after"] is None:
            return found
        after = "".join(f"&after={value}" for value in page["after"])


UIDS: dict[str, Callable[[str], set[str]]] = {
    "csv": lambda query: {row["uid"] for row in table(fetch("csv", query))},
    "json": lambda query: {event["uid"] for page in pages(query) for event in page["events"]},
    "ics": lambda query: {UID.match(meeting["uid"])[0] for meeting in meetings(fetch("ics", query))},  # type: ignore[index]
    "geojson": lambda query: {feature.id for feature in geojson.loads(fetch("geojson", query)).features},
}
