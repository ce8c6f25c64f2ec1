"""Third condition: the purpose is to inform on industry. Met and not met are asserted on evidence only."""

import re
from dataclasses import dataclass

from .lexicon import load
from .reading import Text, fold, texts
from .terms import Condition, Declaration, Evidence, Finding, Outcome

_SHOWN = 8

_WORDS = load("industry")
INDUSTRIAL_SECTOR = _WORDS["industrial_sector"].compile()
OTHER_SECTOR = _WORDS["other_sector"].compile()
ART = _WORDS["art"].compile()
# Said in passing, these prove nothing: the name of the week, a chamber of commerce, other « industries ».
NOT_INDUSTRY = _WORDS["not_industry"].compile()


@dataclass(frozen=True)
class _Reading:
    """The different words found of each kind, with where each was first read."""

    strong: dict[str, Evidence]
    weak: dict[str, Evidence]
    other: dict[str, Evidence]
    leisure: dict[str, Evidence]
    work: dict[str, Evidence]
    craft: dict[str, Evidence]
    scale: dict[str, Evidence]
    industrial_sectors: tuple[Evidence, ...]
    other_sectors: tuple[Evidence, ...]

    @property
    def says_so(self) -> bool:
        """A word of industry stands in the title or in the stated purpose."""
        return any(evidence.field != "description" for evidence in self.strong.values())


def informs_about_industry(declaration: Declaration) -> Finding:
    if not (declaration.title + declaration.description + declaration.purpose).strip():
        return _finding(Outcome.TO_EXAMINE, "Décrivez l’événement et son objet\u00a0: rien n’est encore écrit.", ())
    reading = _read(declaration)
    if _is_industrial(reading):
        shown = (*reading.strong.values(), *reading.industrial_sectors, *reading.weak.values())[:_SHOWN]
        return _finding(Outcome.MET, f"L’événement parle d’industrie\u00a0: {_quoted(shown)}.", shown)
    if _is_leisure(reading):
        shown = (*reading.leisure.values(), *reading.other_sectors)[:_SHOWN]
        reason = f"Le texte parle d’autre chose que d’industrie\u00a0: {_quoted(shown)}."
        return _finding(Outcome.NOT_MET, reason, shown)
    shown = (*reading.strong.values(), *reading.other.values(), *reading.other_sectors, *reading.leisure.values())
    if not shown:
        return _finding(
            Outcome.TO_EXAMINE, "Rien dans le texte n’établit le lien avec l’industrie\u00a0: à examiner.", ()
        )
    reason = f"Le lien avec l’industrie n’est pas évident ({_quoted(shown)})\u00a0: à examiner."
    return _finding(Outcome.TO_EXAMINE, reason, shown[:_SHOWN])


def _is_industrial(reading: _Reading) -> bool:
    strong, weak = len(reading.strong), len(reading.weak)
    against = len(reading.other) + len(reading.leisure)
    # A craftsman, a garage, a farm: a trade may be said in industry's words without a plant.
    names_art = any(ART.search(words) for words in reading.craft)
    if len(reading.craft) > 2 * len(reading.scale) or (names_art and strong < 3):
        return False
    # Who declares an industrial sector is believed on a few words, unless the text speaks more of something else.
    if reading.industrial_sectors:
        against += 2 * len(reading.other_sectors)
        return 2 * strong + weak >= max(1, against)
    if reading.other_sectors:
        return strong >= 5 and strong > 2 * against
    if reading.says_so and 2 * strong + weak >= 4 + 3 * against:
        return True
    return strong >= 3 and 2 * strong > 3 * against


def _is_leisure(reading: _Reading) -> bool:
    if reading.industrial_sectors or reading.work:
        return False
    # One industrial word in a page of leisure is a name: a theatre called « la Filature ».
    return len(reading.leisure) >= 2 if not reading.strong else len(reading.strong) == 1 and len(reading.leisure) >= 6


def _read(declaration: Declaration) -> _Reading:
    found: dict[str, dict[str, Evidence]] = {name: {} for name in (name for name, _ in _PATTERNS)}
    for text in texts(declaration):
        scrubbed = _without_false_friends(text)
        for name, pattern in _PATTERNS:
            for match in pattern.finditer(scrubbed):
                found[name].setdefault(_root(match[0]), text.evidence(*match.span()))
    sectors = [
        (Evidence("sectors", sector), _without_false_friends(fold("sectors", sector))) for sector in declaration.sectors
    ]
    industrial = tuple(e for e, s in sectors if INDUSTRIAL_SECTOR.search(s))
    other = tuple(e for e, s in sectors if e not in industrial and OTHER_SECTOR.search(s))
    return _Reading(**found, industrial_sectors=industrial, other_sectors=other)


_PATTERNS = (
    ("strong", _WORDS["strong"].compile()),
    ("weak", _WORDS["weak"].compile()),
    ("other", _WORDS["other_trade"].compile()),
    ("leisure", _WORDS["leisure"].compile()),
    ("work", _WORDS["work"].compile()),
    ("craft", _WORDS["craft"].compile()),
    ("scale", _WORDS["scale"].compile()),
)


def _without_false_friends(text: Text) -> str:
    """The folded text with « Semaine de l’industrie » and its like blanked, every offset kept."""
    return NOT_INDUSTRY.sub(lambda match: "_" * len(match[0]), text.folded)


def _root(word: str) -> str:
    """One key for the forms of one word, so that « usine, usines, l’usine » count once."""
    word = re.sub(r"^[ld]'?(?=usine)", "", word)
    return word[:6] if " " not in word else word


def _quoted(evidence: tuple[Evidence, ...]) -> str:
    different = list(dict.fromkeys(excerpt.text for excerpt in evidence))
    return ", ".join(f"«\u00a0{text}\u00a0»" for text in different[:4])


def _finding(outcome: Outcome, reason: str, evidence: tuple[Evidence, ...]) -> Finding:
    return Finding(Condition.INDUSTRY, outcome, reason, evidence, "purpose")
