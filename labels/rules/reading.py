"""Reads French as people type it: accents, case, apostrophes, spaces and Unicode forms do not count,
yet every match points back to the text exactly as given."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .terms import Declaration, Evidence

_APOSTROPHES = frozenset("'\u2019\u2018\u201b\u02bc\u2032`\u00b4\uff07")
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_LIGATURES = {"œ": "oe", "æ": "ae"}
# « salarié·e·s », « salarié.e.s », « salarié(e)s »: the punctuation of inclusive writing, dropped.
_INCLUSIVE = re.compile(
    r"(?<=[^\W\d_])(?:[.·•](?=(?:e|es|s|ne|nes|le|les|se|ses|euse|euses|rice|rices|trice|trices)\b)"
    r"|\((?=(?:e|es|s|ne|le)\))|(?:(?<=\(e)|(?<=\(s)|(?<=\(es)|(?<=\(ne)|(?<=\(le))\))"
)
_RUN = re.compile(r"[ \n]+|[^ \n]")
_SENTENCE_END = re.compile(r"[.!?;]")


@dataclass(frozen=True)
class Text:
    """A text and its folded twin: ``origins[i]`` is where ``folded[i]`` stood in ``given``."""

    field: str
    given: str
    folded: str
    origins: tuple[int, ...]

    def evidence(self, start: int, end: int) -> Evidence:
        """The excerpt, as given, of ``folded[start:end]``."""
        first, last = self.origins[start], self.origins[end - 1] + 1
        while last < len(self.given) and unicodedata.combining(self.given[last]):
            last += 1
        return Evidence(self.field, self.given[first:last], first, last)

    def before(self, start: int, width: int) -> str:
        """What precedes in the same sentence, at most ``width`` characters."""
        return _SENTENCE_END.split(self.folded[max(0, start - width) : start])[-1]

    def after(self, end: int, width: int) -> str:
        """What follows in the same sentence, at most ``width`` characters."""
        return _SENTENCE_END.split(self.folded[end : end + width], maxsplit=1)[0]

    def around(self, start: int, end: int, width: int) -> str:
        """The sentence of ``folded[start:end]``, at most ``width`` characters on either side."""
        return self.before(start, width) + self.folded[start:end] + self.after(end, width)


def texts(declaration: Declaration) -> tuple[Text, ...]:
    """The three texts of a declaration, folded."""
    return tuple(fold(field, getattr(declaration, field)) for field in ("title", "description", "purpose"))


@lru_cache(maxsize=64)
def fold(field: str, given: str) -> Text:
    """Lower case without accents; ' for any apostrophe, one space for any run, a full stop for an empty line."""
    letters = [(letter, origin) for origin, character in enumerate(given) for letter in _letters(character)]
    dropped = {match.start() for match in _INCLUSIVE.finditer("".join(letter for letter, _ in letters))}
    letters = [pair for i, pair in enumerate(letters) if i not in dropped]
    folded: list[str] = []
    origins: list[int] = []
    for run in _RUN.finditer("".join(letter for letter, _ in letters)):
        folded.append(run[0] if not run[0].isspace() else "." if run[0].count("\n") > 1 else " ")
        origins.append(letters[run.start()][1])
    return Text(field, given, "".join(folded), tuple(origins))


def plain(text: str) -> str:
    """A text folded letter by letter, as the words that are looked for are."""
    return "".join(map(_letters, text))


def _letters(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _DASHES:
        return "-"
    if character == "\n":
        return character
    if character.isspace():
        return " "
    if character in _INVISIBLE or unicodedata.combining(character):
        return ""
    decomposed = unicodedata.normalize("NFKD", _LIGATURES.get(character.lower(), character)).casefold()
    return "".join(" " if c.isspace() else c for c in decomposed if not unicodedata.combining(c))
