"""Drawings that stand alone and in a page: the look is in attributes, which a page's style sheet may override by class.

Text is escaped by the writer of XML. Each drawing says in words what it shows: a title, a description.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

Drawing = ET.Element
INK, QUIET, BLUE, PALE, LINE = "#161616", "#666666", "#000091", "#e3e3fd", "#929292"
LOOKS: dict[str, dict[str, str]] = {
    "text": {"fill": INK},
    "strong": {"fill": INK, "font-weight": "700"},
    "quiet": {"fill": QUIET},
    # Written over a map: an edge of the paper's colour keeps it readable on any shade.
    "over": {"fill": INK, "font-weight": "700", "stroke": "#ffffff", "stroke-width": "6", "paint-order": "stroke"},
    "bar": {"fill": BLUE},
    "groove": {"fill": "#eeeeee"},
    "grid": {"stroke": "#dddddd", "stroke-width": "1"},
    "axis": {"stroke": LINE, "stroke-width": "2"},
    "curve": {"stroke": BLUE, "stroke-width": "4", "fill": "none", "stroke-linejoin": "round"},
    "curve-of-before": {"stroke": QUIET, "stroke-width": "3", "fill": "none", "stroke-linejoin": "round"},
    "paper": {"fill": "#ffffff"},
    "hatch": {"stroke": LINE, "stroke-width": "4"},
    "step-0": {"fill": "url(#hachures)", "stroke": LINE, "stroke-width": "2"},
    **{
        f"step-{rank}": {"fill": shade, "stroke": "#ffffff", "stroke-width": "2"}
        for rank, shade in enumerate(("#ececfe", "#cacafb", "#aaaaf6", "#8585f6", "#6a6af4"), start=1)
    },
}
_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MARGIN, LINE_HEIGHT, HEADING = 40, 34, 60


def drawing(name: str, title: str, description: str, width: int, height: int) -> Drawing:
    """An empty one, ``width`` by ``height`` units; ``name`` tells its ids from those of a page's other drawings."""
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "aria-labelledby": f"{name}-titre {name}-texte",
            "class": "chart",
            "font-family": "Marianne, Arial, sans-serif",
        },
    )
    add(root, "title", title, id=f"{name}-titre")
    add(root, "desc", description, id=f"{name}-texte")
    return root


def add(parent: Drawing, tag: str, text: str = "", *, look: str = "", **attributes: str | float) -> Drawing:
    """An element in ``parent``; ``look`` is one of ``LOOKS``, and underscores of names stand for hyphens."""
    written = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    named = {"class": f"chart__{look}"} if look else {}
    element = ET.SubElement(parent, tag, {**LOOKS.get(look, {}), **named, **written})
    if text:
        element.text = _REFUSED.sub("", text)
    return element


def inline(root: Drawing) -> SafeString:
    """For a page of HTML."""
    return SafeString(ET.tostring(root, encoding="unicode"))


def standalone(root: Drawing, heading: str, notes: Sequence[str]) -> bytes:
    """A file that needs nothing else: the drawing on white paper, under its heading and above its notes."""
    width, height = map(int, root.attrib["viewBox"].split()[2:])
    whole = drawing("feuille", heading, " ".join(notes), width + 2 * MARGIN, height + _around(notes))
    add(whole, "rect", look="paper", width="100%", height="100%")
    add(whole, "text", heading, look="strong", x=MARGIN, y=MARGIN + 20, font_size=30)
    root.attrib.update(x=str(MARGIN), y=str(MARGIN + HEADING), width=str(width), height=str(height))
    whole.append(root)
    for rank, note in enumerate(notes, start=1):
        y = MARGIN + HEADING + height + rank * LINE_HEIGHT
        add(whole, "text", note, look="quiet", x=MARGIN, y=y, font_size=20)
    text: str = ET.tostring(whole, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _around(notes: Sequence[str]) -> int:
    return 2 * MARGIN + HEADING + len(notes) * LINE_HEIGHT
