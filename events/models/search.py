"""What a search reads of the published events: the stems of each, and each edition's words as they are written.

Each database indexes the stems with its own means (migrations 0007 and 0010), and as what is published alone stands
here, no search finds, counts or spells out a word of anything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from core.words import LONGEST, SHORTEST_STEM, spellings, stems

if TYPE_CHECKING:
    from events.models.events import Event

# Lexemes and not text, as `words` made them: no dictionary of the database has a say.
_MATCHING = {
    "sqlite": "SELECT rowid FROM events_searchindex WHERE events_searchindex MATCH %s",
    "postgresql": "SELECT event_id FROM events_searchentry WHERE lexemes @@ %s::tsquery",
}
_TERM = {"sqlite": ('"{}"', '"{}" *', " AND "), "postgresql": ("'{}'", "'{}':*", " & ")}


def holding(stems: Iterable[str]) -> Q:
    """Events with all these stems; one of four letters or more is found in what it begins too."""
    exact, beginning, both = _TERM[connection.vendor]
    terms = [(beginning if len(stem) >= SHORTEST_STEM else exact).format(stem) for stem in stems]
    return Q(pk__in=RawSQL(_MATCHING[connection.vendor], [both.join(terms)]))  # noqa: S611 - one of two constants


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def keep(self, events: "Sequence[Event]") -> None:
        """Have those published found by their words as stored, the others by none; in their own transaction."""
        texts = {event: event.searched_text for event in events if event.is_published}
        self.filter(event__in=[event for event in events if event not in texts]).delete()
        entries = [SearchEntry(event=event, stems=" ".join(stems(text))) for event, text in texts.items()]
        self.bulk_create(entries, update_conflicts=True, unique_fields=["event"], update_fields=["stems"])
        by_edition: dict[int, dict[str, str]] = {}
        for event, text in texts.items():
            by_edition.setdefault(event.edition_id, {}).update(spellings(text))
        for edition, found in by_edition.items():
            SearchWord.objects.learn(edition, found)


class SearchEntry(models.Model):
    """The stems of a published event: of its title, its description, its organiser's name and its town's."""

    event = models.OneToOneField("events.Event", models.CASCADE, primary_key=True, related_name="+")
    stems = models.TextField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée de l’index de recherche"
        default_permissions = ()

    def __str__(self) -> str:
        return self.stems


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    def about_as_long_as(self, word: str, slips: int) -> "SearchWordQuerySet":
        """Those that so many letters added, left out or exchanged could make ``word``."""
        measured = self.alias(length=Length("folded"))
        return measured.filter(length__gte=len(word) - slips, length__lte=len(word) + slips)

    def learn(self, edition: int, found: Mapping[str, str]) -> None:
        """Add those of the words ``found``, with their spellings, that are new to the edition."""
        known = set(self.filter(edition=edition, folded__in=found).values_list("folded", flat=True))
        new = [
            SearchWord(edition_id=edition, folded=folded, spelling=found[folded][:LONGEST])
            for folded in sorted(found.keys() - known)
        ]
        self.bulk_create(new, ignore_conflicts=True, batch_size=1000)

    def unlearn(self, edition: int, text: str) -> None:
        """Forget those words of ``text`` that no published event of the edition says any more."""
        from events.models.events import Event

        published = Event.objects.published().filter(edition=edition)
        gone = [folded for folded in spellings(text) if not published.filter(search_text__contains=folded).exists()]
        self.filter(edition=edition, folded__in=gone).delete()


class SearchWord(models.Model):
    """A word of an edition, folded and with its accents, to which a mistyped one is corrected."""

    edition = models.ForeignKey("events.Edition", models.CASCADE, related_name="+")
    folded = models.CharField(max_length=LONGEST)
    spelling = models.CharField(max_length=LONGEST)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        verbose_name = "mot de l’index de recherche"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["edition", "folded"], name="a_word_once_in_an_edition")]

    def __str__(self) -> str:
        return self.spelling
