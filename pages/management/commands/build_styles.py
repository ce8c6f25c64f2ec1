"""``manage.py build_styles``: ``static/css/dsfr.css``, the part of the State's design system that the portal uses.

Whole, it weighs more over the wire than all the rest of a page. A block (``fr-card`` with all its elements and
modifiers) is kept when a template, a script or a module names it, an icon when it is named itself; the order stays.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError

TARGET = Path(settings.BASE_DIR) / "static" / "css" / "dsfr.css"
SOURCES = ("templates/**/*.html", "static/js/**/*.js", "static/css/*.css", "*/*.py", "*/*/*.py", "*/*/*/*.py")
SHEETS = ("dsfr.main.min.css", "utility/utility.main.min.css")
HEADER = "/* Written by manage.py build_styles. {} | static/fonts/README */\n"

# Faces of which static/fonts holds the characters of French; the whole ones come for names that need others.
FRENCH = ("Regular", "Medium", "Bold", "Regular_Italic")
FRENCH_RANGE = (
    "U+20-7E,U+A0-FF,U+152-153,U+178,U+2013-2014,U+2018-2019,U+201C-201D,U+2022,U+2026,U+2039-203A,U+20AC,U+2192,U+2212"
)
# What Marianne has beside; a character that it has not, as the triangle of a fold, must not load it for nothing.
OTHER_RANGE = "U+100-151,U+154-177,U+179-2DD,U+300-357,U+1E00-1EFF,U+201A,U+201E,U+2020-2021,U+2030,U+2044,U+2070-2089,U+2116,U+2122,U+2190-2191,U+2193,U+2196-2199,U+221A,U+222B,U+2248,U+2260,U+2264-2265,U+25CA,U+25CC"  # fmt: skip  # noqa: E501

_NAME = re.compile(r"fr-[a-z0-9_-]+")
_CLASS = re.compile(r"\.((?:fr|fi)-[\w-]+)")
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMENT = re.compile(r'@charset "UTF-8";|/\*.*?\*/', re.DOTALL)
_NOTICE = re.compile(r"DSFR v[^*]*")
_ARGUMENTS = re.compile(r":(?:not|is|where|has)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_COMMA = re.compile(r",(?![^()]*\))")
_URL = re.compile(r"url\((?!data:|[\"']data:)([^)]*)\)")
_FACE = re.compile(r"Marianne-(\w+)\.woff2")


class Command(BaseCommand):
    help = "Écrit dans static/css/dsfr.css la part du système de design que le portail emploie."

    def handle(self, *args: Any, **options: Any) -> None:
        TARGET.write_text(built())
        self.stdout.write(f"{TARGET.name}\N{NO-BREAK SPACE}: {TARGET.stat().st_size} octets")


def built() -> str:
    names = used_names()
    whole = [_read(sheet) for sheet in SHEETS]
    notice = _NOTICE.search(whole[0])
    header = HEADER.format(notice[0].strip() if notice else "")
    return header + "".join(kept(css, names) for css in whole) + "\n"


def used_names() -> set[str]:
    """Of classes, whole, and of the blocks that they are of."""
    base = Path(settings.BASE_DIR)
    files = {path for pattern in SOURCES for path in base.glob(pattern)} - {TARGET}
    own = (path for path in files if path.relative_to(base).parts[0] not in {".venv", "tests", "var"})
    found = {name for path in own for name in _NAME.findall(path.read_text())}
    return found | {_block(name) for name in found}


def _block(name: str) -> str:
    return re.split(r"--|__", name)[0]


def _read(sheet: str) -> str:
    path = finders.find(f"dsfr/dist/{sheet}")
    if not path:
        raise CommandError("Le paquet django-dsfr n’est pas installé.")
    above = "../dsfr/dist" / Path(sheet).parent
    return _URL.sub(lambda url: f"url({_joined(above, url[1])})", Path(path).read_text())


def _joined(above: Path, address: str) -> str:
    """Without the steps back in the middle, which only one of the two sheets has."""
    return re.sub(r"/\w+/\.\./", "/", f"{above}/{address}")


def kept(css: str, names: set[str]) -> str:
    return "".join(_kept(head.strip(), body, names) for head, body in _RULE.findall(_COMMENT.sub("", css)))


def _kept(head: str, body: str, names: set[str]) -> str:
    if head == "@font-face":
        return _face(body)
    if head.startswith(("@media", "@supports")):
        inner = kept(body, names)
        return f"{head}{{{inner}}}" if inner else ""
    if not head.startswith("@"):
        head = ",".join(selector for selector in _COMMA.split(head) if _may_match(selector, names))
    return f"{head}{{{body}}}" if head else ""


def _may_match(selector: str, names: set[str]) -> bool:
    """Whether every class that an element must have is used; those in ``:not(…)`` and the like are no demand."""
    return all(_is_used(name, names) for name in _CLASS.findall(_ARGUMENTS.sub("", selector)))


def _is_used(name: str, names: set[str]) -> bool:
    return name in names or (not name.startswith(("fr-icon-", "fi-")) and _block(name) in names)


def _face(body: str) -> str:
    face = _FACE.search(body)
    if not face or face[1] not in FRENCH:
        return f"@font-face{{{body}}}"
    french = re.sub(r"src:.*", f'src:url(../fonts/{face[0]}) format("woff2")', body)
    ranges = ((body, OTHER_RANGE), (french, FRENCH_RANGE))
    return "".join(f"@font-face{{{one};unicode-range:{characters}}}" for one, characters in ranges)
