"""What a search by words means in an edition: which words, in which place, and which of them were mistyped.

It depends on the words and the edition alone, so that list, map and data read the same words alike whatever else they
filter by. Words between quotation marks are taken as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.words import Word, stem, words
from events.areas import Area, named_in
from events.models import Edition, Event, EventQuerySet, SearchWord
from events.models.search import holding

QUOTATION_MARKS = frozenset('"“”«»')
# Events elsewhere whose texts hold the name of a place, for each of those that take place there.
ELSEWHERE = 4
MOST_CORRECTED = 3
MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Reading:
    """A search as it was understood; ``typed`` differs from ``text`` where a word was corrected."""

    typed: str
    text: str
    area: Area | None = None
    # A place whose name is a word that is found elsewhere above all.
    passed_over: Area | None = None
    words: tuple[Word, ...] = field(default=())

    @property
    def is_corrected(self) -> bool:
        return self.text != self.typed

    @property
    def condition(self) -> Q:
        found = holding(word.stem for word in self.words) if self.words else Q()
        return found & self.area.condition if self.area else found

    @property
    def besides_area(self) -> str:
        return self.besides(self.area)

    def besides(self, area: Area | None) -> str:
        """What is looked for, as it was typed: without the place, and without « près de » before it."""
        if not area:
            return "".join(letter for letter in self.text if letter not in QUOTATION_MARKS).strip()
        before = [word for word in self.words if word.end <= area.start]
        after = [word for word in self.words if word.start >= area.end]
        return " ".join(self.text[side[0].start : side[-1].end] for side in (before, after) if side)


def read(typed: str, edition: Edition | None) -> Reading:
    events = Event.objects.published().filter(edition=edition)
    if edition is None or QUOTATION_MARKS & set(typed):
        return Reading(typed, typed, words=_telling(words(typed)))
    found = _understood(typed, events)
    if found.words and not events.filter(found.condition).exists():
        corrected = _corrected(found, events, edition)
        return replace(_understood(corrected, events), typed=typed) if corrected else found
    return found


def _telling(found: Iterator[Word] | Sequence[Word]) -> tuple[Word, ...]:
    return tuple(word for word in found if not word.is_common)


def _understood(text: str, events: EventQuerySet) -> Reading:
    """As a place and what is looked for there, unless its name is a word that is found elsewhere above all."""
    everything = tuple(words(text))
    plain = Reading(text, text, words=_telling(everything))
    area = named_in(everything)
    if area is None:
        return plain
    others = [word for word in everything if word.end <= area.start or word.start >= area.end]
    there = replace(plain, area=area, words=_telling(others))
    found = events.filter(there.condition).count()
    mentions = events.filter(plain.condition).aggregate(all=Count("pk"), there=Count("pk", filter=area.condition))
    is_a_word = mentions["all"] - mentions["there"] > found * ELSEWHERE or (area.is_doubtful and not found)
    return replace(plain, passed_over=area if found else None) if is_a_word else there


def _corrected(reading: Reading, events: EventQuerySet, edition: Edition) -> str:
    """The text with each word that finds nothing replaced by the nearest that does; empty where one has none."""
    unknown = [word for word in reading.words if not events.filter(holding([word.stem])).exists()]
    if not 0 < len(unknown) <= MOST_CORRECTED or not all(word.can_be_mistyped for word in unknown):
        return ""
    text = reading.text
    for word in reversed(unknown):
        spelling = _nearest(word.folded, events, edition)
        if not spelling:
            return ""
        text = text[: word.start] + spelling + text[word.end :]
    return text


def _nearest(word: str, events: EventQuerySet, edition: Edition) -> str:
    """The word of the edition that is a slip or two away, of several the one found most often; empty without any."""
    slips = 1 if len(word) < 6 else 2
    spellings = SearchWord.objects.about_as_long_as(word, slips).filter(edition=edition)
    known = dict(spellings.values_list("folded", "spelling"))
    near = process.extract(word, sorted(known), scorer=OSA.distance, score_cutoff=slips, limit=MOST_CANDIDATES)
    counts = [
        (-distance, events.filter(holding([stem(candidate)])).count(), candidate) for candidate, distance, _ in near
    ]
    best = max((count for count in counts if count[1]), default=None, key=lambda count: count[:2])
    return known[best[2]] if best else ""
