"""What the page of an application shows of it: the event as the public will read it, the findings, the history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from events.changes import snapshot
from events.diffs import Labels, label_of, rows
from events.models import Event, Slot
from events.templatetags.event_text import places
from labels.admin.queue import OUTCOMES
from labels.models import Application, Condition, Transition
from labels.rules import Evidence, Finding, Outcome, Verdict

TEXTS = ("title", "description", "purpose")


@dataclass(frozen=True)
class Excerpt:
    text: str
    field: str


@dataclass(frozen=True)
class FindingShown:
    """A finding in words."""

    condition: str
    outcome: str
    outcome_label: str
    reason: str
    excerpts: list[Excerpt]


def describe(application: Application, user: User) -> dict[str, Any]:
    """The template's names for all that is read, decisions apart; ``user`` bounds the history."""
    event, verdict, labels = application.event, application.verdict, Labels()
    return {
        "application": application,
        "event": event,
        "findings": [_shown(finding) for finding in verdict.findings],
        "is_clear": verdict.is_clear,
        "texts": {name: marked(getattr(event, name), _evidence(verdict, name)) for name in TEXTS},
        "facts": list(_facts(event)),
        "place": list(_place(event)),
        "registration": list(_registration(event)),
        "contact": list(_contact(application)),
        "slots": [local_hours(slot) for slot in event.slots.all()],
        "point": [event.latitude, event.longitude] if event.latitude is not None else None,
        "revision": _revision(application),
        "history": [
            (transition, rows(transition.before, transition.changes, labels))
            for transition in history_of(application, user)
        ],
    }


def history_of(application: Application, user: User) -> QuerySet[Transition]:
    return Transition.objects.visible_to(user).filter(application=application).select_related("by", "preset")


def _revision(application: Application) -> dict[str, Any]:
    """The change that waits for a decision: each field before and after, and the findings it would lead to."""
    if (revision := application.pending_revision) is None:
        return {}
    return {
        "promised_on": revision.promised_on,
        "filed_at": revision.filed_at,
        "rows": rows(snapshot(application.event), revision.changes),
        "findings": [_shown(finding) for finding in application.assess(revision.changes).findings],
    }


def _shown(finding: Finding) -> FindingShown:
    return FindingShown(
        condition=Condition(finding.condition.value).label,
        outcome=finding.outcome.value,
        outcome_label=OUTCOMES[finding.outcome],
        reason=finding.reason,
        excerpts=[Excerpt(e.text, label_of(e.field)) for e in finding.evidence if e.field in TEXTS],
    )


def _evidence(verdict: Verdict, field: str) -> list[tuple[Evidence, Finding]]:
    return [(e, finding) for finding in verdict.findings for e in finding.evidence if e.field == field and e.end]


def marked(text: str, evidence: Sequence[tuple[Evidence, Finding]]) -> SafeString:
    """``text`` escaped, each excerpt that a finding rests on in a ``mark`` that names its condition."""
    cuts = sorted({0, len(text), *(c for e, _ in evidence for c in (e.start, e.end) if c <= len(text))})
    return format_html_join("", "{}", ((_piece(text, start, end, evidence),) for start, end in pairwise(cuts)))


def _piece(text: str, start: int, end: int, evidence: Iterable[tuple[Evidence, Finding]]) -> SafeString:
    findings = [finding for e, finding in evidence if e.start <= start and end <= e.end]
    if not findings:
        return format_html("{}", text[start:end])
    outcome = Outcome.MET if all(finding.outcome is Outcome.MET for finding in findings) else Outcome.TO_EXAMINE
    names = ", ".join(Condition(finding.condition.value).label for finding in findings)
    return format_html('<mark class="{}" title="{}">{}</mark>', outcome.value, names, text[start:end])


def local_hours(slot: Slot) -> str:
    """The slot by the clock of its place, that clock named where it is not Paris's, with its places."""
    return f"{slot.day}, {slot.hours}" + (f" – {places(slot.capacity)}" if slot.capacity else "")


def _names(items: QuerySet[Any]) -> str:
    return ", ".join(str(item) for item in items)


def _facts(event: Event) -> Iterator[tuple[str, Any]]:
    yield "Organisateur", event.organisation
    yield "Nature de l’organisateur", event.organisation.get_kind_display() if event.organisation else ""
    yield "Édition", event.edition
    yield "Format", event.format
    yield "Publics", _names(event.audiences.all())
    yield "Filières", _names(event.sectors.all())
    yield "Niveaux scolaires", _names(event.levels.all())
    yield "Âge minimum", f"{event.minimum_age} ans" if event.minimum_age else ""
    yield "Taille maximale d’un groupe", event.group_size
    yield "Prix", f"{number_format(event.price, 2)} €" if event.price else ("0 €" if event.price is not None else "")
    yield "Numéro de label", event.label_number


def _place(event: Event) -> Iterator[tuple[str, Any]]:
    yield "Participation", event.get_attendance_display()
    yield "Lieu", event.venue
    yield "Adresse", event.address
    yield "Commune", event.commune
    yield "Région", event.region or "Sans région"
    if event.latitude is not None:
        yield "Position", _position(event)
    yield "Adresse de connexion", event.online_url
    yield "Accessible aux personnes à mobilité réduite", "oui" if event.is_accessible else "non précisé"
    yield "Précisions sur l’accessibilité", event.accessibility


def _position(event: Event) -> str:
    words = "confirmée par l’organisateur" if event.is_point_confirmed else "à confirmer"
    if event.is_far_from_its_commune:
        words += f" – à {event.kilometres_from_commune:.0f} km du centre de la commune, à vérifier"
    return words


def _registration(event: Event) -> Iterator[tuple[str, Any]]:
    yield "Inscription", event.get_registration_display() if event.registration else ""
    yield "Page d’inscription", event.registration_url
    yield "Courriel d’inscription", event.registration_email
    yield "Téléphone d’inscription", event.registration_phone
    yield "Nombre de places", event.capacity
    yield "Complet", "oui" if event.is_full else "non"


def _contact(application: Application) -> Iterator[tuple[str, Any]]:
    owner, organisation = application.created_by, application.event.organisation
    yield "Personne à contacter", application.contact_name
    yield "Téléphone", application.contact_phone
    yield "Courriel", owner.email if owner else "compte effacé"
    if organisation:
        yield "SIRET", organisation.siret
        yield "Site internet", organisation.website
