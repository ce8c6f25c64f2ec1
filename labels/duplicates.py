"""Applications that may be one event filed twice: looked for within bounds, weighed, told in words.

A title alone proves nothing: networks give one title to many visits, on other days or at other sites. What is called
a likely duplicate has the same place and the same day too; the rest of what stands close is only called similar.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time

from django.db.models import Case, Q, QuerySet, When
from rapidfuzz import fuzz

from accounts.models import User
from core.text import fold
from labels.models import Application
from places.points import Point

LOOKED_AT = 200
SHOWN = 5
# Of 100: from here on, one event filed twice.
LIKELY = 88
SIMILAR = 40
# Under this, two titles have nothing to do with each other.
CLOSE_TITLES = 70
# Kilometres between two pins of one site.
ONE_SITE = 0.3
_TITLE, _DAY, _OTHER_HOURS, _SITE, _COMMUNE, _ORGANISATION, _AUTHOR = 40, 25, 10, 25, 8, 8, 6
_EMPTY_WORDS = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une"])


@dataclass(frozen=True)
class Sketch:
    """What is compared of an application."""

    title: str
    organisation: int | None = None
    author: int | None = None
    slots: tuple[tuple[date, time, time], ...] = ()
    commune: str | None = None
    address: str = ""
    point: Point | None = None
    is_online: bool = False


@dataclass(frozen=True)
class Likeness:
    """From 0 to 100, and why."""

    score: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def is_duplicate(self) -> bool:
        return self.score >= LIKELY

    @property
    def label(self) -> str:
        return "Doublon probable" if self.is_duplicate else "Semblable"


@dataclass(frozen=True)
class Match:
    application: Application
    likeness: Likeness


def find(application: Application, user: User) -> list[Match]:
    """The closest applications of the edition that ``user`` may see, those taken back and drafts apart."""
    its_own = sketch(application)
    matches = [Match(other, compare(its_own, sketch(other))) for other in _candidates(application, user)]
    close = [match for match in matches if match.likeness.score >= SIMILAR]
    return sorted(close, key=lambda match: (-match.likeness.score, match.application.pk))[:SHOWN]


def sketch(application: Application) -> Sketch:
    event = application.event
    has_point = event.is_on_site and event.latitude is not None and event.longitude is not None
    return Sketch(
        title=_words(event.title),
        organisation=event.organisation_id,
        author=application.created_by_id,
        slots=tuple((slot.date, slot.start_time, slot.end_time) for slot in event.slots.all()),
        commune=event.commune_id if event.is_on_site else None,
        address=fold(event.address) if event.is_on_site else "",
        # The centre of a commune is where every address without a pin stands.
        point=Point(event.latitude, event.longitude) if has_point and event.is_point_confirmed else None,  # type: ignore[arg-type]
        is_online=not event.is_on_site,
    )


def _words(title: str) -> str:
    return " ".join(word for word in fold(title).split() if word not in _EMPTY_WORDS)


def compare(one: Sketch, two: Sketch) -> Likeness:
    """How close they are; nothing where the titles differ, or where neither a person nor a place is shared."""
    ratio = fuzz.token_set_ratio(one.title, two.title) if one.title and two.title else 0
    if ratio < CLOSE_TITLES:
        return Likeness()
    who, where, when = list(_who(one, two)), list(_where(one, two)), list(_when(one, two))
    if not who and not any(points == _SITE for points, _ in where):
        return Likeness()
    titles = "même titre" if one.title == two.title else f"titres proches à {int(ratio)} %"
    # Half the letters are shared by any two sentences.
    clues = [*who, (_TITLE * (ratio - 50) / 50, titles), *when, *where]
    return Likeness(round(sum(points for points, _ in clues)), [reason for _, reason in clues])


Clues = Iterator[tuple[float, str]]


def _who(one: Sketch, two: Sketch) -> Clues:
    if one.organisation and one.organisation == two.organisation:
        yield _ORGANISATION, "même organisation"
    elif one.author and one.author == two.author:
        yield _AUTHOR, "même déposant"


def _when(one: Sketch, two: Sketch) -> Clues:
    if any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in one.slots for b in two.slots):
        yield _DAY, "même jour, mêmes heures"
    elif {a[0] for a in one.slots} & {b[0] for b in two.slots}:
        yield _OTHER_HOURS, "même jour, à d’autres heures"


def _where(one: Sketch, two: Sketch) -> Clues:
    if one.is_online and two.is_online:
        yield _SITE, "en ligne tous les deux"
    elif one.commune and one.commune == two.commune:
        if _is_one_site(one, two):
            yield _SITE, "même lieu"
        else:
            yield _COMMUNE, "même commune"


def _is_one_site(one: Sketch, two: Sketch) -> bool:
    if one.point and two.point and one.point.kilometres_to(two.point) <= ONE_SITE:
        return True
    return bool(one.address) and one.address == two.address


def _candidates(application: Application, user: User) -> Iterable[Application]:
    """Three lookups that an index answers, bounded: by organisation, by author, by commune among the same dates."""
    event = application.event
    same_dates = Q(event__starts_on__lte=event.ends_on, event__ends_on__gte=event.starts_on) if event.starts_on else Q()
    visible = Application.objects.visible_to(user).filed().filter(event__edition=event.edition_id)
    pks: set[int] = set()
    if event.organisation_id:
        pks |= _nearest(visible.filter(event__organisation=event.organisation_id), same_dates)
    if application.created_by_id:
        pks |= _nearest(visible.filter(created_by=application.created_by_id), same_dates)
    if event.is_on_site and event.commune_id and event.starts_on:
        pks |= _nearest(visible.filter(same_dates, event__commune=event.commune_id), same_dates)
    found = Application.objects.filter(pk__in=pks - {application.pk}).select_related("event__organisation")
    return found.prefetch_related("event__slots")


def _nearest(applications: QuerySet[Application], same_dates: Q) -> set[int]:
    """A third of what is looked at, those of the same dates first."""
    rank = Case(When(same_dates, then=0), default=1) if same_dates else None
    order = [rank, "-pk"] if rank else ["-pk"]
    return set(applications.order_by(*order).values_list("pk", flat=True)[: LOOKED_AT // 3])
