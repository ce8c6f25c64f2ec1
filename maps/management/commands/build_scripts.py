"""``manage.py build_scripts``: ``static/js/linked/``, each map of events with all that it imports, as one script.

Modules run once the page is whole and laid out; one script runs where it stands (ADR 37). It links our own modules
alone: their imports stand at their head, by name, and what they export never changes. What is written otherwise is
refused; what no browser reads (a module that waits at its top level) shows at the first test of a map.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SOURCES = Path(settings.BASE_DIR) / "static" / "js"
ENTRIES = ("map.js", "frame.js")
HEADER = "/* Written by manage.py build_scripts: {} and what it imports. */\n"

_IMPORT = re.compile(r'^import (?:\{ (\w+(?:, \w+)*) \} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.MULTILINE)
_HEAD = re.compile(r'(?:\s+|/\*.*?\*/|//[^\n]*\n|import (?:\{ \w+(?:, \w+)* \} from )?"\./[\w-]+\.js";\n)*', re.DOTALL)
# All that is written otherwise, a second name of one `const`, and the name under which the modules stand.
_BEYOND = re.compile(
    r"^(?:import|export|(?:(?:const|let) .*= )?await)\b.*|\bimport(?:\(|\.meta).*"
    r"|^(?:const|let|class|function) modules\b",
    re.MULTILINE,
)
_TWO = re.compile(r"^export const \w+ = [^({\[=]*, *\w+ = .*", re.MULTILINE)


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
    # Imports stand above all but comments: below, what they name would be used before it is there.
    head, body = text[: _end_of_imports(text)], text[_end_of_imports(text) :]
    linked = _IMPORT.sub(lambda found: _taken(path, *found.groups()), head) + _EXPORT.sub("", body)
    for beyond in (_BEYOND.search(linked), _TWO.search(text)):
        if beyond:
            raise _refusal(path, beyond[0])
    given = f"return {{ {', '.join(exported)} }};\n" if exported else ""
    return f'modules["{path.name}"] = (() => {{\n{linked}{given}}})();\n'


def _end_of_imports(text: str) -> int:
    """Where what is neither comment, empty nor an import begins."""
    found = _HEAD.match(text)
    return found.end() if found else 0


def _taken(importer: Path, names: str | None, module: str) -> str:
    if names is None:
        return ""
    exported = _EXPORT.findall((importer.parent / module).read_text())
    for name in names.split(", "):
        if name not in exported:
            raise _refusal(importer, f"{name}, {module}")
    return f'const {{ {names} }} = modules["{module}"];\n'


def _refusal(path: Path, text: str) -> CommandError:
    return CommandError(f"{path.name}\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}{text}\N{NO-BREAK SPACE}» n’est pas lié.")
