"""The tables of an edition's figures: what a page, a file and a drawing show alike; no database, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from events.dates import spoken_day
from events.templatetags.event_text import figure
from figures.counts import NO_FORMAT, Counts
from figures.places import NO_REGION, ONLINE, PLACELESS


class Missing(StrEnum):
    """Why there is no figure: nobody gave it, or its day has not come."""

    UNKNOWN = "non renseigné"
    TO_COME = "à venir"


Value = int | Missing


@dataclass(frozen=True)
class Row:
    """``query`` finds the same events in the list; what is not one of the parts, as their sum, stands apart."""

    code: str
    label: str
    values: tuple[Value, ...]
    query: str = ""
    is_apart: bool = False

    @property
    def count(self) -> int:
        return self.values[0] if isinstance(self.values[0], int) else 0

    @property
    def texts(self) -> list[str]:
        return [figure(value) if isinstance(value, int) else value.value for value in self.values]


@dataclass(frozen=True)
class Table:
    """``slug`` names it in addresses and files; ``first`` heads the column of labels, ``measures`` the others."""

    slug: str
    title: str
    first: str
    rows: Sequence[Row]
    measures: Sequence[str] = ("Événements",)
    note: str = ""

    @property
    def parts(self) -> list[Row]:
        return [row for row in self.rows if not row.is_apart]


@dataclass(frozen=True)
class Names:
    """Labels by code, in the order in which they are shown; ``formats`` and ``audiences`` those in use."""

    regions: dict[str, str]
    departements: dict[str, str]
    formats: dict[str, str] = field(default_factory=dict)
    audiences: dict[str, str] = field(default_factory=dict)


def of_regions(counts: Counts, names: Names) -> Table:
    """Every région, then the two kinds of places that are in none, then all of them together."""
    rows = [Row(code, label, (counts.places[code],), f"region={code}") for code, label in names.regions.items()]
    apart = [
        Row(ONLINE, PLACELESS[ONLINE], (counts.online,), is_apart=True),
        Row(NO_REGION, PLACELESS[NO_REGION], (counts.without_region,), is_apart=True),
        _total(counts),
    ]
    return Table("regions", "Par région", "Région ou participation", [*rows, *apart], note=reconciliation(counts))


def of_departements(counts: Counts, names: Names) -> Table:
    rows = [
        Row(code, f"{label} ({code})", (counts.departements[code],), f"departement={code}")
        for code, label in names.departements.items()
    ]
    note = "Les événements en ligne et ceux sans région ne sont dans aucun département."
    return Table("departements", "Par département", "Département", rows, note=note)


def of_formats(counts: Counts, names: Names) -> Table:
    rows = [Row(slug, label, (counts.formats[slug],), f"format={slug}") for slug, label in names.formats.items()]
    if without := counts.formats[NO_FORMAT]:
        rows.append(Row("sans-format", "Sans format", (without,)))
    return Table("formats", "Par format", "Format", [*_by_count(rows), _total(counts)])


def of_audiences(counts: Counts, names: Names) -> Table:
    rows = [Row(slug, label, (counts.audiences[slug],), f"public={slug}") for slug, label in names.audiences.items()]
    note = "Un événement ouvert à plusieurs publics compte pour chacun\u00a0: la somme dépasse le nombre d’événements."
    return Table("publics", "Par public", "Public", _by_count(rows), note=note)


def of_days(counts: Counts, first: date, last: date) -> Table:
    """Each day from ``first`` to ``last``, and those on which something takes place outside of them."""
    window = {first + timedelta(days=rank) for rank in range((last - first).days + 1)}
    rows = [
        Row(day.isoformat(), spoken_day(day, with_weekday=True), (counts.days[day],), f"du={day}&au={day}")
        for day in sorted(window | set(counts.days))
    ]
    note = (
        "Un événement qui dure plusieurs jours compte pour chacun. Les jours sont ceux du lieu de l’événement, "
        "outre-mer compris."
    )
    return Table("jours", "Jour par jour", "Jour", rows, note=note)


def _total(counts: Counts) -> Row:
    return Row("total", "Ensemble", (counts.total,), is_apart=True)


def _by_count(rows: Sequence[Row]) -> list[Row]:
    """The most first; equals stay as they are."""
    return sorted(rows, key=lambda row: -row.count)


def reconciliation(counts: Counts) -> str:
    """« 3 462 en région + 1 130 en ligne + 145 sans région = 4 737 événements. »"""
    plus = "\N{NO-BREAK SPACE}+ "
    parts = [
        f"{figure(counts.in_regions)} en région",
        f"{figure(counts.online)} en ligne",
        f"{figure(counts.without_region)} sans région",
    ]
    return f"{plus.join(parts)}\N{NO-BREAK SPACE}= {figure(counts.total)} événement{'s' if counts.total > 1 else ''}"


def lines(table: Table) -> Iterator[tuple[str, str, str, str, str]]:
    """One for each value: table, code, label, measure, number; empty where there is none."""
    for row in table.rows:
        for measure, value in zip(table.measures, row.values, strict=True):
            yield table.slug, row.code, row.label, measure, str(value) if isinstance(value, int) else ""
