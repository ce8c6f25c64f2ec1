"""The places that the words of a search name: towns, post codes, départements, régions, as people call them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Q

from core import text
from core.words import Word
from events.conditions import is_in_communes
from events.distances import Place
from places.former import FORMER_REGIONS
from places.models import ARRONDISSEMENTS, Commune, Departement

LONGEST_NAME = 8  # words: « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson »
_POSTCODE = 5  # figures
# By the codes of their régions.
_ABBREVIATIONS = {"11": "IDF", "93": "PACA"}
# Of the same hundred names at each search.
_fold = lru_cache(maxsize=512)(text.fold)
_FORMER = [(codes, name) for name, codes in FORMER_REGIONS.items()]


@dataclass
class _Meaning:
    """All that bears a name, or has a post code; towns the largest first."""

    name: str = ""
    communes: list[Commune] = field(default_factory=list)
    departements: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)

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
        parts = {"commune__departement__in": self.departements, "region__in": self.regions}
        condition = is_in_communes(self.communes)
        for lookup, codes in parts.items():
            if codes:
                condition |= Q(**{lookup: sorted(codes)})
        return condition


@dataclass(frozen=True)
class Area:
    """A place's name where it stands in the search; all that bear it are one."""

    name: str
    condition: Q
    is_town: bool
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


def named_in(everything: Sequence[Word]) -> Area | None:
    """What the longest run of words is the name of, with the post code or the number of the département after it.

    A number alone is a département's too: whether it is one here is told by what its words find elsewhere.
    """
    runs = {
        " ".join(word.folded for word in run): run
        for size in range(1, LONGEST_NAME + 1)
        for run in (everything[start : start + size] for start in range(len(everything) - size + 1))
        if not all(word.is_common for word in run)
    }
    meanings = _meanings(runs)
    if not meanings:
        return None
    found = max(meanings, key=lambda name: (len(runs[name]), -runs[name][0].start))
    meaning, run = meanings[found], runs[found]
    end = run[-1].end
    code = next((word for word in everything if word.start >= end), None)
    if code and (narrowed := _narrowed(meaning, code.folded)):
        meaning, end = narrowed, code.end
    is_town = not meaning.is_wide and not found.isdigit()
    town = None if meaning.is_wide else meaning.communes[0]
    return Area(meaning.name, meaning.condition, is_town, town, meaning.filter, run[0].start, end)


def _meanings(names: Collection[str]) -> dict[str, _Meaning]:
    """By those of ``names``, folded, that are some place's."""
    meanings: defaultdict[str, _Meaning] = defaultdict(_Meaning)
    for commune in Commune.objects.filter(_is_called(names)).order_by("-population", "code"):
        for name in {commune.folded_name, *commune.postcodes.split()} & set(names):
            meanings[name].communes.append(commune)
            meanings[name].name = meanings[name].name or (name if name.isdigit() else commune.name)
    departements = Departement.objects.values_list("code", "name", "region", "region__name")
    regions = {region: name for *_, region, name in departements}
    for code, name in [*regions.items(), *_ABBREVIATIONS.items()]:
        if (folded := _fold(name)) in names:
            meanings[folded].name = name
            meanings[folded].regions.add(code)
    numbers = [((code,), name, code.lower()) for code, name, *_ in departements]
    called = [((code,), name, _fold(name)) for code, name, *_ in departements]
    former = [(codes, name, _fold(name)) for codes, name in _FORMER]
    for codes, name, folded in [*numbers, *called, *former]:
        if folded in names:
            meanings[folded].name = name
            meanings[folded].departements.update(codes)
    return dict(meanings)


def _is_called(names: Collection[str]) -> Q:
    """Communes of these names; of post codes, the arrondissements rather than their town, which has them all."""
    condition = Q(folded_name__in=names)
    for code in names:
        if code.isdigit() and len(code) == _POSTCODE:
            condition |= Q(postcodes__contains=f" {code}") & ~Q(pk__in=ARRONDISSEMENTS)
    return condition


def _narrowed(meaning: _Meaning, code: str) -> _Meaning | None:
    """To what has the post code, or is of the département, that the portal writes after a name: « Nord (59) »."""
    if not code.isdigit() or len(code) < 2:
        return None
    communes = [commune for commune in meaning.communes if f" {code}" in commune.postcodes]
    departements = meaning.departements & {code}
    return _Meaning(meaning.name, communes, departements) if communes or departements else None
