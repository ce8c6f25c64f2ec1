"""The State's directory of companies, asked for one establishment by its SIRET, or for one school by its UAI.

What it tells of the people who run a company is not asked for. It may be away: whoever calls goes on by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import Organisation
from core.calls import Service
from core.text import clean_text
from places.models import Commune

Kind = Organisation.Kind

service = Service("companies")
# The answer without the people: https://recherche-entreprises.api.gouv.fr/openapi.json
_PARTS = {"minimal": "true", "include": "siege,matching_etablissements"}

# By the beginning of the establishment's activity (NAF) first, then of its legal nature, the longest that fits.
_BY_ACTIVITY = {
    "85.1": Kind.SCHOOL,
    "85.2": Kind.SCHOOL,
    "85.3": Kind.SCHOOL,
    "85.4": Kind.TRAINING,
    "85.59": Kind.TRAINING,
    "94.1": Kind.FEDERATION,
    "94.2": Kind.FEDERATION,
}
_BY_LEGAL_NATURE = {
    "1": Kind.COMPANY,
    "41": Kind.PUBLIC,
    "5": Kind.COMPANY,
    "6": Kind.COMPANY,
    "71": Kind.PUBLIC,
    "72": Kind.LOCAL,
    "73": Kind.PUBLIC,
    "7331": Kind.SCHOOL,
    "734": Kind.LOCAL,
    "7361": Kind.LOCAL,
    "7383": Kind.TRAINING,
    "7384": Kind.TRAINING,
    "74": Kind.PUBLIC,
    "84": Kind.FEDERATION,
    "92": Kind.ASSOCIATION,
    "93": Kind.ASSOCIATION,
}
LONGEST_INITIALS = 4
_LEGAL_FORMS = {"EURL", "SA", "SARL", "SAS", "SASU", "SCIC", "SCOP"}
_SMALL_WORDS = {"a", "à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur"}


@dataclass(frozen=True)
class Company:
    """One establishment; ``kind`` is a guess, and like any of these may be empty. ``commune`` is an INSEE code."""

    name: str
    kind: str
    address: str
    commune: str
    is_closed: bool


def find(*, siret: str = "", uai: str = "") -> Company | None:
    """The establishment with this number, None where the directory knows none; raises ``core.calls.Unavailable``."""
    asked: dict[str, str] = {"q": siret} if siret else {"id_uai": uai}
    answer = service.get(settings.COMPANIES_URL, {**asked, **_PARTS})
    for unit, row in _establishments(answer):
        if (siret and row.get("siret") == siret) or (uai and uai in _list(row, "liste_uai")):
            return _company(unit, row)
    return None


def columns_of(company: Company | None) -> dict[str, Any]:
    """What an organisation keeps of it, beside its name and its kind."""
    commune = Commune.objects.filter(code=company.commune).first() if company else None
    return {"address": company.address if company else "", "commune": commune}


def _establishments(answer: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each legal unit with each of its establishments told, whatever else the answer holds."""
    for unit in _list(answer, "results"):
        if isinstance(unit, dict):
            rows = [*_list(unit, "matching_etablissements"), unit.get("siege")]
            yield from ((unit, row) for row in rows if isinstance(row, dict))


def _company(unit: Mapping[str, Any], row: Mapping[str, Any]) -> Company:
    signs = [sign for sign in _list(row, "liste_enseignes") if isinstance(sign, str)]
    own = _text({"sign": signs[0]} if signs else row, "sign" if signs else "nom_commercial")
    postcode = _text(row, "code_postal")
    address = _text(row, "adresse")
    street = address.rpartition(f" {postcode} ")[0] if postcode else ""
    return Company(
        name=_readable(own or _text(unit, "nom_raison_sociale") or _text(unit, "nom_complet"))[:150],
        kind=_kind(unit, row),
        address=_readable(street or address)[:200],
        commune=_text(row, "commune"),
        is_closed=row.get("etat_administratif") == "F",
    )


def _kind(unit: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    if _list(row, "liste_uai"):
        return Kind.SCHOOL
    activity = _text(row, "activite_principale") or _text(unit, "activite_principale")
    return _longest(_BY_ACTIVITY, activity) or _longest(_BY_LEGAL_NATURE, _text(unit, "nature_juridique"))


def _longest(table: Mapping[str, str], code: str) -> str:
    fitting = [beginning for beginning in table if code.startswith(beginning)]
    return table[max(fitting, key=len)] if fitting else ""


def _list(row: Any, name: str) -> list[Any]:
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, list) else []


def _text(row: Mapping[str, Any], name: str) -> str:
    """What is told under ``name``; nothing where it is withheld (« [NON-DIFFUSIBLE] »), or no text to keep."""
    value = row.get(name)
    if not isinstance(value, str) or "[N" in value:
        return ""
    try:
        return clean_text(value).replace("'", "’")
    except ValidationError:
        return ""


def _readable(text: str) -> str:
    """The directory writes all in capitals; initials stay so.

    >>> _readable("SNCF – ATELIER DU TECHNICENTRE D’OISSEL")
    'SNCF – Atelier du Technicentre d’Oissel'
    """
    if text != text.upper() or len(text) <= LONGEST_INITIALS:
        return text
    words = [_word(word) for word in text.split(" ")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _word(word: str) -> str:
    for mark in ("’", "-"):
        if mark in word:
            return mark.join(_word(part) for part in word.split(mark))
    lower = word.lower()
    if lower in _SMALL_WORDS:
        return lower
    is_initials = word in _LEGAL_FORMS or not set(lower) & set("aeiouyàâéèêëîïôûü")
    return word if is_initials else word.capitalize()
