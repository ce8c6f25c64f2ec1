"""What the desk's front page counts: what waits for the user, and the current edition by région and state."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from events.models import Edition
from labels.models import Application, ApplicationQuerySet, State
from places.models import Region

# The queue's filters: a labelled application whose change waits, every state, and no région.
CHANGE_WANTED = "modification"
EVERY_STATE = "toutes"
NO_REGION = "aucune"

COLUMNS: dict[str, str] = {
    State.SUBMITTED: "À instruire",
    CHANGE_WANTED: "Modifications à examiner",
    State.RETURNED: "À corriger",
    State.APPROVED: "Labellisées",
    State.REFUSED: "Refusées",
    State.CANCELLED: "Annulées",
    State.REVOKED: "Label retiré",
    State.WITHDRAWN: "Retirées",
    State.DRAFT: "Brouillons",
    EVERY_STATE: "Toutes",
}


@dataclass(frozen=True)
class Tile:
    """A count of the queue, with the filter that lists what it counts."""

    label: str
    count: int
    query: str
    is_urgent: bool = False


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Tile]


@dataclass(frozen=True)
class Board:
    tiles: list[Tile]
    edition: Edition | None
    columns: list[str]
    rows: list[Row]
    total: Row | None


def board_of(user: User) -> Board:
    """In four queries, whatever there is: two counts, the régions and the edition."""
    visible = Application.objects.visible_to(user).order_by()
    edition = Edition.objects.current()
    year = str(edition.year) if edition else ""
    # A reference begins with its edition's year: events, which are many and wide, are left unread.
    counts = _by_region(visible.filter(reference__startswith=f"SI{year}-")) if edition else {}
    rows = [Row(name, _cells(counts, code, year)) for code, name in _regions(user)]
    total = Row("Ensemble", _cells(counts, "", year)) if len(rows) > 1 else None
    return Board(list(_tiles(visible, user, timezone.localdate())), edition, list(COLUMNS.values()), rows, total)


def _tiles(visible: ApplicationQuerySet, user: User, today: date) -> Iterator[Tile]:
    counts = visible.waiting().aggregate(
        waiting=Count("pk"),
        late=Count("pk", filter=Q(promised_on__lt=today)),
        today=Count("pk", filter=Q(promised_on=today)),
        mine=Count("pk", filter=Q(assigned_to=user)),
    )
    yield Tile("à décider", counts["waiting"], "")
    yield Tile("en retard", counts["late"], "attente=en-retard", is_urgent=bool(counts["late"]))
    yield Tile("promises pour aujourd’hui", counts["today"], "attente=aujourdhui")
    yield Tile("prises en charge par vous", counts["mine"], "examinateur=moi")


def _regions(user: User) -> list[tuple[str, str]]:
    if not user.has_perm("labels.examine_everywhere"):
        return user.regions.all().named()
    return [*Region.objects.named(), (NO_REGION, "Équipe nationale")]


def _by_region(visible: ApplicationQuerySet) -> dict[str, Counter[str]]:
    """By région's code, or ``NO_REGION``, and by column; the empty code holds the sum."""
    counts: dict[str, Counter[str]] = {"": Counter()}
    grouped = visible.values_list("region", "state").annotate(Count("pk"), Count("due_on"))
    for region, state, count, waiting in grouped:
        found = Counter({state: count, EVERY_STATE: count})
        if state == State.APPROVED:
            found[CHANGE_WANTED] = waiting
        for code in (region or NO_REGION, ""):
            counts.setdefault(code, Counter()).update(found)
    return counts


def _cells(counts: Mapping[str, Counter[str]], code: str, year: str) -> list[Tile]:
    found = counts.get(code, Counter())
    return [
        Tile(label, found[column], urlencode({"etat": column, **({"region": code} if code else {}), "edition": year}))
        for column, label in COLUMNS.items()
    ]
