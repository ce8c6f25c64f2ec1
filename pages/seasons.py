"""Which time of the year it is for an edition, and so which home page is the right one; no database, no clock."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from places.models import PARIS

# How long the home page thanks, from the end of the window on.
THANKS = timedelta(days=60)


class Season(StrEnum):
    """Named as the part of the home page that is its own, ``templates/pages/seasons/<season>.html``."""

    NONE = "none"
    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"
    WEEK = "week"
    AFTER = "after"
    BETWEEN = "between"


class Calendar(Protocol):
    """What of an edition decides; days are those of Paris."""

    @property
    def week_starts_on(self) -> date: ...
    @property
    def window_ends_on(self) -> date: ...
    @property
    def applications_open_at(self) -> datetime: ...
    @property
    def applications_close_at(self) -> datetime: ...


def season_of(edition: Calendar | None, now: datetime) -> Season:
    """``edition`` is the current one: from its week to the end of its window it is the week's time, whatever may
    still be applied for; before, it is as applications are; afterwards the last edition is thanked, then left.
    """
    if edition is None:
        return Season.NONE
    today = now.astimezone(ZoneInfo(PARIS)).date()
    if today > edition.window_ends_on:
        return Season.AFTER if today - edition.window_ends_on <= THANKS else Season.BETWEEN
    if today >= edition.week_starts_on:
        return Season.WEEK
    if now < edition.applications_open_at:
        return Season.BEFORE
    return Season.OPEN if now < edition.applications_close_at else Season.CLOSED
