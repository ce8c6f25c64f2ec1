"""The places that the words of a search name: towns, post codes, départements, régions, as people call them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Q

from core import text
from core.words import Word
from events.conditions import is_in_communes
from events.distances import Place
from places.former import FORMER_REGIONS
from places.models import Commune, Departement

LONGEST_NAME = 8  # words: « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson »
_POSTCODE = re.compile(r"[0-9]{5}")
# Each is looked for in all communes.
_MOST_POSTCODES = 3
_ARRONDISSEMENT = re.compile(r"([0-9]{1,2})(?:er|e|eme)?")
# By the codes of their régions.
_ABBREVIATIONS = {"11": "IDF", "93": "PACA"}
# Of the same hundred names at each search.
_fold = lru_cache(maxsize=512)(text.fold)


@dataclass(frozen=True)
class Area:
    """A place's name where it stands in the search; all that bear it are one."""

    name: str
    condition: Q
    is_town: bool
    # A number alone may be that of a département, and any other.
    is_doubtful: bool
    # The largest town of that name; None for what is wider.
    town: Commune | None
    # Of the list, by the widest that bears the name: its name and its values.
    filter: tuple[str, list[str]]
    start: int
    end: int

    @property
    def place(self) -> Place | None:
        """Where to look around."""
        centre = self.town.centre if self.town else None
        return Place(self.town.name, centre.latitude, centre.longitude) if self.town and centre else None


@dataclass
class _Named:
    """All that some words of the search name, from the word of rank ``first`` to before that of rank ``last``."""

    first: int
    last: int
    name: str = ""
    is_code: bool = False
    # The largest first.
    communes: list[Commune] = field(default_factory=list)
    # The région of each, by its code.
    departements: dict[str, str] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Names before numbers, the longest first, then the first."""
        return self.is_code, self.first - self.last, self.first

    @property
    def is_somewhere(self) -> bool:
        return bool(self.communes or self.departements or self.regions)

    @property
    def is_wide(self) -> bool:
        """More than a town, but for Paris, which is its own département."""
        is_whole_of_it = bool(self.communes and self.communes[0].arrondissements)
        return bool(self.departements or self.regions) and not is_whole_of_it

    @property
    def filter(self) -> tuple[str, list[str]]:
        if not self.is_wide:
            return "commune", [commune.code for commune in self.communes]
        return ("region", sorted(self.regions)) if self.regions else ("departement", sorted(self.departements))

    @property
    def condition(self) -> Q:
        """« Vienne » is a town of Isère and a département: events of both are found."""
        condition = is_in_communes(self.communes)
        for lookup, codes in (("commune__departement__in", self.departements), ("region__in", self.regions)):
            if codes:
                condition |= Q(**{lookup: sorted(codes)})
        return condition

    def covers(self, commune: Commune) -> bool:
        is_in_town = any(town.holds(commune) for town in self.communes)
        return is_in_town or commune.departement_id in self.departements or commune.region_id in self.regions

    def within(self, other: "_Named") -> "_Named":
        """What of it lies in ``other``."""
        departements = {
            code: region
            for code, region in self.departements.items()
            if code in other.departements or region in other.regions
        }
        communes = [commune for commune in self.communes if other.covers(commune)]
        name, code = (other.name, self.name) if self.is_code else (self.name, other.name)
        name = f"{name} ({code})" if self.is_code or other.is_code else name
        return _Named(self.first, self.last, name, False, communes, departements, self.regions & other.regions)

    def met_by(self, other: "_Named") -> "_Named | None":
        """« Le Havre (76600) », « Bordeaux, Gironde », « 93 Saint-Denis »: the narrower of two that say one place."""
        found = next((one for one in (self.within(other), other.within(self)) if one.is_somewhere), None)
        if found:
            found.first, found.last = min(self.first, other.first), max(self.last, other.last)
        return found


def named_in(everything: Sequence[Word]) -> Area | None:
    """What the longest run of words is the name of, with what stands beside it and says where that is.

    A number alone is a département's too: whether it is one here is told by what the search finds there.
    """
    candidates = sorted(_candidates(everything), key=lambda one: one.rank)
    if not candidates:
        return None
    found, *others = candidates
    is_doubtful = found.is_code and bool(found.departements)
    for other in sorted(others, key=lambda one: abs(one.first - found.first)):
        before, after = sorted((found, other), key=lambda one: one.first)
        if before.last <= after.first and all(word.is_common for word in everything[before.last : after.first]):
            found = found.met_by(other) or found
    found = _arrondissement(found, everything) or found
    name = str(Departement.objects.get(pk=found.name)) if found.is_code and found.departements else found.name
    return Area(
        name,
        found.condition,
        is_town=not found.is_wide and not found.is_code,
        is_doubtful=is_doubtful,
        town=None if found.is_wide else found.communes[0],
        filter=found.filter,
        start=everything[found.first].start,
        end=everything[found.last - 1].end,
    )


def _candidates(everything: Sequence[Word]) -> Iterable[_Named]:
    runs: dict[str, _Named] = {}
    for size in range(1, LONGEST_NAME + 1):
        for first in range(len(everything) - size + 1):
            run = everything[first : first + size]
            if not all(word.is_common for word in run):
                runs.setdefault(" ".join(word.folded for word in run), _Named(first, first + size))
    postcodes = [name for name in runs if _POSTCODE.fullmatch(name)][:_MOST_POSTCODES]
    called = Q(folded_name__in=runs)
    for code in postcodes:
        called |= Q(postcodes__contains=f" {code}")
    for commune in Commune.objects.filter(called).order_by("-population", "code"):
        # A town of arrondissements has the codes of them all.
        codes = set() if commune.arrondissements else set(commune.postcodes.split()).intersection(postcodes)
        for name in {commune.folded_name, *codes} & runs.keys():
            runs[name].communes.append(commune)
            runs[name].is_code = name in codes
            runs[name].name = runs[name].name or (name if name in codes else commune.name)
    for called_so, name, departements, regions in _wide():
        if called_so in runs:
            runs[called_so].name = name
            runs[called_so].is_code = name in departements
            runs[called_so].departements.update(departements)
            runs[called_so].regions.update(regions)
    return [named for named in runs.values() if named.is_somewhere]


def _wide() -> Iterator[tuple[str, str, dict[str, str], set[str]]]:
    """What is wider than a town: as a search calls it, as a page does, its départements and its régions."""
    departements = list(Departement.objects.values_list("code", "name", "region", "region__name"))
    of = {code: region for code, _, region, _ in departements}
    regions = {region: name for *_, region, name in departements}
    short = [(code, name) for code, name in _ABBREVIATIONS.items() if code in regions]
    for code, name in [*regions.items(), *short]:
        yield _fold(name), name, {}, {code}
    for code, name, region, _ in departements:
        yield _fold(name), name, {code: region}, set()
        yield code.lower(), code, {code: region}, set()
    for name, codes in FORMER_REGIONS.items():
        yield _fold(name), name, {code: of[code] for code in codes if code in of}, set()


def _arrondissement(found: _Named, everything: Sequence[Word]) -> _Named | None:
    """« Paris 13 », « Lyon 3e »."""
    prefix = found.communes[0].arrondissements if found.communes and not found.is_wide else ""
    number = _ARRONDISSEMENT.fullmatch(everything[found.last].folded) if found.last < len(everything) else None
    if not prefix or not number:
        return None
    commune = Commune.objects.filter(code=prefix + number[1].zfill(5 - len(prefix))).first()
    return _Named(found.first, found.last + 1, commune.name, False, [commune]) if commune else None
