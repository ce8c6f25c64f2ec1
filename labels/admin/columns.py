"""The columns of an export, the same in each format, and the plain rows that they are read from: no model is made."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone

from events.models import Event
from labels.admin.queue import OUTCOMES
from labels.admin.tallies import ANSWERS, TAKES_BACK
from labels.deadlines import working_days_between
from labels.models import DONE, Action, Application, Condition, State, Transition
from labels.rules import Outcome

_STATES, _CONDITIONS = dict(State.choices), dict(Condition.choices)
_ATTENDANCES = dict(Event.Attendance.choices)
# The last fields of a row, which queries of their own fill.
_BESIDE = 2


class Deed(NamedTuple):
    """A decision, or one taken back."""

    action: str
    at: datetime
    conditions: list[str]
    note: str


class Row(NamedTuple):
    """What the columns read of an application, by the names of the database, and what is read beside it."""

    pk: int
    reference: str
    state: str
    doubts: str
    submitted_at: datetime | None
    promised_on: date | None
    due_on: date | None
    decided_at: datetime | None
    contact_name: str
    contact_phone: str
    created_by__email: str | None
    assigned_to__name: str | None
    assigned_to__email: str | None
    region__name: str | None
    event_id: int
    event__title: str
    event__attendance: str
    event__capacity: int | None
    event__starts_on: date | None
    event__ends_on: date | None
    event__label_number: str | None
    event__commune_id: str | None
    event__commune__name: str | None
    event__commune__departement_id: str | None
    event__region__name: str | None
    event__format__label: str | None
    event__organisation__name: str | None
    event__edition__year: int
    audiences: Sequence[str] = ()
    deeds: Sequence[Deed] = ()


@dataclass(frozen=True)
class Column:
    """``read`` gives of a row a text, a date, an instant, a whole number or None; ``width`` is in characters."""

    read: Callable[[Row], Any]
    width: int = 14


def loaded(keys: Collection[int]) -> dict[int, Row]:
    """A row by key: what the columns read, in three queries whatever the number of keys."""
    stored = Application.objects.order_by().filter(pk__in=keys).values_list(*Row._fields[:-_BESIDE])
    rows = [Row(*values) for values in stored]
    audiences, deeds = _audiences([row.event_id for row in rows]), _deeds(keys)
    return {row.pk: row._replace(audiences=audiences[row.event_id], deeds=deeds[row.pk]) for row in rows}


def _audiences(events: Collection[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    links = Event.audiences.through.objects.filter(event__in=events)
    ordered = links.order_by("audience__position", "audience__label")
    for event, label in ordered.values_list("event", "audience__label"):
        found[event].append(label)
    return found


def _deeds(keys: Collection[int]) -> Mapping[int, list[Deed]]:
    found: dict[int, list[Deed]] = defaultdict(list)
    deeds = Transition.objects.filter(application__in=keys, action__in=(*ANSWERS, *TAKES_BACK, Action.REVOKE))
    names = ("application", "action", "at", "conditions", "note")
    for application, *values in deeds.order_by("pk").values_list(*names):
        found[application].append(Deed(*values))
    return found


def columns(*, with_contacts: bool) -> dict[str, Column]:
    return {**_COLUMNS, **(_CONTACT if with_contacts else {})}


def _last_decision(row: Row) -> Deed | None:
    """The latest that was not taken back."""
    standing: list[Deed] = []
    for deed in row.deeds:
        if deed.action not in TAKES_BACK:
            standing.append(deed)
        elif standing:
            standing.pop()
    return standing[-1] if standing else None


def _answered_at(row: Row) -> datetime | None:
    """When the application as last filed was answered; a label withdrawn since has moved the date stored."""
    if row.state != State.REVOKED:
        return row.decided_at
    return next((deed.at for deed in reversed(row.deeds) if deed.action in ANSWERS), row.decided_at)


def _days(row: Row) -> int | None:
    """The working days from the latest filing to its answer."""
    filed, answered = row.submitted_at, _answered_at(row)
    if filed is None or answered is None:
        return None
    return working_days_between(timezone.localdate(filed), timezone.localdate(answered))


def _doubts(row: Row) -> str:
    doubts = (doubt.split(":") for doubt in row.doubts.split())
    return ", ".join(f"{_CONDITIONS[name]}\u00a0: {OUTCOMES[Outcome(outcome)].lower()}" for name, outcome in doubts)


def _of_decision(read: Callable[[Deed], Any]) -> Callable[[Row], Any]:
    def read_it(row: Row) -> Any:
        decision = _last_decision(row)
        return read(decision) if decision else None

    return read_it


_COLUMNS: dict[str, Column] = {
    "référence": Column(lambda row: row.reference),
    "état": Column(lambda row: _STATES[row.state]),
    "titre": Column(lambda row: row.event__title, 45),
    "organisateur": Column(lambda row: row.event__organisation__name, 32),
    "format": Column(lambda row: row.event__format__label, 24),
    "participation": Column(lambda row: _ATTENDANCES.get(row.event__attendance), 16),
    "publics": Column(lambda row: ", ".join(row.audiences), 32),
    "nombre de places": Column(lambda row: row.event__capacity, 12),
    "région": Column(lambda row: row.event__region__name, 24),
    "département": Column(lambda row: row.event__commune__departement_id, 12),
    "commune": Column(lambda row: row.event__commune__name, 24),
    "code INSEE": Column(lambda row: row.event__commune_id, 10),
    "premier jour": Column(lambda row: row.event__starts_on, 12),
    "dernier jour": Column(lambda row: row.event__ends_on, 12),
    "instruite par": Column(lambda row: row.region__name or "Équipe nationale", 24),
    "prise en charge par": Column(lambda row: row.assigned_to__name or row.assigned_to__email, 24),
    "avis de la machine": Column(_doubts, 32),
    "déposée le": Column(lambda row: row.submitted_at, 17),
    "réponse promise le": Column(lambda row: row.promised_on, 17),
    "à décider avant le": Column(lambda row: row.due_on, 17),
    "décidée le": Column(lambda row: row.decided_at, 17),
    "délai de réponse (jours ouvrés)": Column(_days, 14),
    "dernière décision": Column(_of_decision(lambda decision: DONE[decision.action]), 28),
    "conditions non remplies": Column(
        _of_decision(lambda decision: ", ".join(_CONDITIONS[value] for value in decision.conditions)), 24
    ),
    "motif": Column(_of_decision(lambda decision: decision.note), 45),
    "numéro de label": Column(lambda row: row.event__label_number),
    "édition": Column(lambda row: row.event__edition__year, 9),
}
_CONTACT: dict[str, Column] = {
    "personne à contacter": Column(lambda row: row.contact_name, 28),
    "téléphone": Column(lambda row: row.contact_phone, 18),
    "courriel": Column(lambda row: row.created_by__email, 34),
}
