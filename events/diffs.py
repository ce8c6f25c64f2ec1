"""A change in words, before and after, for those who ask for it and those who decide on it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.utils.formats import number_format

from core.templatetags.french import phone
from events.changes import NAMES, Changes, SlotValue, slots_of
from events.dates import spoken_hours
from events.models import Audience, Event, Format, Level, ListItem, Picture, Sector
from events.templatetags.event_text import places
from places.models import Commune, Region

_LABELS = {
    "slots": "dates et horaires",
    "point": "position sur la carte",
    "sectors": "filières",
    "pictures": "image et documents",
    "region": "région qui instruit",
}
# Of the application and not of its event, so that no change of an event names it.
_OF_THE_APPLICATION = ("region",)
_LISTS: dict[str, type[ListItem]] = {"format": Format, "audiences": Audience, "sectors": Sector, "levels": Level}
NOTHING = "Non renseigné"


@dataclass(frozen=True)
class Piece:
    """A run of words that the two sides share, or not."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Row:
    """One field that changes."""

    name: str
    label: str
    before: list[Piece]
    after: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.is_changed for piece in (*self.before, *self.after))

    @property
    def old(self) -> str:
        return "".join(piece.text for piece in self.before).strip()

    @property
    def new(self) -> str:
        return "".join(piece.text for piece in self.after).strip()


class Labels:
    """The entries that changes name by their codes; one for a whole history, which reads each list once."""

    def __init__(self) -> None:
        self._read: dict[str, dict[str, str]] = {}

    def expecting(self, *changes: Changes) -> "Labels":
        """Read the communes that ``changes`` name at once, not one by one."""
        codes = {code for change in changes if (code := change.get("commune"))}
        if codes:
            named = {commune.code: str(commune) for commune in Commune.objects.filter(code__in=codes)}
            self._read.setdefault("commune", {}).update(named)
        return self

    def of(self, name: str, codes: list[str]) -> list[str]:
        if name not in self._read:
            self._read[name] = {item.slug: item.label for item in _LISTS[name]._default_manager.all()}
        known = self._read[name]
        # In the list's order; a code that is in it no more speaks for itself.
        return [label for slug, label in known.items() if slug in codes] + [code for code in codes if code not in known]

    def commune(self, code: str) -> str:
        communes = self._read.setdefault("commune", {})
        if code not in communes:
            communes[code] = str(Commune.objects.filter(code=code).first() or code)
        return communes[code]

    def region(self, code: str | None) -> str:
        """Whose examiners decide: none is the national team."""
        if "region" not in self._read:
            self._read["region"] = dict(Region.objects.values_list("code", "name"))
        return self._read["region"].get(code, code) if code else "Équipe nationale"


def rows(before: Changes, after: Changes, labels: Labels | None = None, *, only_changed: bool = True) -> list[Row]:
    """Each field of ``after`` that is not as ``before`` has it, in the order of the form's questions; or each field."""
    names = [name for name in (*NAMES, *_OF_THE_APPLICATION) if name in after]
    if only_changed:
        names = [name for name in names if before.get(name) != after[name]]
    labels = labels or Labels()
    return [_row(name, _units(name, before.get(name), labels), _units(name, after[name], labels)) for name in names]


def label_of(name: str) -> str:
    """The field as people name it, in lower case."""
    return _LABELS.get(name) or str(Event._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def in_words(name: str, value: Any) -> str:
    """A value of ``events.changes`` as people read it, a line for each of its slots."""
    return "".join(_units(name, value, Labels())).strip()


def _row(name: str, old: list[str], new: list[str]) -> Row:
    label = label_of(name)
    return Row(name, label[0].upper() + label[1:], list(_pieces(old, new)), list(_pieces(new, old)))


def _pieces(units: list[str], others: list[str]) -> Iterator[Piece]:
    """``units`` in runs, each shared with ``others`` or not; the spaces after a word are no part of it."""
    words, other_words = ([unit.strip() for unit in side] for side in (units, others))
    end = 0
    for start, _, size in SequenceMatcher(None, words, other_words, autojunk=False).get_matching_blocks():
        if end < start:
            yield Piece("".join(units[end:start]), is_changed=True)
        if size:
            yield Piece("".join(units[start : start + size]), is_changed=False)
        end = start + size


def _units(name: str, value: Any, labels: Labels) -> list[str]:
    """What is compared one by one: the lines of a list, the words of a text."""
    if name == "region":
        return [labels.region(value)]
    if value is None or value in ("", []):
        return [NOTHING]
    if name in _LISTS:
        words: str | list[str] = labels.of(name, value if isinstance(value, list) else [value])
    else:
        words = labels.commune(value) if name == "commune" else _WORDS.get(name, str)(value)
    return [f"{line}\n" for line in words] if isinstance(words, list) else re.findall(r"\S+\s*", words)


def _slots(values: list[SlotValue]) -> list[str]:
    return [
        f"{slot.day.capitalize()}, {spoken_hours(slot.start_time, slot.end_time)}"
        + (f" – {places(slot.capacity)}" if slot.capacity else "")
        for slot in slots_of(values)
    ]


def _point(point: list[Any]) -> str:
    latitude, longitude = (number_format(degrees, 5) for degrees in point[:2])
    return f"{latitude} ; {longitude} ({'confirmée' if point[2] else 'à confirmer'})"


def _euros(price: str) -> str:
    return f"{number_format(Decimal(price), 2)} €" if Decimal(price) else "Gratuit"


def _yes(value: bool) -> str:
    return "Oui" if value else "Non"


_WORDS: Mapping[str, Callable[[Any], str | list[str]]] = {
    "price": _euros,
    "attendance": lambda value: Event.Attendance(value).label,
    "registration": lambda value: Event.Registration(value).label,
    "registration_phone": phone,
    "minimum_age": lambda age: f"{age} ans",
    "group_size": lambda size: f"{size} personnes au plus",
    "is_full": _yes,
    "is_accessible": _yes,
    "point": _point,
    "slots": _slots,
    "pictures": lambda values: [f"{Picture.Kind(value['kind']).label} : {value['alt']}" for value in values],
}
