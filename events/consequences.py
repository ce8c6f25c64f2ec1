"""What a change of an edition does to what the public sees: computed before it is made, from facts alone."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Self

from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.templatetags.french import moment, period
from events.dates import spoken_day
from events.models import Audience, Edition


@dataclass(frozen=True)
class Facts:
    """An edition as it is stored, or as a form would make it; no audience is all of them."""

    pk: int | None
    number: int
    year: int
    theme: str
    week_starts_on: date
    week_ends_on: date
    window_starts_on: date
    window_ends_on: date
    applications_open_at: datetime
    applications_close_at: datetime
    audiences: frozenset[str]
    participants: int | None
    is_published: bool

    @classmethod
    def of(cls, edition: Edition, audiences: Iterable[Audience]) -> Self:
        values = {item.name: getattr(edition, item.name) for item in fields(cls) if item.name != "audiences"}
        return cls(**values, audiences=frozenset(item.slug for item in audiences))

    def is_open(self, now: datetime) -> bool:
        return self.is_published and self.applications_open_at <= now < self.applications_close_at

    def as_json(self) -> dict[str, Any]:
        values = {**asdict(self), "audiences": sorted(self.audiences)}
        return {name: item.isoformat() if isinstance(item, date) else item for name, item in values.items()}

    def in_words(self) -> dict[str, str]:
        """Each field as people read it, by its name in the form."""
        labels = [item.label for item in Audience.objects.all() if item.slug in self.audiences]
        days = ("week_starts_on", "week_ends_on", "window_starts_on", "window_ends_on")
        instants = ("applications_open_at", "applications_close_at")
        return {
            "number": str(self.number),
            "year": str(self.year),
            "theme": self.theme or "Aucun",
            **{name: spoken_day(getattr(self, name), with_weekday=True) for name in days},
            **{name: moment(timezone.localtime(getattr(self, name))) for name in instants},
            "audiences": ", ".join(labels) or "Tous",
            "participants": "Non renseigné" if self.participants is None else str(self.participants),
            "is_published": "Oui" if self.is_published else "Non",
        }


@dataclass(frozen=True)
class Row:
    """One of those concerned."""

    reference: str
    url: str
    title: str
    dates: str
    state: str


@dataclass(frozen=True)
class Consequence:
    title: str
    sentences: Sequence[str]
    rows: Sequence[Row] = field(default=())
    # How many more than ``rows`` there are.
    others: int = 0


def stored() -> list[Facts]:
    """Every edition, the first year first."""
    editions = Edition.objects.order_by("year").prefetch_related("audiences")
    return [Facts.of(edition, edition.audiences.all()) for edition in editions]


def seal(known: Sequence[Facts], after: Facts) -> str:
    """What tells that a preview was shown of ``after``, and made from the editions as ``known``."""
    values = [facts.as_json() for facts in (*known, after)]
    return salted_hmac("events.edition", json.dumps(values)).hexdigest()


def current(editions: Iterable[Facts], today: date) -> Facts | None:
    """As ``Edition.objects.current`` chooses among those that are stored."""
    published = sorted((item for item in editions if item.is_published), key=lambda item: item.window_starts_on)
    begun = [item for item in published if item.window_starts_on <= today]
    held = [item for item in begun if today <= item.window_ends_on]
    return next(iter([*held, *(item for item in published if item not in begun), *reversed(begun)]), None)


def taking(editions: Iterable[Facts], now: datetime) -> Facts | None:
    """As ``Edition.objects.taking_applications`` chooses."""
    return min((item for item in editions if item.is_open(now)), key=lambda item: item.window_starts_on, default=None)


def public_consequences(known: Sequence[Facts], before: Facts | None, after: Facts) -> list[Consequence]:
    """What visitors and those who apply will find, each told only where it changes."""
    now = timezone.now()
    then = [*(item for item in known if before is None or item.pk != before.pk), after]
    found = [
        Consequence("Ce que montre le portail", [*_shown(known, then, before, after, now)]),
        Consequence("La semaine et la fenêtre", [*_dates(before, after)]),
        Consequence("Les nouvelles demandes", [*_applications(known, then, before, after, now)]),
    ]
    return [item for item in found if item.sentences]


def _shown(
    known: Sequence[Facts], then: Sequence[Facts], before: Facts | None, after: Facts, now: datetime
) -> Iterable[str]:
    was_published = before is not None and before.is_published
    if after.is_published and not was_published:
        yield f"L’édition {after.year} devient publique : elle entre dans les filtres de la liste et de la carte."
    if was_published and not after.is_published:
        yield (
            f"L’édition {after.year} n’est plus publique : elle quitte les filtres de la liste et de la carte. "
            "Les pages de ses événements labellisés restent à leur adresse."
        )
    today = timezone.localdate(now)
    old, new = current(known, today), current(then, today)
    if _key(old) != _key(new):
        yield _change_of_edition(old, new)
    elif new is after and before is not None and before.theme != after.theme:
        yield "L’accueil montrera aussitôt le nouveau thème."


def _dates(before: Facts | None, after: Facts) -> Iterable[str]:
    if before is None:
        return
    if (old := _week(before)) != (new := _week(after)):
        yield f"La semaine, annoncée {old}, sera annoncée {new}."
    if (old := _window(before)) != (new := _window(after)):
        yield f"La fenêtre du label était {old} ; elle sera {new}."


def _applications(
    known: Sequence[Facts], then: Sequence[Facts], before: Facts | None, after: Facts, now: datetime
) -> Iterable[str]:
    was_open = before is not None and before.is_open(now)
    if was_open and not after.is_open(now):
        yield "Les demandes, ouvertes en ce moment, seront fermées aussitôt."
    if after.is_open(now) and not was_open:
        yield "Les demandes, fermées en ce moment, seront ouvertes aussitôt."
    old, new = taking(known, now), taking(then, now)
    if old and new and _key(old) != _key(new):
        yield f"Une nouvelle demande sera pour l’édition {new.year}, et non plus pour l’édition {old.year}."
    for other in then:
        if _overlap(other, after) and not (before and _overlap(other, before)):
            yield (
                f"Les demandes sont ouvertes en même temps que celles de l’édition {other.year} "
                f"({_opening(other)}) : une nouvelle demande ira à celle dont la fenêtre vient la première."
            )


def _overlap(one: Facts, other: Facts) -> bool:
    """Whether two editions take applications at the same time."""
    return (
        one.year != other.year
        and one.is_published
        and other.is_published
        and one.applications_open_at < other.applications_close_at
        and other.applications_open_at < one.applications_close_at
    )


def _opening(facts: Facts) -> str:
    first, last = (timezone.localdate(at) for at in (facts.applications_open_at, facts.applications_close_at))
    return period(first, last)


def _week(facts: Facts) -> str:
    return period(facts.week_starts_on, facts.week_ends_on)


def _window(facts: Facts) -> str:
    return period(facts.window_starts_on, facts.window_ends_on)


def _key(facts: Facts | None) -> int | None:
    """An edition to be created has none of its own, and differs from all."""
    return None if facts is None else facts.pk or -1


def _change_of_edition(old: Facts | None, new: Facts | None) -> str:
    if new is None:
        return "L’accueil, la liste et la carte ne montreront plus d’édition : aucune autre n’est publiée."
    instead = f" au lieu de l’édition {old.year}" if old else ""
    return f"L’accueil, la liste et la carte montreront l’édition {new.year}{instead}."
