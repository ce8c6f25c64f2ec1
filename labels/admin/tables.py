"""The tables of the figures of the work: captions, headings and values, which a page and a file show alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from core.cells import safe
from labels.figures import Delays, Reasons
from labels.models import Action, Condition

NATIONAL_TEAM = "Équipe nationale"
UNDEFINED = "–"


@dataclass(frozen=True)
class Value:
    """A number, or none that is defined; a share also stands as a bar."""

    number: float | None
    is_share: bool = False

    @property
    def text(self) -> str:
        if self.number is None:
            return UNDEFINED
        return number_format(self.number, force_grouping=True) + ("\u00a0%" if self.is_share else "")

    @property
    def width(self) -> str:
        """Of the bar: an attribute of a drawing, which no locale may write."""
        return f"{self.number or 0}%"


@dataclass(frozen=True)
class Row:
    label: str
    values: Sequence[Value]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """``slug`` names it in the page's addresses and in the file; ``first`` heads the column of labels."""

    slug: str
    caption: str
    first: str
    columns: Sequence[str]
    rows: Sequence[Row]
    help: str = ""

    def lines(self) -> Iterator[tuple[str, str, str, str]]:
        """One for each value, as French spreadsheets read numbers; what is not defined is empty."""
        for row in self.rows:
            for column, value in zip(self.columns, row.values, strict=True):
                number = "" if value.number is None else number_format(value.number, force_grouping=False)
                yield self.caption, safe(row.label), column, number


_DELAYS = (
    "Déposées",
    "Décidées",
    "Décidées dans le délai promis",
    "Part dans le délai (%)",
    "Délai médian (jours ouvrés)",
    "9ᵉ décile (jours ouvrés)",
    "À instruire",
    "Dont en retard",
)


def _delays(row: Delays) -> list[Value]:
    return [
        Value(row.filed),
        Value(row.decided),
        Value(row.in_time),
        Value(row.share_in_time, is_share=True),
        Value(row.median),
        Value(row.ninth_decile),
        Value(row.waiting),
        Value(row.late),
        Value(row.ended),
    ]


def of_delays(found: Mapping[str | None, Delays], regions: Mapping[str | None, str], total: Delays) -> Table:
    """Every région, those without an application too, all of them together first."""
    return Table(
        "delais",
        "Délais de réponse par région",
        "Région",
        (*_DELAYS, "Retirées avant réponse"),
        list(_by_region(found, regions, total)),
    )


def of_revisions(found: Mapping[str | None, Delays], regions: Mapping[str | None, str], total: Delays) -> Table:
    return Table(
        "modifications",
        "Modifications d’événements labellisés",
        "Région",
        (*_DELAYS, "Retirées ou remplacées"),
        list(_by_region({code: row for code, row in found.items() if row.filed}, regions, total, are_all=False)),
        "Comptées à part : l’événement garde son label pendant l’examen.",
    )


def _by_region(
    found: Mapping[str | None, Delays], regions: Mapping[str | None, str], total: Delays, *, are_all: bool = True
) -> Iterator[Row]:
    if len(regions) > 1:
        yield Row("Ensemble", _delays(total), is_total=True)
    for code, name in regions.items():
        if are_all or code in found:
            yield Row(name, _delays(found.get(code, Delays())))


def of_reasons(reasons: Mapping[Action, Reasons]) -> Table:
    """By condition; the first row counts the decisions themselves."""
    refusals, returns = reasons[Action.REFUSE], reasons[Action.RETURN]
    rows = [
        Row(
            label,
            [
                Value(refusals.conditions[value]),
                Value(refusals.share(value), is_share=True),
                Value(returns.conditions[value]),
                Value(returns.share(value), is_share=True),
            ],
        )
        for value, label in Condition.choices
    ]
    whole = [Value(refusals.decisions), Value(None), Value(returns.decisions), Value(None)]
    return Table(
        "motifs",
        "Motifs de refus et de renvoi",
        "Condition non remplie",
        ("Refus", "Part des refus (%)", "Renvois", "Part des renvois (%)"),
        [Row("Décisions en tout", whole, is_total=True), *rows],
        "Une décision peut reposer sur plusieurs conditions : les parts ne s’additionnent pas.",
    )


def of_examiners(rows: Sequence[tuple[str, int, Delays]], total: tuple[str, int, Delays]) -> Table:
    """What each has in hand and has decided; ``total`` stands above them."""
    return Table(
        "examinateurs",
        "Charge par examinateur",
        "Examinateur",
        (
            "En main",
            "Décidées",
            "Décidées dans le délai promis",
            "Part dans le délai (%)",
            "Délai médian (jours ouvrés)",
        ),
        [
            Row(total[0], _work(total[1], total[2]), is_total=True),
            *(Row(name, _work(hands, done)) for name, hands, done in rows),
        ],
        "En main : prises en charge et encore à décider. Le délai court du dépôt à la décision, "
        "et non de la prise en charge.",
    )


def _work(hands: int, done: Delays) -> list[Value]:
    return [
        Value(hands),
        Value(done.decided),
        Value(done.in_time),
        Value(done.share_in_time, is_share=True),
        Value(done.median),
    ]
