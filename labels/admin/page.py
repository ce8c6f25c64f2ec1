"""What the page of an application shows of it; decisions apart."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format

from accounts.models import User
from events.changes import snapshot
from events.diffs import Labels, Row, rows
from events.models import Event, Slot
from events.templatetags.event_text import places
from labels import duplicates
from labels.admin.background import background_of
from labels.admin.compare import CompareAdmin
from labels.admin.correspondence import AT_MOST as MAILS_AT_MOST
from labels.admin.correspondence import CorrespondenceAdmin, mails_about
from labels.admin.desk import history_of
from labels.admin.evidence import TEXTS, marked_text, shown
from labels.admin.nearby import around
from labels.admin.notes import NoteForm, NotesAdmin, may_read
from labels.admin.preview import PreviewAdmin
from labels.models import Action, Application, Transition


class PageAdmin(PreviewAdmin, CompareAdmin, NotesAdmin, CorrespondenceAdmin):
    """What may be asked for or done from the page of an application, decisions apart."""


def describe(application: Application, user: User, note_form: NoteForm | None = None) -> dict[str, Any]:
    """The template's names for all that is read, decisions apart; ``user`` bounds what is not of this application."""
    event, verdict = application.event, application.verdict
    neighbours = around(event, user)
    return {
        "application": application,
        "event": event,
        "findings": shown(verdict),
        "is_clear": verdict.is_clear,
        "texts": {name: marked_text(verdict, name, getattr(event, name)) for name in TEXTS},
        "facts": list(_facts(event)),
        "place": list(_place(event)),
        "registration": list(_registration(event)),
        "contact": list(_contact(application)),
        "slots": [local_hours(slot) for slot in event.slots.all()],
        "point": [event.latitude, event.longitude] if event.latitude is not None else None,
        "neighbours": neighbours,
        "neighbour_marks": [neighbour.mark for neighbour in neighbours],
        "revision": _revision(application),
        "matches": duplicates.find(application, user),
        "background": background_of(application, user),
        "reports": event.reports.all(),
        "history": _told(list(history_of(application, user))),
        "mails": mails_about(application)[:MAILS_AT_MOST],
        "examines": user.has_perm("labels.examine_application"),
        **_notes(application, user, note_form),
    }


def _notes(application: Application, user: User, form: NoteForm | None) -> dict[str, Any]:
    if not may_read(user, application):
        return {}
    return {"notes": application.notes.select_related("by"), "note_form": form or NoteForm()}


def _told(history: list[Transition]) -> list[tuple[Transition, list[Row]]]:
    """Each move with what it changed; what was sent anew, with what its organiser changed since it was last sent."""
    changes = [_changed(transition, before) for transition, before in _with_last_sent(history)]
    labels = Labels().expecting(*(side for pair in changes for side in pair))
    return [
        (transition, rows(before, after, labels)) for transition, (before, after) in zip(history, changes, strict=True)
    ]


def _with_last_sent(history: list[Transition]) -> Iterator[tuple[Transition, dict[str, Any] | None]]:
    sent: dict[str, Any] | None = None
    for transition in history:
        yield transition, sent
        sent = transition.snapshot or sent


def _changed(transition: Transition, sent: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    if sent and transition.snapshot and transition.action == Action.SUBMIT:
        return sent, transition.snapshot
    return transition.before, transition.changes


def _revision(application: Application) -> dict[str, Any]:
    """The change that waits for a decision: each field before and after, and the findings it would lead to."""
    if (revision := application.pending_revision) is None:
        return {}
    return {
        "promised_on": revision.promised_on,
        "filed_at": revision.filed_at,
        "rows": rows(snapshot(application.event), revision.changes),
        "findings": shown(application.assess(revision.changes), is_linked=False),
    }


def local_hours(slot: Slot) -> str:
    """The slot by the clock of its place, that clock named where it is not Paris's, with its places."""
    return f"{slot.day}, {slot.hours}" + (f" – {places(slot.capacity)}" if slot.capacity else "")


def _names(items: QuerySet[Any]) -> str:
    return ", ".join(str(item) for item in items)


def _facts(event: Event) -> Iterator[tuple[str, Any]]:
    yield "Organisateur", event.organisation
    yield "Édition", event.edition
    yield "Format", event.format
    yield "Publics", _names(event.audiences.all())
    yield "Filières", _names(event.sectors.all())
    yield "Niveaux scolaires", _names(event.levels.all())
    yield "Âge minimum", f"{event.minimum_age} ans" if event.minimum_age else ""
    yield "Taille maximale d’un groupe", event.group_size
    yield "Équipement de sécurité", event.safety_equipment
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
    yield "Comment venir", event.directions
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
    owner = application.created_by
    yield "Personne à contacter", application.contact_name
    yield "Téléphone", application.contact_phone
    yield "Courriel", owner.email if owner else "compte effacé"
