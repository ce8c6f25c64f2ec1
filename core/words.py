"""Words as a search compares them: folded, without those that every text holds, plural and gender taken off.

Both databases index what this module makes of a text, so that both find the same.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from core.text import fold

# A longer one is a string of letters; an index refuses it at some length of its own.
LONGEST = 40
SHORTEST_STEM = SHORTEST_SPELT = 4
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_COMMON = frozenset(
    """
    a au autour aux avec c ce ces cet cette chez d dans de des du elle elles en est et eux il ils j je l la le les leur
    leurs m ma mes mon n ne nos notre nous on ou par pas pour pres qu que qui s sa se ses si sur t un une vos votre vous
    y
    """.split()  # noqa: SIM905
)
# The first that fits alone; what is left of the word has three letters at least.
_ENDINGS = {
    "eaux": "eau",
    "aux": "al",
    "trices": "teur",
    "trice": "teur",
    "euses": "eur",
    "euse": "eur",
    "x": "",
    "s": "",
}


class Word(NamedTuple):
    """A word where it stands in a text; « St » is « saint » once folded."""

    folded: str
    start: int
    end: int

    @property
    def is_common(self) -> bool:
        return self.folded in _COMMON

    @property
    def can_be_mistyped(self) -> bool:
        """Shorter ones are too like one another, and figures have no spelling."""
        return len(self.folded) >= SHORTEST_SPELT and self.folded.isalpha()

    @property
    def stem(self) -> str:
        return stem(self.folded)


def words(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        for folded in _folded(found[0]):
            yield Word(folded, *found.span())


def stems(text: str) -> list[str]:
    """Each once, in their order; those of common words left out."""
    return list(dict.fromkeys(word.stem for word in words(text) if not word.is_common))


def spellings(text: str) -> dict[str, str]:
    """By its folded form each word that could be mistyped, as it is written."""
    return {word.folded: text[word.start : word.end].lower() for word in words(text) if word.can_be_mistyped}


@lru_cache(maxsize=50_000)
def _folded(word: str) -> tuple[str, ...]:
    return tuple(folded[:LONGEST] for folded in fold(word).split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What a folded word shares with its plural, its feminine and, of a verb, its noun.

    >>> [stem(word) for word in ("industrielles", "metaux", "soudeuse", "visiter", "visites", "bus")]
    ['industriel', 'metal', 'soudeur', 'visit', 'visit', 'bus']
    """
    if not word.isalpha():
        return word
    word = _singular(word)
    while word.endswith("e") and len(word) > SHORTEST_STEM:
        word = word[:-1]
    if word.endswith("er") and not word.endswith("ier") and len(word) > 5:
        word = word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _singular(word: str) -> str:
    for ending, singular in _ENDINGS.items():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + singular
            break
    if word.endswith("au") and not word.endswith("eau") and len(word) > 4:
        return word[:-2] + "al"
    # « travail », « travaux »
    return word[:-3] + "al" if word.endswith("ail") and len(word) > 5 else word
