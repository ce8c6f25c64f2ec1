"""The State's directory of companies, as a stand-in on loopback answers for it."""

from typing import Any

import pytest
from pytest_django import Settings

from accounts import companies
from tests.outside import OutsideService

SIRET = "55208131766522"
UAI = "0750655E"


@pytest.fixture
def directory(outside_service: OutsideService, settings: Settings) -> OutsideService:
    companies.service.forgive()
    settings.COMPANIES_URL = outside_service.url
    outside_service.answer = found()
    return outside_service


def found(**changes: Any) -> dict[str, Any]:
    """What the directory answers, in its own shape, with people that nobody keeps."""
    row = {
        "siret": SIRET,
        "adresse": "12 RUE DES DOCKS 76600 LE HAVRE",
        "code_postal": "76600",
        "commune": "76351",
        "libelle_commune": "LE HAVRE",
        "activite_principale": "24.51Z",
        "latitude": "49.4938",
        "longitude": "0.1077",
        "liste_enseignes": None,
        "liste_uai": None,
        "etat_administratif": "A",
        **changes.pop("row", {}),
    }
    unit = {
        "siren": SIRET[:9],
        "nom_complet": "FONDERIE DU PORT (FDP)",
        "nom_raison_sociale": "FONDERIE DU PORT",
        "nature_juridique": "5710",
        "dirigeants": [{"nom": "Martin", "prenoms": "Camille"}],
        "siege": {**row, "siret": "55208131700001"},
        "matching_etablissements": [{**row, "siret": "55208131799999"}, row],
        **changes,
    }
    return {"results": [unit], "total_results": 1}
