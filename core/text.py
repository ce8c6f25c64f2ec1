"""Text as people type it, made safe to store and comparable: the one place where text is cleaned."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Bidirectional controls, zero-width characters and byte-order marks; the zero-width joiner stays (emoji, Persian).
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_LINE_SEPARATORS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# What no XML 1.0 document (RSS, XLSX) and no PostgreSQL text may hold, tabs and line feeds apart.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Letters that draw nothing: a title made of them alone looks empty.
_BLANK_LETTERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0\u200d\ufe0e\ufe0f]")
_MARKS_IN_A_ROW = 3
_SAINT = {"st": "saint", "ste": "sainte"}


def clean_text(text: str, *, multiline: bool = False) -> str:
    """``text`` in NFC without invisible characters, trimmed; line breaks become spaces unless ``multiline``.

    Raises ValidationError for control characters and for more than three combining marks in a row.
    """
    if _FORBIDDEN.search(text):
        raise ValidationError("Ce texte contient un caractère de contrôle interdit. Retirez-le.", code="control")
    text = _LINE_SEPARATORS.sub("\n", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MARKS_IN_A_ROW:
            raise ValidationError("Ce texte superpose trop de signes sur une même lettre.", code="marks")
    if multiline:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n")))
    else:
        text = re.sub(r"[\n\t]+", " ", text)
    text = text.strip()
    return "" if not _BLANK_LETTERS.sub("", text).strip() else text


def fold(text: str) -> str:
    """``text`` for comparison: no accents, lower case, words parted by single spaces, « St » written out.

    >>> fold("St-Étienne-de-l’Œuvre")
    'saint etienne de l oeuvre'
    """
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    words = re.sub(r"[^0-9a-z]+", " ", plain).split()
    return " ".join(_SAINT.get(word, word) for word in words)
