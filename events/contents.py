"""All that hangs on one event, in three questions: its lists' entries and its edition's, its slots, its pictures.

Django takes ten times as long to write these questions as the database to answer them, and an application is read so
each time that it is reread, sent or decided on (docs/decisions/0035): the lists are in SQL, the others written once.
"""

from itertools import groupby
from typing import Any

from django.db import connection, models

from core import prepared
from events.models import Audience, Event, Format, Level, ListItem, Picture, Sector, Slot

_COLUMNS = ("id", "slug", "label", "position", "is_active")
_MODELS: dict[str, type[ListItem]] = {
    "audiences": Audience,
    "format": Format,
    "levels": Level,
    "sectors": Sector,
    "targets": Audience,
}
_ENTRY = "entry.id, entry.slug, entry.label, entry.position, entry.is_active"
_ENTRIES = f"""
SELECT 'audiences' AS list, {_ENTRY} FROM events_audience entry
  JOIN events_event_audiences chosen ON chosen.audience_id = entry.id WHERE chosen.event_id = %(event)s
UNION ALL SELECT 'format', {_ENTRY} FROM events_format entry WHERE entry.id = %(format)s
UNION ALL SELECT 'levels', {_ENTRY} FROM events_level entry
  JOIN events_event_levels chosen ON chosen.level_id = entry.id WHERE chosen.event_id = %(event)s
UNION ALL SELECT 'sectors', {_ENTRY} FROM events_sector entry
  JOIN events_event_sectors chosen ON chosen.sector_id = entry.id WHERE chosen.event_id = %(event)s
UNION ALL SELECT 'targets', {_ENTRY} FROM events_audience entry
  JOIN events_edition_audiences chosen ON chosen.audience_id = entry.id WHERE chosen.edition_id = %(edition)s
ORDER BY list, position, label
"""  # noqa: S608  no word of it comes from outside
_SLOTS = prepared.Prepared(lambda event: Slot.objects.filter(event=event), event=int)
_PICTURES = prepared.Prepared(lambda event: Picture.objects.filter(event=event), event=int)


def read_ahead(event: Event) -> None:
    """Leave ``event`` and its edition as ``prefetch_related`` would: none of it is asked for again."""
    lists = _lists_of(event)
    event.format = next(iter(lists.get("format", [])), None)  # type: ignore[assignment]
    for name in ("audiences", "levels", "sectors"):
        _keep(event, name, lists.get(name, []))
    _keep(event.edition, "audiences", lists.get("targets", []))
    _keep(event, "slots", _of(event, _SLOTS.rows(event=event.pk)))
    _keep(event, "pictures", _of(event, _PICTURES.rows(event=event.pk)))


def _lists_of(event: Event) -> dict[str, list[ListItem]]:
    asked = {"event": event.pk, "format": event.format_id, "edition": event.edition_id}
    with prepared.cursor() as cursor:
        cursor.execute(_ENTRIES, asked)
        rows = cursor.fetchall()
    return {name: [_entry(*row) for row in group] for name, group in groupby(rows, key=lambda row: row[0])}


def _entry(name: str, *values: Any) -> ListItem:
    # What is no boolean in a database is one in the model.
    *texts, is_active = values
    return _MODELS[name].from_db(connection.alias, _COLUMNS, [*texts, bool(is_active)])


def _of(event: Event, rows: list[Any]) -> list[Any]:
    for row in rows:
        row.event = event
    return rows


def _keep(owner: models.Model, name: str, rows: list[Any]) -> None:
    known = getattr(owner, name).all()
    known._result_cache, known._prefetch_done = rows, True  # noqa: SLF001  as prefetch_related itself leaves it
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known
