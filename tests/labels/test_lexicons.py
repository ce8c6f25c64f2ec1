"""Every entry of the lexicons is read in the example beside it, where no other entry reads it; most decide it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from types import ModuleType

import pytest

from labels.rules import Declaration, Finding, Outcome, Slot, audiences, free
from labels.rules.lexicon import FOLDER, Entry, Section, load
from labels.rules.reading import plain

pytestmark = pytest.mark.pure

LEXICONS = {path.stem: load(path.stem) for path in sorted(FOLDER.glob("*.txt"))}
RULES: dict[str, tuple[ModuleType, Callable[[Declaration], Finding]]] = {
    "audiences": (audiences, audiences.is_open_to_target_audiences),
    "free": (free, free.is_free),
}
EXAMINED, CLEAR = Outcome.TO_EXAMINE, Outcome.MET
# What the example of each entry comes to, thanks to that entry alone.
DECIDES = {
    ("audiences", "any_public"): CLEAR,
    ("audiences", "closed"): EXAMINED,
    ("audiences", "circle"): EXAMINED,
    ("audiences", "closed_group"): EXAMINED,
    ("audiences", "insider"): EXAMINED,
    ("audiences", "not_the_event_before"): CLEAR,
    ("audiences", "only_after"): EXAMINED,
    ("audiences", "only_before"): EXAMINED,
    ("audiences", "other_days"): CLEAR,
    ("audiences", "own_people"): EXAMINED,
    ("audiences", "part"): CLEAR,
    ("audiences", "reserved"): EXAMINED,
    ("audiences", "target_group"): CLEAR,
    ("free", "bounded"): EXAMINED,
    ("free", "charge"): EXAMINED,
    ("free", "denied_after"): CLEAR,
    ("free", "journey"): CLEAR,
    ("free", "other_days"): CLEAR,
    ("free", "others_after"): CLEAR,
    ("free", "paid_by_another"): CLEAR,
}


SECTIONS = [(name, title) for name, sections in LEXICONS.items() for title in sections]


@cache
def alone(entry: Entry) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{entry.expression})(?:(?<=[ '])|(?!\w))")


@pytest.mark.parametrize(("name", "title"), SECTIONS)
def test_each_entry_reads_in_its_example_what_no_other_reads(name: str, title: str) -> None:
    entries = LEXICONS[name][title].entries

    assert [entry.written for entry in entries if not reads_alone(entry, entries)] == []


def reads_alone(entry: Entry, entries: tuple[Entry, ...]) -> bool:
    example = plain(entry.example)
    others = [match.span() for other in entries if other is not entry for match in alone(other).finditer(example)]
    read = [match.span() for match in alone(entry).finditer(example)]
    return any(not any(first <= start and end <= last for first, last in others) for start, end in read)


@pytest.mark.parametrize(("name", "title"), DECIDES)
def test_each_entry_decides_its_example(name: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    section, expected = LEXICONS[name][title], DECIDES[name, title]

    assert [
        entry.written for entry in section.entries if not decides(name, section, entry, expected, monkeypatch)
    ] == []


def decides(name: str, section: Section, entry: Entry, expected: Outcome, monkeypatch: pytest.MonkeyPatch) -> bool:
    # Entries that ask to examine may share a sentence: each must be enough alone.
    others = [
        other
        for other in section.entries
        if other is not entry and (expected is CLEAR or other.example != entry.example)
    ]
    sentences = [
        words for words in re.split(r"(?<=[.!?]) (?=[A-ZÀÉ0-9])", entry.example) if alone(entry).search(plain(words))
    ]
    with_it = outcomes(name, section, [entry, *others], sentences, monkeypatch)
    without_it = outcomes(name, section, others, sentences, monkeypatch)
    return any(a is expected and b is not expected for a, b in zip(with_it, without_it, strict=True))


def outcomes(
    name: str, section: Section, entries: list[Entry], sentences: list[str], monkeypatch: pytest.MonkeyPatch
) -> list[Outcome]:
    """What the rule says of each sentence, with ``entries`` in the place of ``section``."""
    module, rule = RULES[name]
    with monkeypatch.context() as changed:
        for attribute, pattern in vars(module).copy().items():
            if isinstance(pattern, re.Pattern) and section.expression in pattern.pattern:
                frame = pattern.pattern.replace(section.expression, "{}")
                changed.setattr(module, attribute, AnyOf(frame, entries))
        return [rule(saying(sentence)).outcome for sentence in sentences]


class AnyOf:
    """Like the pattern of a section, with its entries apart: quicker than to compile them all anew."""

    def __init__(self, frame: str, entries: list[Entry]) -> None:
        self.patterns = [framed(frame, entry.expression) for entry in entries]

    def finditer(self, text: str) -> list[re.Match[str]]:
        return [match for pattern in self.patterns for match in pattern.finditer(text)]

    def search(self, text: str) -> re.Match[str] | None:
        return min(self.finditer(text), key=lambda match: match.start(), default=None)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return next(filter(None, (pattern.match(text, start) for pattern in self.patterns)), None)


@cache
def framed(frame: str, expression: str) -> re.Pattern[str]:
    return re.compile(frame.replace("{}", expression))


def saying(text: str) -> Declaration:
    return Declaration(
        title="Visite",
        description=text,
        purpose="",
        format="visite-entreprise",
        sectors=("métallurgie",),
        audiences=("grand-public",),
        price=Decimal(0),
        slots=(Slot(date(2024, 11, 20)),),
    )
