"""The words the rules are stated in: what goes in, what comes out, nothing that computes."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

TARGET_AUDIENCES = frozenset(
    {
        "scolaires",
        "jeunes",
        "etudiants",
        "demandeurs-emploi",
        "communaute-educative",
        "professionnels-rh",
        "grand-public",
    }
)


class Condition(StrEnum):
    DATES = "dates"
    AUDIENCES = "audiences"
    INDUSTRY = "industry"
    FREE = "free"


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    TO_EXAMINE = "to_examine"


_FROM_BEST_TO_WORST = (Outcome.MET, Outcome.TO_EXAMINE, Outcome.NOT_MET)


@dataclass(frozen=True)
class Window:
    """The published window of an edition, both days included."""

    starts_on: dt.date
    ends_on: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Slot:
    """One opening of the event, by its local date at the venue."""

    date: dt.date

    @classmethod
    def at(cls, instant: dt.datetime, time_zone: str) -> Self:
        """The slot of an aware ``instant`` at a venue of that IANA zone (online: Europe/Paris)."""
        if instant.tzinfo is None:
            raise ValueError("A slot needs an aware instant.")
        return cls(instant.astimezone(ZoneInfo(time_zone)).date())


@dataclass(frozen=True)
class Declaration:
    """What the organiser declared so far; a draft may lack anything, ``price`` None is « not yet said »."""

    title: str
    description: str
    purpose: str
    format: str
    sectors: tuple[str, ...]
    audiences: tuple[str, ...]
    price: Decimal | None
    slots: tuple[Slot, ...]
    registration_url: str = ""
    target_audiences: frozenset[str] = TARGET_AUDIENCES


@dataclass(frozen=True)
class Evidence:
    """An excerpt, exactly as given: ``text == declaration.<field>[start:end]``, or 0, 0 where the field is no text."""

    field: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Finding:
    """One condition read: the reason is a French sentence, ``field`` the form field to mend."""

    condition: Condition
    outcome: Outcome
    reason: str
    evidence: tuple[Evidence, ...]
    field: str

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "evidence": [dict(vars(item)) for item in self.evidence]}


@dataclass(frozen=True)
class Verdict:
    """Four findings, one a condition, in the order of ``Condition``."""

    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        if tuple(finding.condition for finding in self.findings) != tuple(Condition):
            raise ValueError("A verdict holds one finding a condition, in their order.")

    def __getitem__(self, condition: Condition) -> Finding:
        return self.of(condition)

    def of(self, condition: Condition) -> Finding:
        return next(finding for finding in self.findings if finding.condition is condition)

    @property
    def is_clear(self) -> bool:
        return self.outcome is Outcome.MET

    @property
    def outcome(self) -> Outcome:
        """The worst of the four."""
        return max((finding.outcome for finding in self.findings), key=_FROM_BEST_TO_WORST.index)

    @property
    def doubts(self) -> str:
        """The conditions not held for met, for a column to be searched in: « audiences:to_examine free:not_met »."""
        doubtful = [finding for finding in self.findings if finding.outcome is not Outcome.MET]
        return " ".join(f"{finding.condition.value}:{finding.outcome.value}" for finding in doubtful)

    def as_json(self) -> dict[str, Any]:
        return {"findings": [finding.as_json() for finding in self.findings]}
