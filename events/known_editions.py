"""The editions whose facts are public, from ``events/data/editions.json``: for a database that lacks them."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Days = tuple[date, date]


@dataclass(frozen=True)
class KnownEdition:
    """What was published of one year; None is « no source says », no audience the usual ones."""

    number: int | None
    theme: str
    week: Days
    window: Days
    applications: Days | None
    participants: int | None
    audiences: tuple[str, ...] = ()


@cache
def known_editions() -> dict[int, KnownEdition]:
    written = json.loads((Path(__file__).parent / "data" / "editions.json").read_text("utf-8"))
    return {int(year): _read(facts) for year, facts in written.items()}


def _read(facts: dict[str, Any]) -> KnownEdition:
    return KnownEdition(
        number=facts["number"],
        theme=facts["theme"],
        week=_days(facts["week"]),
        window=_days(facts["window"]),
        applications=_days(facts["applications"]) if facts["applications"] else None,
        participants=facts["participants"],
        audiences=tuple(facts.get("audiences", ())),
    )


def _days(pair: list[str]) -> Days:
    first, last = pair
    return date.fromisoformat(first), date.fromisoformat(last)
