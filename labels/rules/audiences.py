"""Second condition: the event is open to at least one of the edition's target audiences."""

import re
from collections.abc import Iterator
from itertools import chain

from . import lexicon_audiences as lexicon
from .reading import Text, texts
from .terms import Condition, Declaration, Evidence, Finding, Outcome

_SHOWN = 8
_SENTENCE = 160


def is_open_to_target_audiences(declaration: Declaration) -> Finding:
    targeted = [slug for slug in dict.fromkeys(declaration.audiences) if slug in declaration.target_audiences]
    if not declaration.audiences:
        return _finding(Outcome.NOT_MET, "Choisissez au moins un des publics visés par le label.")
    if not targeted:
        others = [Evidence("audiences", slug) for slug in declaration.audiences]
        return _finding(Outcome.NOT_MET, "Aucun des publics choisis n’est visé par le label cette année.", *others)
    closures = [closure for text in texts(declaration) for closure in _closures(text)]
    if closures:
        reason = (
            f"Des publics visés sont choisis, mais le texte dit «\u00a0{closures[0].text}\u00a0»\u00a0: à examiner."
        )
        return Finding(Condition.AUDIENCES, Outcome.TO_EXAMINE, reason, tuple(closures[:_SHOWN]), closures[0].field)
    reason = "L’événement est ouvert à au moins un des publics visés par le label."
    return _finding(Outcome.MET, reason, *(Evidence("audiences", slug) for slug in targeted))


def _closures(text: Text) -> Iterator[Evidence]:
    """The words that keep the event among a few, in the order of the text."""
    spans = [*_shut_doors(text), *_reserved(text), *_only(text), *_among_ourselves(text)]
    end_of_last = 0
    for start, end in sorted(spans):
        if start >= end_of_last:
            yield text.evidence(start, end)
            end_of_last = end


def _shut_doors(text: Text) -> Iterator[tuple[int, int]]:
    """« sur invitation », « huis clos », « fermé au public »."""
    for match in lexicon.CLOSED.finditer(text.folded):
        if not _is_excused(text, match.start(), match.end()):
            yield match.span()


def _reserved(text: Text) -> Iterator[tuple[int, int]]:
    """« réservé aux … » anybody who is not a part of the public."""
    for match in lexicon.RESERVED.finditer(text.folded):
        start, end = match.span()
        named = _enumerated(text.after(end, 80))
        if lexicon.NOT_THE_EVENT_BEFORE.search(text.before(start, 50)) or _is_excused(text, start, end):
            continue
        if lexicon.TARGET_GROUP.search(named):
            continue
        group = lexicon.CLOSED_GROUP.search(named)
        if group:
            yield start, end + group.end()
        elif not lexicon.ANY_PUBLIC.search(named):
            yield start, end + len(" ".join(named.split(" ")[:4]).rstrip())


def _only(text: Text) -> Iterator[tuple[int, int]]:
    """« exclusivement », « seuls », « limité à », before or after a closed group."""
    for match in lexicon.ONLY_BEFORE.finditer(text.folded):
        start, end = match.span()
        pour = len(" pour") if text.folded.startswith(" pour", end) else 0
        named = _enumerated(text.after(end + pour, 90))
        group = lexicon.CLOSED_GROUP.search(named.split(",")[0][:50])
        if group is None or re.search(r"[0-9]", named[: group.start()]):
            continue
        if not lexicon.TARGET_GROUP.search(named) and not _is_excused(text, start, end):
            yield start, end + pour + group.end()
    for match in lexicon.CLOSED_GROUP.finditer(text.folded):
        only = lexicon.ONLY_AFTER.search(text.after(match.end(), 25))
        if only is None or lexicon.TARGET_GROUP.search(text.before(match.start(), 60)):
            continue
        if not _is_excused(text, match.start(), match.end()):
            yield match.start(), match.end() + only.end()


def _among_ourselves(text: Text) -> Iterator[tuple[int, int]]:
    """« s’adresse à notre clientèle » without a word for anyone else in the sentence."""
    for match in chain(lexicon.ADDRESSED.finditer(text.folded), lexicon.ADDRESSED_EVENT.finditer(text.folded)):
        start, end = match.span()
        group = lexicon.OWN_PEOPLE.match(text.folded, end + 1)
        if group is None or _is_excused(text, start, end):
            continue
        sentence = text.before(start, _SENTENCE) + text.after(end, _SENTENCE)
        if not lexicon.TARGET_GROUP.search(sentence):
            yield start, group.end()


def _enumerated(after: str) -> str:
    return lexicon.ENUMERATION_END.split(after, maxsplit=1)[0]


def _is_excused(text: Text, start: int, end: int) -> bool:
    """Denied, or said of the other days."""
    before = text.before(start, _SENTENCE)
    if lexicon.DENIED_BEFORE.search(before[-30:]):
        return True
    return lexicon.OTHER_DAYS.search(before + text.folded[start:end] + text.after(end, 60)) is not None


def _finding(outcome: Outcome, reason: str, *evidence: Evidence) -> Finding:
    return Finding(Condition.AUDIENCES, outcome, reason, evidence, "audiences")
