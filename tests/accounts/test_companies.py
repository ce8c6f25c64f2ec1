"""The State's directory of companies, played by a stand-in that answers, lies, hangs and refuses."""

from typing import Any

import pytest

from accounts import companies
from accounts.companies import Company
from accounts.models import Organisation
from core.calls import Unavailable
from tests import factories
from tests.directory import SIRET, UAI, found
from tests.outside import OutsideService

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgive() -> None:
    companies.service.forgive()


def test_the_establishment_whose_number_is_equal_is_taken_and_the_people_are_not_asked_for(
    directory: OutsideService,
) -> None:
    company = companies.find(siret=SIRET)

    assert company == Company("Fonderie du Port", "entreprise", "12 Rue des Docks", "76351", False)
    assert directory.queries == [{"q": SIRET, "minimal": "true", "include": "siege,matching_etablissements"}]


def test_a_school_is_found_by_its_uai(directory: OutsideService) -> None:
    directory.answer = found(
        row={"liste_uai": [UAI], "liste_enseignes": ["LYCEE LOUIS-LE-GRAND"]}, nature_juridique="7331"
    )

    company = companies.find(uai=UAI)

    assert company is not None
    assert (company.name, company.kind) == ("Lycee Louis-le-Grand", "etablissement-scolaire")
    assert directory.queries[0]["id_uai"] == UAI


@pytest.mark.parametrize(
    "answer",
    [
        {"results": []},
        {"results": [{"siege": {"siret": "00000000000000"}}]},
        {},
        [],
        "texte",
        {"results": None},
        {"results": [None, 3, {"siege": [], "matching_etablissements": [None, "x"]}]},
    ],
)
def test_an_answer_without_this_establishment_is_no_establishment(directory: OutsideService, answer: Any) -> None:
    directory.answer = answer

    assert companies.find(siret=SIRET) is None


def test_a_closed_establishment_is_told(directory: OutsideService) -> None:
    directory.answer = found(row={"etat_administratif": "F"})

    company = companies.find(siret=SIRET)

    assert company is not None and company.is_closed


def test_what_is_withheld_or_broken_is_empty(directory: OutsideService) -> None:
    directory.answer = found(
        row={"adresse": 12, "code_postal": None, "commune": "[ND]"},
        nom_raison_sociale="[NON-DIFFUSIBLE]",
        nom_complet="a\x00b",
        nature_juridique=None,
    )

    assert companies.find(siret=SIRET) == Company("", "", "", "", False)


@pytest.mark.parametrize(
    "broken", [{"status": 429, "headers": {"Retry-After": "5"}}, {"status": 500}, {"body": b"<html>"}, {"status": 400}]
)
def test_a_directory_that_refuses_is_unavailable(directory: OutsideService, broken: dict[str, Any]) -> None:
    for name, value in broken.items():
        setattr(directory, name, value)

    with pytest.raises(Unavailable):
        companies.find(siret=SIRET)


@pytest.mark.parametrize(
    ("activity", "legal_nature", "kind"),
    [
        ("85.31Z", "7331", Organisation.Kind.SCHOOL),
        ("85.42Z", "7383", Organisation.Kind.TRAINING),
        ("85.59A", "5710", Organisation.Kind.TRAINING),
        ("94.11Z", "7381", Organisation.Kind.FEDERATION),
        ("84.11Z", "7210", Organisation.Kind.LOCAL),
        ("84.11Z", "7344", Organisation.Kind.LOCAL),
        ("84.11Z", "7120", Organisation.Kind.PUBLIC),
        ("35.11Z", "4110", Organisation.Kind.PUBLIC),
        ("94.99Z", "9220", Organisation.Kind.ASSOCIATION),
        ("24.10Z", "8420", Organisation.Kind.FEDERATION),
        ("24.10Z", "1000", Organisation.Kind.COMPANY),
        ("24.10Z", "3110", ""),
        (None, None, ""),
    ],
)
def test_the_kind_is_guessed_from_the_activity_then_the_legal_nature(
    directory: OutsideService, activity: str | None, legal_nature: str | None, kind: str
) -> None:
    directory.answer = found(row={"activite_principale": activity}, nature_juridique=legal_nature)

    company = companies.find(siret=SIRET)

    assert company is not None and company.kind == kind


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("ELECTRICITE DE FRANCE", "Electricite de France"),
        ("SNCF VOYAGEURS", "SNCF Voyageurs"),
        ("EDF", "EDF"),
        ("L'ATELIER D'ART", "L’Atelier d’Art"),
        ("Déjà lisible SA", "Déjà lisible SA"),
        ("", ""),
    ],
)
def test_capitals_are_made_readable(directory: OutsideService, told: str, shown: str) -> None:
    directory.answer = found(nom_raison_sociale=told, nom_complet="")

    company = companies.find(siret=SIRET)

    assert company is not None and company.name == shown


def test_the_commune_told_is_kept_where_the_gazetteer_has_it() -> None:
    commune = factories.commune()
    company = Company("Fonderie", "", "12 rue des Docks", commune.code, False)

    assert companies.columns_of(company) == {"address": "12 rue des Docks", "commune": commune}
    assert companies.columns_of(None) == {"address": "", "commune": None}
