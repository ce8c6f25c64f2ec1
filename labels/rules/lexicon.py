"""The words that the rules look for, kept as data in ``lexicons/*.txt``, each beside a sentence where it is read.

A line is « entries > example ». In an entry, ``*`` is any ending of a word, ``…`` a few words of one sentence, a space
may be a hyphen, ``{section}`` stands for all the entries of that section, and the rest is a regular expression whose
groups do not capture. A line that starts with ``#`` is a comment, ``[section]`` opens a section.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from .reading import plain

FOLDER = Path(__file__).parent / "lexicons"
# A pattern ends with a word, or with the space or apostrophe that calls for one.
WHOLE_WORDS = r"\b(?:{})(?:(?<=[ '])|(?!\w))"

_SECTION = re.compile(r"\[(\w+)\]$")
_PIECES = re.compile(r"\[[^\]]*\]|\{[a-z_]+\}|\\.|\(\?|.")
_PLAIN = {"(": "(?:", " ": "[ -]", "…": "[^.!?;]{0,40}?"}


@dataclass(frozen=True)
class Entry:
    """What is looked for, in the notation of the files and as a regular expression, and where it is read."""

    written: str
    expression: str
    example: str

    @property
    def letter(self) -> str:
        """The letter it starts with; empty where it may start with several."""
        return self.expression[0] if re.match(r"[a-z](?![?*{])", self.expression) else ""


@dataclass(frozen=True)
class Section:
    entries: tuple[Entry, ...]

    @cached_property
    def expression(self) -> str:
        """Any of the entries; those of one letter stand together, so that a word is tried against a few only."""
        letters = sorted({entry.letter for entry in self.entries if entry.letter})
        groups = [f"(?={letter})(?:{self._any(letter)})" for letter in letters]
        return "|".join(filter(None, [*groups, self._any("")]))

    def compile(self, frame: str = WHOLE_WORDS) -> re.Pattern[str]:
        return re.compile(frame.replace("{}", self.expression))

    def _any(self, letter: str) -> str:
        return "|".join(entry.expression for entry in self.entries if entry.letter == letter)


def load(name: str) -> dict[str, Section]:
    """The sections of ``lexicons/<name>.txt``; a section stands for its entries in those that follow."""
    sections: dict[str, Section] = {}
    current = ""
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if opened := _SECTION.match(line):
            current = opened[1]
            sections[current] = Section(())
        elif line and not line.startswith("#"):
            entries = sections[current].entries + tuple(_entries(line, sections))
            sections[current] = replace(sections[current], entries=entries)
    return sections


def _entries(line: str, sections: dict[str, Section]) -> Iterator[Entry]:
    written, _, example = line.partition(" > ")
    for entry in written.split(", "):
        yield Entry(entry.strip(), _expression(entry.strip(), sections), example.strip())


def _expression(entry: str, sections: dict[str, Section]) -> str:
    pieces: list[str] = []
    for piece in _PIECES.findall(entry):
        if piece.startswith("{") and len(piece) > 1:
            pieces.append(f"(?:{sections[piece[1:-1]].expression})")
        elif piece == "*" and re.fullmatch(r"[a-z0-9)]", pieces[-1]):
            pieces.append(r"\w*")
        elif len(piece) == 1:
            pieces.append(_PLAIN.get(piece) or plain(piece))
        else:
            pieces.append(piece)
    return "".join(pieces)
