"""Drawings that stand alone and in a page: the look is in attributes, which a page's style sheet may override by class.

Text is escaped by the writer of XML. Each drawing says in words what it shows: a title, a description.
"""

import re
from collections.abc import Sequence
from textwrap import wrap
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
MARGIN, HEADING, NOTE = 40, 28, 20
# Of a letter, on average, in units of its size.
WIDEST = 0.6


def drawing(name: str, title: str, description: str, width: int, height: int) -> Drawing:
    """An empty one, ``width`` by ``height`` units; ``name`` tells its ids from those of a page's other drawings."""
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "aria-labelledby": f"{name}-titre",
            "aria-describedby": f"{name}-texte",
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
    above, below = _wrapped([heading], width, HEADING), _wrapped(notes, width, NOTE)
    top = MARGIN + len(above) * HEADING * 3 // 2 + NOTE
    bottom = top + height + NOTE + len(below) * NOTE * 3 // 2 + MARGIN
    whole = drawing("feuille", heading, " ".join(notes), width + 2 * MARGIN, bottom)
    add(whole, "rect", look="paper", width="100%", height="100%")
    _write(whole, above, MARGIN, "strong", HEADING)
    root.attrib.update(x=str(MARGIN), y=str(top), width=str(width), height=str(height))
    whole.append(root)
    _write(whole, below, top + height + NOTE, "quiet", NOTE)
    text: str = ET.tostring(whole, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _wrapped(texts: Sequence[str], width: int, size: int) -> list[str]:
    """In lines that hold in ``width`` whatever the letters: the reader may lack the font that was meant."""
    return [line for text in texts for line in wrap(text, int(width / size / WIDEST))]


def _write(root: Drawing, lines: Sequence[str], top: int, look: str, size: int) -> None:
    for rank, line in enumerate(lines):
        add(root, "text", line, look=look, x=MARGIN, y=top + rank * size * 3 // 2 + size, font_size=size)
