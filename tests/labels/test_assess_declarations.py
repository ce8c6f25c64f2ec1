"""The command that measures the rules against a file of cases."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import factories

VECTORS = Path(__file__).parent.parent / "vectors" / "declarations.json"


def case(name: str, **changes: Any) -> dict[str, Any]:
    expected = {"dates": "met", "audiences": "met", "industry": "met_evidence", "free": "met"}
    return {
        "id": name,
        "title": "Visite de la fonderie",
        "description": "Moulage, usinage et contrôle des pièces.",
        "purpose": "Faire découvrir les métiers de la fonderie.",
        "format": "visite-entreprise",
        "sectors": ["métallurgie"],
        "audiences": ["grand-public"],
        "price_declared": "0",
        "slots": [{"date": "2024-11-20", "start": "10:00", "end": "12:00"}],
        "place_insee": None,
        "edition": 2024,
        "expected": expected | changes.pop("expected", {}),
        "why": "",
    } | changes


def measured(path: Path) -> dict[str, Any]:
    out, err = StringIO(), StringIO()
    call_command("assess_declarations", str(path), stdout=out, stderr=err)
    assert err.getvalue() == ""
    result: dict[str, Any] = json.loads(out.getvalue())
    return result


def written(folder: Path, cases: Any) -> Path:
    path = folder / "cases.json"
    path.write_text(cases if isinstance(cases, str) else json.dumps(cases), "utf-8")
    return path


NONE_WRONG = {"recall": 1.0, "precision": 1.0, "missed": [], "false_alarms": []}


def test_the_given_cases_are_measured_without_a_database() -> None:
    assert measured(VECTORS) == dict.fromkeys(["dates", "audiences", "industry", "free"], NONE_WRONG)


def test_a_fault_missed_and_a_false_alarm_are_named(tmp_path: Path) -> None:
    cases = [
        case("found", description="Entrée : 5 €.", expected={"free": "to_examine"}),
        case("missed", expected={"free": "to_examine"}),
        case("alarm", description="Entrée : 5 €."),
    ]

    result = measured(written(tmp_path, cases))

    assert result["free"] == {"recall": 0.5, "precision": 0.5, "missed": ["missed"], "false_alarms": ["alarm"]}
    assert result["audiences"] == NONE_WRONG


def test_no_case_is_no_fault(tmp_path: Path) -> None:
    assert measured(written(tmp_path, []))["industry"] == NONE_WRONG


@pytest.mark.django_db
def test_an_edition_that_is_not_public_knowledge_is_read_in_the_database(tmp_path: Path) -> None:
    edition = factories.edition(2031)
    day = edition.window_ends_on.isoformat()
    cases = [case("in", edition=2031, slots=[{"date": day}]), case("out", edition=2031)]

    assert measured(written(tmp_path, cases))["dates"]["false_alarms"] == ["out"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "n’est pas du JSON"),
        ("{}", "doit contenir une liste"),
        ("[3]", "Cas n°\u00a01"),
        ([case("a") | {"slots": [{"date": "le 20 novembre"}]}], "Cas n°\u00a01"),
        ([case("a"), case("b") | {"price_declared": "dix"}], "Cas n°\u00a02"),
        ([case("a") | {"title": None}], "«\u00a0None\u00a0» n’est pas un texte"),
        ([{"id": "a"}], "il manque"),
        ([case("a", edition=1999)], "L’édition 1999"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        measured(written(tmp_path, content))


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        measured(tmp_path / "nowhere.json")
