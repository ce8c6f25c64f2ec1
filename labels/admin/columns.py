"""The columns of an export, the same in each format, and how their applications are loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from labels.admin.queue import OUTCOMES
from labels.admin.tallies import ANSWERS, TAKES_BACK
from labels.deadlines import working_days_between
from labels.models import Action, Application, Condition, State, Transition
from labels.rules import Outcome


@dataclass(frozen=True)
class Column:
    """``read`` gives a text, a date, an instant, a whole number or None; ``width`` is in characters."""

    read: Callable[[Application], Any]
    width: int = 14


def loaded(keys: Iterable[int]) -> dict[int, Application]:
    """The applications of these keys with all that the columns read, long texts apart."""
    deeds = Transition.objects.filter(action__in=(*ANSWERS, *TAKES_BACK, Action.REVOKE)).order_by("pk")
    return (
        Application.objects.order_by()
        .select_related(
            "event__edition",
            "event__organisation",
            "event__format",
            "event__commune",
            "event__region",
            "region",
            "created_by",
            "assigned_to",
        )
        .prefetch_related(
            "event__audiences",
            Prefetch(
                "transitions", deeds.only("application_id", "action", "at", "conditions", "note"), to_attr="deeds"
            ),
        )
        .defer("event__description", "event__purpose", "event__search_text")
        .in_bulk(list(keys))
    )


def columns(*, with_contacts: bool) -> dict[str, Column]:
    return {**_COLUMNS, **(_CONTACT if with_contacts else {})}


def _last_decision(application: Application) -> Transition | None:
    """The latest that was not taken back."""
    standing: list[Transition] = []
    for deed in application.deeds:  # type: ignore[attr-defined]
        if deed.action not in TAKES_BACK:
            standing.append(deed)
        elif standing:
            standing.pop()
    return standing[-1] if standing else None


def _answered_at(application: Application) -> datetime | None:
    """When the application as last filed was answered; a label withdrawn since has moved the date stored."""
    if application.state != State.REVOKED:
        return application.decided_at
    answers = [deed.at for deed in application.deeds if deed.action in ANSWERS]  # type: ignore[attr-defined]
    return answers[-1] if answers else application.decided_at


def _days(application: Application) -> int | None:
    """The working days from the latest filing to its answer."""
    filed, answered = application.submitted_at, _answered_at(application)
    if filed is None or answered is None:
        return None
    return working_days_between(timezone.localdate(filed), timezone.localdate(answered))


def _doubts(application: Application) -> str:
    doubts = (doubt.split(":") for doubt in application.doubts.split())
    return ", ".join(f"{Condition(name).label} : {OUTCOMES[Outcome(outcome)].lower()}" for name, outcome in doubts)


def _of_decision(read: Callable[[Transition], Any]) -> Callable[[Application], Any]:
    def read_it(application: Application) -> Any:
        decision = _last_decision(application)
        return read(decision) if decision else None

    return read_it


def _text(read: Callable[[Application], Any]) -> Callable[[Application], str | None]:
    """What ``read`` gives, in words."""

    def read_it(application: Application) -> str | None:
        value = read(application)
        return None if value is None else str(value)

    return read_it


_COLUMNS: dict[str, Column] = {
    "référence": Column(lambda a: a.reference),
    "état": Column(lambda a: a.get_state_display()),
    "titre": Column(lambda a: a.event.title, 45),
    "organisateur": Column(_text(lambda a: a.event.organisation), 32),
    "format": Column(_text(lambda a: a.event.format), 24),
    "participation": Column(lambda a: a.event.get_attendance_display(), 16),
    "publics": Column(lambda a: ", ".join(audience.label for audience in a.event.audiences.all()), 32),
    "nombre de places": Column(lambda a: a.event.capacity, 12),
    "région": Column(_text(lambda a: a.event.region), 24),
    "département": Column(lambda a: a.event.commune and a.event.commune.departement_id, 12),
    "commune": Column(lambda a: a.event.commune and a.event.commune.name, 24),
    "code INSEE": Column(lambda a: a.event.commune_id, 10),
    "premier jour": Column(lambda a: a.event.starts_on, 12),
    "dernier jour": Column(lambda a: a.event.ends_on, 12),
    "instruite par": Column(lambda a: a.region.name if a.region else "Équipe nationale", 24),
    "prise en charge par": Column(_text(lambda a: a.assigned_to), 24),
    "avis de la machine": Column(_doubts, 32),
    "déposée le": Column(lambda a: a.submitted_at, 17),
    "réponse promise le": Column(lambda a: a.promised_on, 17),
    "à décider avant le": Column(lambda a: a.due_on, 17),
    "décidée le": Column(lambda a: a.decided_at, 17),
    "délai de réponse (jours ouvrés)": Column(_days, 14),
    "dernière décision": Column(_of_decision(lambda decision: decision.done), 28),
    "conditions non remplies": Column(_of_decision(lambda decision: ", ".join(decision.condition_labels)), 24),
    "motif": Column(_of_decision(lambda decision: decision.note), 45),
    "numéro de label": Column(lambda a: a.event.label_number),
    "édition": Column(lambda a: a.event.edition.year, 9),
}
_CONTACT: dict[str, Column] = {
    "personne à contacter": Column(lambda a: a.contact_name, 28),
    "téléphone": Column(lambda a: a.contact_phone, 18),
    "courriel": Column(lambda a: a.created_by and a.created_by.email, 34),
}
