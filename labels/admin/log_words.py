"""What the log holds, in French: the families of deeds, those that are no move, and the details of each."""

from collections.abc import Iterator, Mapping
from typing import Any

NOTHING = "–"
# What is logged, by the first word of its action.
FAMILIES = {
    "application": "Demandes",
    "note": "Notes internes",
    "mail": "Courriels",
    "account": "Comptes",
    "factor": "Seconds facteurs",
    "report": "Signalements",
    "organisation": "Organisations",
    "edition": "Éditions",
    "format": "Formats",
    "audience": "Publics",
    "sector": "Filières",
    "level": "Niveaux scolaires",
    "preset": "Motifs types",
    "resource": "Ressources",
    "partner": "Partenaires",
    "correspondent": "Correspondants",
}
# Deeds of the first family that are no moves of the workflow.
AROUND = {
    "application.export": "Demandes exportées",
    "application.take": "Demande prise en charge",
    "application.release": "Demande rendue",
    "application.open": "Demande ouverte pour un organisateur",
    "application.copy": "Demande refaite pour un organisateur",
    "application.erase": "Demande effacée",
}
# The names under which deeds tell more of themselves.
DETAILS = {
    "after": "après",
    "applications": "demandes, par leurs clés",
    "applications_close_at": "clôture des demandes",
    "applications_open_at": "ouverture des demandes",
    "audiences": "publics",
    "before": "avant",
    "conditions": "conditions",
    "contacts": "avec les coordonnées",
    "edition": "édition",
    "email": "adresse électronique",
    "fields": "champs",
    "filters": "filtres",
    "for": "pour le compte",
    "from": "depuis",
    "groups": "groupes",
    "is_active": "actif",
    "is_published": "publiée",
    "is_superuser": "administration technique",
    "joined": "réunies",
    "label": "libellé",
    "label_number": "numéro de label",
    "mail": "courriel",
    "name": "nom",
    "number": "numéro",
    "participants": "participants",
    "pk": "clé",
    "position": "rang",
    "reason": "motif",
    "regions": "régions",
    "removed": "retirés",
    "rows": "lignes",
    "slug": "code",
    "state": "état",
    "subject": "objet",
    "text": "texte",
    "theme": "thème",
    "title": "titre",
    "uses": "décisions",
    "week_ends_on": "dernier jour de la semaine",
    "week_starts_on": "premier jour de la semaine",
    "window_ends_on": "dernier jour de la fenêtre",
    "window_starts_on": "premier jour de la fenêtre",
    "year": "année",
}


def in_words(details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each detail of an entry: its name and its value."""
    return ((DETAILS.get(name, name), _plain(value)) for name, value in details.items())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return " ; ".join(f"{DETAILS.get(name, name)} = {_plain(item)}" for name, item in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or NOTHING
    return NOTHING if value is None else str(value)
