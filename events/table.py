"""Events as a table: its columns, told once for the file, for the schema that describes it and for the page that does.

Part of the public contract: columns may be added at the end, never renamed. Codes are text and keep their zeros; no
text is taken for a formula by a spreadsheet; several values in a cell stand apart by ``|``.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from core.cells import safe
from events.geojson import PRECISION
from events.models import Event
from events.rows import Row
from places.models import PARIS

SEPARATOR = "|"
_INSTANT = "%Y-%m-%dT%H:%M:%S%z"
_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"


@dataclass(frozen=True)
class Column:
    """``about`` in French; ``type``, ``format`` and ``constraints`` as Table Schema has them; a cell by ``read``."""

    name: str
    title: str
    about: str
    read: Callable[[Row], str]
    type: str = "string"
    format: str = ""
    constraints: dict[str, Any] = field(default_factory=dict)

    @property
    def schema(self) -> dict[str, Any]:
        """The descriptor of a field in Table Schema."""
        told = {"name": self.name, "title": self.title, "description": self.about, "type": self.type}
        optional = {"format": self.format, "constraints": self.constraints}
        return told | {name: value for name, value in optional.items() if value}


def lines(header: Iterable[str], chunks: Iterable[list[Row]]) -> Iterator[bytes]:
    """The table as RFC 4180 has it, in UTF-8, a part for each chunk."""
    yield _written([list(header)])
    for chunk in chunks:
        yield _written([column.read(row) for column in COLUMNS] for row in chunk)


def schema() -> dict[str, Any]:
    """The Table Schema (Frictionless Data) of the file."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": "evenements-semaine-industrie",
        "title": "Événements de la Semaine de l’industrie",
        "description": "Un événement labellisé par ligne, annulés compris.",
        "version": "1.0.0",
        "homepage": settings.SITE_URL + reverse("pages:data"),
        "path": settings.SITE_URL + reverse("events:schema"),
        "primaryKey": "uid",
        "missingValues": [""],
        "fields": [column.schema for column in COLUMNS],
    }


def _written(cells: Iterable[list[str]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(cells)
    return text.getvalue().encode()


def _plain(name: str) -> Callable[[Row], str]:
    """Of a number, or of a code that no person types."""
    return lambda row: "" if row[name] is None else str(row[name])


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: safe(row[name] or "")


def _codes(name: str) -> Callable[[Row], str]:
    return lambda row: SEPARATOR.join(row[name])


def _degrees(name: str) -> Callable[[Row], str]:
    return lambda row: "" if row[name] is None else f"{row[name]:.{PRECISION}f}"


def _day(name: str) -> Callable[[Row], str]:
    return lambda row: row[name].isoformat() if row[name] else ""


def _moment(name: str) -> Callable[[Row], str]:
    """An instant by the clock of Paris, with its offset."""
    return lambda row: row[name].astimezone(_PARIS).isoformat(timespec="seconds") if row[name] else ""


_PARIS = ZoneInfo(PARIS)


def _state(row: Row) -> str:
    return "annule" if row["cancelled_at"] else "complet" if row["is_full"] else "prevu"


def _start(row: Row) -> str:
    return row["slots"][0][0].isoformat() if row["slots"] else ""


def _end(row: Row) -> str:
    return max(end for _, end in row["slots"]).isoformat() if row["slots"] else ""


def _slots(row: Row) -> str:
    return SEPARATOR.join(f"{start.isoformat()}/{end.isoformat()}" for start, end in row["slots"])


def _zone(row: Row) -> str:
    return row["slots"][0][0].tzinfo.key if row["slots"] else ""


def _postcode(row: Row) -> str:
    return (row["commune__postcodes"] or "").strip().partition(" ")[0]


def _sign_up(row: Row) -> str:
    return row["registration_url"] if row["registration"] == Event.Registration.LINK else ""


def _yes(row: Row) -> str:
    return "true" if row["is_accessible"] else "false"


_REQUIRED = {"required": True}
_SLUG = r"[a-z0-9_-]+"
_SLUGS = {"pattern": rf"{_SLUG}(\{SEPARATOR}{_SLUG})*"}


COLUMNS = (
    Column("uid", "Identifiant", "Stable, le même dans tous les formats.", _plain("uid"), format="uuid",
           constraints={"required": True, "unique": True}),
    Column("edition", "Édition", "Année de l’édition.", _plain("edition__year"), "year", constraints=_REQUIRED),
    Column("titre", "Titre", "Titre donné par l’organisateur.", _text("title"), constraints=_REQUIRED),
    Column("description", "Description", "Texte de l’organisateur, sur une ou plusieurs lignes.", _text("description")),
    Column("statut", "Statut", "prevu, complet (plus de place) ou annule.", _state,
           constraints={"required": True, "enum": ["prevu", "complet", "annule"]}),
    Column("numero_label", "Numéro de label", "Année et rang, jamais réattribué.", _plain("label_number"),
           constraints={"required": True, "unique": True, "pattern": r"\d{4}-(\d{5}|[1-9]\d{5,9})"}),
    Column("debut", "Début", "Début du premier créneau, avec le décalage horaire du lieu.", _start, "datetime",
           _INSTANT),
    Column("fin", "Fin", "Fin du dernier créneau, avec le décalage horaire du lieu.", _end, "datetime", _INSTANT),
    Column("creneaux", "Créneaux", "Tous les créneaux, en intervalles ISO 8601 (début/fin).", _slots,
           constraints={"pattern": rf"{_ISO}/{_ISO}(\{SEPARATOR}{_ISO}/{_ISO})*"}),
    Column("premier_jour", "Premier jour", "Date locale.", _day("starts_on"), "date"),
    Column("dernier_jour", "Dernier jour", "Date locale.", _day("ends_on"), "date"),
    Column("fuseau_horaire", "Fuseau horaire", "Nom IANA ; celui de Paris pour un événement en ligne.", _zone),
    Column("format", "Format", "Code du format.", _plain("format__slug"), constraints={"pattern": _SLUG}),
    Column("publics", "Publics", "Codes des publics.", _codes("audiences"), constraints=_SLUGS),
    Column("filieres", "Filières", "Codes des filières.", _codes("sectors"), constraints=_SLUGS),
    Column("niveaux", "Niveaux scolaires", "Codes des niveaux.", _codes("levels"), constraints=_SLUGS),
    Column("participation", "Participation", "sur-place, en-ligne ou hybride.", _plain("attendance"),
           constraints={"required": True, "enum": Event.Attendance.values}),
    Column("lieu", "Lieu", "Nom du lieu.", _text("venue")),
    Column("adresse", "Adresse", "Numéro et voie.", _text("address")),
    Column("code_postal", "Code postal", "Cinq chiffres, le zéro compris.", _postcode,
           constraints={"pattern": r"\d{5}"}),
    Column("commune", "Commune", "Nom de la commune.", _text("commune__name")),
    Column("code_commune", "Code de la commune", "Code INSEE, en texte.", _plain("commune"),
           constraints={"pattern": r"\d[0-9AB]\d{3}"}),
    Column("departement", "Département", "Nom du département.", _text("commune__departement__name")),
    Column("code_departement", "Code du département", "Code INSEE, en texte.", _plain("commune__departement"),
           constraints={"pattern": r"\d[0-9AB]\d?"}),
    Column("region", "Région", "Nom de la région.", _text("region__name")),
    Column("code_region", "Code de la région", "Code INSEE, en texte.", _plain("region"),
           constraints={"pattern": r"\d\d"}),
    Column("latitude", "Latitude", "Degrés WGS 84, six décimales.", _degrees("latitude"), "number",
           constraints={"minimum": -90, "maximum": 90}),
    Column("longitude", "Longitude", "Degrés WGS 84, six décimales.", _degrees("longitude"), "number",
           constraints={"minimum": -180, "maximum": 180}),
    Column("acces", "Accès", "Comment venir.", _text("directions")),
    Column("lien_en_ligne", "Adresse de connexion", "Pour un événement en ligne ou hybride.", _text("online_url")),
    Column("organisateur", "Organisateur", "Nom de l’organisme.", _text("organisation__name")),
    Column("site_organisateur", "Site de l’organisateur", "Adresse de son site.", _text("organisation__website")),
    Column("inscription", "Inscription", "aucune, lien, courriel ou telephone ; les coordonnées sont sur la page.",
           _plain("registration"), constraints={"enum": Event.Registration.values}),
    Column("lien_inscription", "Page d’inscription", "Si l’inscription se fait sur une page internet.", _sign_up),
    Column("places", "Places", "En tout ; vide s’il n’y a pas de limite.", _plain("capacity"), "integer"),
    Column("taille_groupe", "Taille d’un groupe", "Au plus.", _plain("group_size"), "integer"),
    Column("age_minimum", "Âge minimum", "En années.", _plain("minimum_age"), "integer"),
    Column("accessible_pmr", "Accessible", "Aux personnes à mobilité réduite.", _yes, "boolean"),
    Column("accessibilite", "Précisions sur l’accessibilité", "Texte de l’organisateur.", _text("accessibility")),
    Column("equipement_securite", "Équipement de sécurité", "Ce qu’il faut porter.", _text("safety_equipment")),
    Column("adresse_page", "Page de l’événement", "Sur ce site.", _plain("page"), format="uri", constraints=_REQUIRED),
    Column("publie_le", "Publié le", "Instant de la première publication.", _moment("published_at"), "datetime",
           _INSTANT),
    Column("modifie_le", "Modifié le", "Instant du dernier changement.", _moment("updated_at"), "datetime", _INSTANT),
)  # fmt: skip
