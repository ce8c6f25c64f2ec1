"""``manage.py assess_declarations <file.json>``: how well the rules find the faults that a careful examiner found."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from events.known_editions import known_editions
from events.models import Edition
from labels import rules

Terms = tuple[rules.Window, frozenset[str]]
# What an examiner writes where nothing is wrong; every other word is a fault.
NO_FAULT = {"met", "met_evidence"}


class Command(BaseCommand):
    help = "Compare les règles du label à l’avis d’un examinateur, condition par condition, sur un fichier de cas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="un fichier JSON de la forme de tests/vectors/declarations.json")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = _cases(options["file"])
        terms = {year: _terms(year) for year in {_year(case) for case in cases}}
        judged = [(case, rules.assess(_declared(case, terms[_year(case)][1]), terms[_year(case)][0])) for case in cases]
        measures = {condition.value: _measure(condition, judged) for condition in rules.Condition}
        self.stdout.write(json.dumps(measures, ensure_ascii=False, indent=2))


def _measure(condition: rules.Condition, judged: Iterable[tuple[dict[str, Any], rules.Verdict]]) -> dict[str, Any]:
    """Recall and precision of the faults; 1 where there is none to find, or none was said."""
    expected, said = [], []
    for case, verdict in judged:
        if case["expected"][condition] not in NO_FAULT:
            expected.append(case["id"])
        if verdict[condition].outcome is not rules.Outcome.MET:
            said.append(case["id"])
    missed = [name for name in expected if name not in said]
    false_alarms = [name for name in said if name not in expected]
    return {
        "recall": round(1 - len(missed) / len(expected), 4) if expected else 1.0,
        "precision": round(1 - len(false_alarms) / len(said), 4) if said else 1.0,
        "missed": missed,
        "false_alarms": false_alarms,
    }


def _cases(path: Path) -> list[dict[str, Any]]:
    try:
        cases = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"Le fichier {path} ne peut pas être lu\u00a0: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"Le fichier {path} n’est pas du JSON en UTF-8\u00a0: {error}.") from error
    if not isinstance(cases, list):
        raise CommandError(f"Le fichier {path} doit contenir une liste de cas.")
    for number, case in enumerate(cases, 1):
        _check(case, number)
    return cases


def _check(case: Any, number: int) -> None:
    """Read all that will be read of a case, so that a broken one is named before anything is measured."""
    try:
        str(case["id"])
        _declared(case, rules.TARGET_AUDIENCES)
        _year(case)
        [case["expected"][condition] in NO_FAULT for condition in rules.Condition]
    except KeyError as error:
        raise CommandError(f"Cas n°\u00a0{number}\u00a0: il manque {error}.") from error
    except (TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise CommandError(f"Cas n°\u00a0{number}\u00a0: une valeur n’a pas la forme attendue ({error}).") from error


def _year(case: dict[str, Any]) -> int:
    return int(case["edition"])


def _declared(case: dict[str, Any], audiences: frozenset[str]) -> rules.Declaration:
    """As ``Application.declare``; slots are local to the venue, so that their dates need no time zone."""
    price = case["price_declared"]
    return rules.Declaration(
        title=_text(case["title"]),
        description=_text(case["description"]),
        purpose=_text(case["purpose"]),
        format=_text(case["format"]),
        sectors=tuple(map(_text, case["sectors"])),
        audiences=tuple(map(_text, case["audiences"])),
        price=None if price is None else Decimal(str(price)),
        slots=tuple(rules.Slot(date.fromisoformat(slot["date"])) for slot in case["slots"]),
        target_audiences=audiences,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"«\u00a0{value}\u00a0» n’est pas un texte")
    return value


def _terms(year: int) -> Terms:
    """The window and target audiences of an edition: as published, so that a measure does not hang on the database."""
    if known := known_editions().get(year):
        return rules.Window(*known.window), frozenset(known.audiences) or rules.TARGET_AUDIENCES
    try:
        edition = Edition.objects.filter(year=year).first()
    except DatabaseError:  # not migrated, or out of reach
        edition = None
    if edition is None:
        raise CommandError(f"L’édition {year} n’est ni parmi celles dont la fenêtre est connue, ni dans la base.")
    audiences = frozenset(edition.audiences.values_list("slug", flat=True))
    return rules.Window(edition.window_starts_on, edition.window_ends_on), audiences or rules.TARGET_AUDIENCES
