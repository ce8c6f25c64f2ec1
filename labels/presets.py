"""Reasons with placeholders: those that a preset may hold, what each becomes, and which are none of them.

The text is the DGE's and is never run: each placeholder of the closed list is replaced once, by plain words, and a
brace in a title stays one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import number_format
from django.utils.timezone import localtime

from core.templatetags.french import long_date, moment, period
from events.models import Audience, Edition, Event
from labels.models import Action, Application, Preset
from labels.rules import Declaration

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NOT_GIVEN = "non indiqué"


class Subject:
    """What a decision is about: the event as it stands, or as the change that is declined would make it."""

    def __init__(self, application: Application, action: Action | None = None) -> None:
        revision = application.pending_revision if action == Action.DECLINE else None
        self.application = application
        self.changes = revision.changes if revision else None

    @property
    def event(self) -> Event:
        return self.application.event

    @property
    def edition(self) -> Edition:
        return self.event.edition

    @cached_property
    def declaration(self) -> Declaration:
        return self.application.declare(self.changes)

    @property
    def price(self) -> str:
        price = self.declaration.price
        return NOT_GIVEN if price is None else f"{number_format(price, 2)}\N{NO-BREAK SPACE}€"

    @property
    def first_day(self) -> str:
        return long_date(min((slot.date for slot in self.declaration.slots), default=None)) or f"jour {NOT_GIVEN}"

    @cached_property
    def audiences(self) -> str:
        """Those that the edition targets; all where it names none."""
        targeted = list(self.edition.audiences.all()) or Audience.objects.filter(is_active=True)
        return ", ".join(audience.label.lower() for audience in targeted)


@dataclass(frozen=True)
class Placeholder:
    meaning: str
    example: str
    value: Callable[[Subject], str]


PLACEHOLDERS: dict[str, Placeholder] = {
    "titre": Placeholder(
        "titre de l’événement",
        "Visite de la fonderie du Port",
        lambda subject: subject.declaration.title or "Événement sans titre",
    ),
    "organisateur": Placeholder(
        "nom de l’organisateur",
        "Fonderie du Port",
        lambda subject: str(subject.event.organisation or f"organisateur {NOT_GIVEN}"),
    ),
    "reference": Placeholder("référence de la demande", "SI2026-000123", lambda subject: subject.application.reference),
    "edition": Placeholder("année de l’édition", "2026", lambda subject: str(subject.edition.year)),
    "semaine": Placeholder(
        "dates de la semaine",
        "du 16 au 22 novembre 2026",
        lambda subject: period(subject.edition.week_starts_on, subject.edition.week_ends_on),
    ),
    "debut_fenetre": Placeholder(
        "premier jour où un événement peut avoir lieu",
        "dimanche 1er novembre 2026",
        lambda subject: long_date(subject.edition.window_starts_on),
    ),
    "fin_fenetre": Placeholder(
        "dernier jour où un événement peut avoir lieu",
        "lundi 7 décembre 2026",
        lambda subject: long_date(subject.edition.window_ends_on),
    ),
    "date_limite_depot": Placeholder(
        "clôture des demandes",
        "12 novembre 2026 à 12\N{NO-BREAK SPACE}h",
        lambda subject: moment(localtime(subject.edition.applications_close_at)),
    ),
    "premier_jour": Placeholder(
        "premier jour de l’événement", "mardi 17 novembre 2026", lambda subject: subject.first_day
    ),
    "prix": Placeholder("prix déclaré", "5,00\N{NO-BREAK SPACE}€", lambda subject: subject.price),
    "publics": Placeholder(
        "publics que l’édition vise", "scolaires, jeunes, étudiants, grand public", lambda subject: subject.audiences
    ),
}


def render(preset: Preset, application: Application, action: Action | None = None) -> str:
    """The preset's text about ``application``; what is no placeholder of the list stays as it is written."""
    return render_text(preset.text, Subject(application, action))


def render_text(text: str, subject: Subject | None = None) -> str:
    """``text`` about ``subject``, or with the examples of the list."""

    def words(found: re.Match[str]) -> str:
        placeholder = PLACEHOLDERS.get(found[1])
        if placeholder is None:
            return found[0]
        return placeholder.value(subject) if subject else placeholder.example

    return _PLACEHOLDER.sub(words, text)


def unknown(text: str) -> list[str]:
    """What stands in braces and is no placeholder, each once, in the text's order."""
    return list(dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS))


def has_lone_brace(text: str) -> bool:
    """A brace without its fellow: a placeholder that was begun, and that an organiser would read as it is."""
    return bool(re.search(r"[{}]", _PLACEHOLDER.sub("", text)))
