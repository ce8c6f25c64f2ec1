"""Second condition: the event is open to at least one of the edition's target audiences."""

import re
from collections.abc import Iterator
from itertools import chain

from .lexicon import load
from .reading import Text, texts
from .terms import Condition, Declaration, Evidence, Finding, Outcome

_SHOWN = 8
_SENTENCE = 160

_WORDS = load("audiences")
CLOSED_GROUP = _WORDS["closed_group"].compile()
TARGET_GROUP = _WORDS["target_group"].compile(
    r"\b(?<!leurs )(?<!leur )(?<!anciens )(?<!anciennes )(?<!ancien )(?<!ancienne )(?:{})(?!\w)"
)
ANY_PUBLIC = _WORDS["any_public"].compile(
    r"^ ?(?:exclusivement |uniquement |strictement )?(?:(?:les?|la|l'|tous|toutes|toute|ceux|celles|un|une|des"
    r"|chaque|votre|ta|vos|deux|trois|quatre|[0-9]+|seules?|seuls?) ?)*(?:{})(?:(?<=')|(?!\w))"
)
RESERVED = _WORDS["reserved"].compile()
ONLY_BEFORE = _WORDS["only_before"].compile(r"\b(?:{})(?!\w)")
# After the group, perhaps its complement (« du réseau », « de la maison ») and an adjective.
ONLY_AFTER = _WORDS["only_after"].compile(
    r"^(?: (?:du |de la |de l'|des |de |d'|of the |of )[\w'-]+){0,2}(?: \w+(?:el|if|eu|eur|ien)s)? ?[,(]? ?(?:{})\b"
)
ADDRESSED = _WORDS["addressed"].compile(r"\b(?:{})(?!\w)")
ADDRESSED_EVENT = re.compile(
    rf"\b(?:{_WORDS['event'].expression})\b[^.!?;]{{0,60}}\b(?:{_WORDS['addressed_event'].expression})(?!\w)"
)
OWN_PEOPLE = _WORDS["own_people"].compile()
INSIDER = _WORDS["insider"].compile()
HOSTS = _WORDS["hosts"].compile(r"^,?(?: (?!et |se )[\w'-]+){0,3} (?:{})(?!\w)")
CITED_BEFORE = _WORDS["cited_before"].compile(
    r"\b(?:{})(?: (?:de|d'|des|du|les|nos|ses|leurs|deux|trois|quatre|cinq|futurs?|jeunes|anciens))* ?$"
)
PART = _WORDS["part"].compile()
OPENED = _WORDS["opened"].compile(r"\b(?:{})(?!\w)[^.!?;]{0,60}")
CIRCLE = _WORDS["circle"].compile()
CLOSED = _WORDS["closed"].compile()
NOT_THE_EVENT_BEFORE = _WORDS["not_the_event_before"].compile(r"\b(?:{})(?: [\w'-]+){0,3} ?$")
# A list ends where a new thought begins.
_ENUMERATION_END = re.compile(
    r"[(:]|\b(?:qui|que|pour|afin|dont|avec|sur|lors|merci|car|parce|sans|chez|dans|en presence|mais(?! aussi"
    r"| egalement))\b"
)
DENIED_BEFORE = _WORDS["denied_before"].compile(
    r"\b(?:{})(?: (?:pas|plus|que|du tout|uniquement|seulement|besoin d\w*|besoin))*[ -]*$"
)
OTHER_DAYS = _WORDS["other_days"].compile(r"\b(?:{})\b")


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
    spans = [*_shut_doors(text), *_reserved(text), *_only(text), *_among_ourselves(text), *_among_their_own(text)]
    end_of_last = 0
    for start, end in sorted(spans):
        if start >= end_of_last:
            yield text.evidence(start, end)
            end_of_last = end


def _shut_doors(text: Text) -> Iterator[tuple[int, int]]:
    """« sur invitation », « huis clos », « fermé au public »."""
    for match in CLOSED.finditer(text.folded):
        if not _is_excused(text, match.start(), match.end()):
            yield match.span()


def _reserved(text: Text) -> Iterator[tuple[int, int]]:
    """« réservé aux … » anybody who is not a part of the public."""
    for match in RESERVED.finditer(text.folded):
        start, end = match.span()
        named = _enumerated(text.after(end, 80))
        if NOT_THE_EVENT_BEFORE.search(text.before(start, 50)) or _is_excused(text, start, end):
            continue
        if TARGET_GROUP.search(named):
            continue
        group = CLOSED_GROUP.search(named)
        if group:
            yield start, end + group.end()
        elif not ANY_PUBLIC.search(named):
            yield start, end + len(" ".join(named.split(" ")[:4]).rstrip())


def _only(text: Text) -> Iterator[tuple[int, int]]:
    """« exclusivement », « seuls », « limité à », before or after a closed group."""
    for match in ONLY_BEFORE.finditer(text.folded):
        start, end = match.span()
        pour = len(" pour") if text.folded.startswith(" pour", end) else 0
        named = _enumerated(text.after(end + pour, 90))
        group = CLOSED_GROUP.search(named.split(",")[0][:50])
        if group is None or re.search(r"[0-9]", named[: group.start()]):
            continue
        if not TARGET_GROUP.search(named) and not _is_excused(text, start, end):
            yield start, end + pour + group.end()
    for match in CLOSED_GROUP.finditer(text.folded):
        only = ONLY_AFTER.search(text.after(match.end(), 40))
        if only is None or TARGET_GROUP.search(text.before(match.start(), 60)):
            continue
        if not _is_excused(text, match.start(), match.end()):
            yield match.start(), match.end() + only.end()


def _among_ourselves(text: Text) -> Iterator[tuple[int, int]]:
    """« s’adresse à notre clientèle » without a word for anyone else in the sentence."""
    for match in chain(ADDRESSED.finditer(text.folded), ADDRESSED_EVENT.finditer(text.folded)):
        start, end = match.span()
        group = OWN_PEOPLE.match(text.folded, end + 1)
        if group is None or _is_excused(text, start, end):
            continue
        if not TARGET_GROUP.search(text.before(start, _SENTENCE) + text.after(end, _SENTENCE)):
            yield start, group.end()


def _among_their_own(text: Text) -> Iterator[tuple[int, int]]:
    """« la visite est pour les membres », « journée fournisseurs » without a word for anyone else in the sentence."""
    for match in CIRCLE.finditer(text.folded):
        start, end = match.span()
        if not _is_excused(text, start, end) and not _names_a_target(text, start, end):
            yield start, end
    for match in INSIDER.finditer(text.folded):
        start, end = match.span()
        if HOSTS.search(text.after(end, 60)) or CITED_BEFORE.search(text.before(start, 50)):
            continue
        if _is_excused(text, start, end):
            continue
        if not _welcomes(text.around(start, end, _SENTENCE)):
            yield start, end


def _welcomes(words: str) -> bool:
    """« ouvert à tous », « accueille les lycéens »."""
    return any(TARGET_GROUP.search(match[0]) for match in OPENED.finditer(words))


def _names_a_target(text: Text, start: int, end: int) -> bool:
    return TARGET_GROUP.search(text.around(start, end, _SENTENCE)) is not None


def _enumerated(after: str) -> str:
    return _ENUMERATION_END.split(after, maxsplit=1)[0]


def _is_excused(text: Text, start: int, end: int) -> bool:
    """Denied, or said of the other days, or of a part of a day that opens to others."""
    before = text.before(start, _SENTENCE)
    if DENIED_BEFORE.search(before[-30:]) or OTHER_DAYS.search(text.around(start, end, 60)):
        return True
    return PART.search(before[-60:] + text.folded[start:end]) is not None and _welcomes(text.folded[end:])


def _finding(outcome: Outcome, reason: str, *evidence: Evidence) -> Finding:
    return Finding(Condition.AUDIENCES, outcome, reason, evidence, "audiences")
