"""The figures of one edition: its tables, each with its drawing, and the editions beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from events.dates import spoken_day
from events.models import Edition
from events.models.editions import current_of
from events.templatetags.event_text import figure
from figures import comparison, queries, tables
from figures.charts import bars, days, editions, regions
from figures.charts.svg import Drawing, standalone
from figures.comparison import Compared
from figures.counts import Counts
from figures.tables import Names, Row, Table

# As many bars as an eye compares; the table has them all.
MOST_BARS = 12
COUNTED = "Événements labellisés, sans ceux qui ont été annulés ou dont le label a été retiré"
OUTLINES = "Contours\u00a0: IGN Admin Express COG, Licence Ouverte 2.0"


def of(published: Sequence[Edition], year: int) -> "Report | None":
    """That of the edition of ``year``, where it is ``published``."""
    return _report(next((edition for edition in published if edition.year == year), None), published)


def latest(published: Sequence[Edition]) -> "Report | None":
    """That of the current edition once it has an event, else of the last that has; of the last where none has."""
    current = current_of(published, timezone.localdate())
    histories = queries.histories(published)
    preferred = sorted(published, key=lambda edition: edition != current)
    filled = (edition for edition in preferred if histories[edition.year].total)
    return _report(next(filled, next(iter(published), None)), published)


def _report(edition: Edition | None, published: Sequence[Edition]) -> "Report | None":
    if edition is None:
        return None
    histories = queries.histories(published)
    compared = [Compared(each.year, histories[each.year], each.participants) for each in published]
    return Report(edition, compared, timezone.localdate())


@dataclass
class Report:
    edition: Edition
    compared: Sequence[Compared]
    today: date

    @cached_property
    def counts(self) -> Counts:
        return queries.counts(self.edition)

    @cached_property
    def _names(self) -> Names:
        return queries.names(self.edition, self.counts)

    @property
    def _shown(self) -> Compared:
        return next(each for each in self.compared if each.year == self.edition.year)

    @property
    def is_known(self) -> bool:
        """An edition that is over without an event here took place all the same: nobody knows its figures."""
        return bool(self.counts.total) or self.today <= self.edition.window_ends_on

    @cached_property
    def tables(self) -> dict[str, Table]:
        """By their slugs, in the order of the page; the editions side by side alone where nothing else is known."""
        made = [*(self._of_edition() if self.is_known else ())]
        made.append(comparison.table(self.compared, self._shown, self.today))
        return {table.slug: table for table in made}

    def _of_edition(self) -> Iterator[Table]:
        counts, names = self.counts, self._names
        yield tables.of_regions(counts, names)
        yield tables.of_departements(counts, names)
        yield tables.of_formats(counts, names)
        yield tables.of_audiences(counts, names)
        yield tables.of_days(counts, self.edition.window_starts_on, self.edition.window_ends_on)

    @cached_property
    def years_without_history(self) -> list[int]:
        return comparison.years_without_history(self.compared)

    def drawing(self, slug: str) -> Drawing | None:
        """None where there is nothing to draw."""
        table = self.tables[slug]
        title = f"{table.title}, édition {self.edition.year}"
        match slug:
            case "regions":
                return self._map(table, title)
            case "jours":
                return self._days(table, title)
            case "editions":
                return self._curves(table, title)
        return self._bars(table, title)

    def sheet(self, slug: str) -> bytes | None:
        """The drawing as a file of its own."""
        drawing, table = self.drawing(slug), self.tables[slug]
        if drawing is None:
            return None
        notes = [f"{COUNTED}, le {spoken_day(self.today)}.", *([table.note] if table.note else [])]
        heading = f"Semaine de l’industrie {self.edition.year} – {table.title.lower()}"
        return standalone(drawing, heading, notes + ([f"{OUTLINES}."] if slug == "regions" else []))

    def _map(self, table: Table, title: str) -> Drawing:
        counts = {row.code: row.count for row in table.parts}
        return regions.draw(table.slug, title, _summary(table.parts), counts, self._names.regions)

    def _bars(self, table: Table, title: str) -> Drawing | None:
        rows = sorted(table.parts, key=lambda row: -row.count)
        if len(rows) > MOST_BARS:
            rows = [row for row in rows[:MOST_BARS] if row.count]
        return bars.draw(table.slug, title, _summary(rows), [(row.label, row.count) for row in rows]) if rows else None

    def _days(self, table: Table, title: str) -> Drawing:
        rows = [(date.fromisoformat(row.code), row.count) for row in table.rows]
        week = (self.edition.week_starts_on, self.edition.week_ends_on)
        return days.draw(table.slug, title, _summary(table.rows), rows, week)

    def _curves(self, table: Table, title: str) -> Drawing | None:
        curves = comparison.curves(self.compared, self._shown, self.today)
        if not curves:
            return None
        reached = ", ".join(f"{curve.label}\N{NO-BREAK SPACE}: {figure(curve.points[-1][1])}" for curve in curves)
        return editions.draw(table.slug, title, f"Événements labellisés à la fin de chaque courbe. {reached}.", curves)


def _summary(rows: Sequence[Row]) -> str:
    """« En tête : Auvergne-Rhône-Alpes (565), Occitanie (406), Grand Est (356). Aucun événement : Corse, Mayotte. »"""
    colon = "\N{NO-BREAK SPACE}: "
    first = [f"{row.label} ({figure(row.count)})" for row in sorted(rows, key=lambda row: -row.count)[:3] if row.count]
    none = [row.label for row in rows if not row.count]
    sentences = [f"En tête{colon}{', '.join(first)}."] if first else []
    if none and len(none) <= 6:
        sentences.append(f"Aucun événement{colon}{', '.join(none)}.")
    return " ".join(sentences) or "Aucun événement n’est compté."
