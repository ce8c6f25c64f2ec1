"""``manage.py build_scripts``: ``static/js/linked/``, each map of events with all that it imports, as one script.

Modules run once the page is whole and laid out; one script runs where it stands (ADR 37). It links our own modules
alone: their imports stand at their head, by name, and what they export never changes. All else is refused.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SOURCES = Path(settings.BASE_DIR) / "static" / "js"
ENTRIES = ("map.js", "frame.js")
HEADER = "/* Written by manage.py build_scripts: {} and what it imports. */\n"

_IMPORT = re.compile(r'^import (?:(\{ \w+(?:, \w+)* \}) from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE)
_BEYOND = re.compile(r"^(?:import|export|(?:const .*= )?await)\b.*|\bimport(?:\(|\.meta).*", re.MULTILINE)


class Command(BaseCommand):
    help = "Écrit dans static/js/linked/ les scripts des cartes, chacun avec les modules qu’il importe."

    def handle(self, *args: Any, **options: Any) -> None:
        for entry in ENTRIES:
            path = target(entry)
            path.parent.mkdir(exist_ok=True)
            path.write_text(linked(SOURCES / entry))
            self.stdout.write(f"{path.name}\N{NO-BREAK SPACE}: {path.stat().st_size} octets")


def target(entry: str) -> Path:
    return SOURCES / "linked" / entry


def linked(entry: Path) -> str:
    """Raises CommandError where a module is written as none of ours is, or imports itself by others."""
    modules = "\n".join(_function(path) for path in _in_order(entry, ()))
    return f'{HEADER.format(entry.name)}(() => {{\n"use strict";\nconst modules = {{}};\n\n{modules}}})();\n'


def _in_order(path: Path, importers: tuple[Path, ...]) -> list[Path]:
    """As a browser runs them: each after what it imports, once."""
    if path in importers:
        raise CommandError(f"{path.name} s’importe lui-même.")
    found: list[Path] = []
    for _, name in _IMPORT.findall(path.read_text()):
        found += _in_order(path.parent / name, (*importers, path))
    return list(dict.fromkeys([*found, path]))


def _function(path: Path) -> str:
    """The module as a function, so that its names stay its own."""
    text = path.read_text()
    exported = _EXPORT.findall(text)
    body = _EXPORT.sub("", _IMPORT.sub(_taken, text))
    if beyond := _BEYOND.search(body):
        raise CommandError(
            f"{path.name}\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}{beyond[0]}\N{NO-BREAK SPACE}» n’est pas lié."
        )
    given = f"return {{ {', '.join(exported)} }};\n" if exported else ""
    return f'modules["{path.name}"] = (() => {{\n{body}{given}}})();\n'


def _taken(found: re.Match[str]) -> str:
    names, module = found.groups()
    return f'const {names} = modules["{module}"];\n' if names else ""
