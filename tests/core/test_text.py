"""Text as people paste it: what is refused, what is mended, and what must stay untouched."""

import json
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean_text, fold

pytestmark = pytest.mark.pure

FILE = Path(__file__).parents[1] / "vectors" / "bad_text.json"
VECTORS = {case["id"]: case for case in json.loads(FILE.read_text("utf-8"))}
REFUSED = ["title-007", "title-009", "title-015"]
EMPTIED = ["title-001", "title-003", "title-005"]
MENDED = {
    "title-011": "egatsiV",
    "title-013": "Usine x",
    "title-041": "=1",
    "name-001": "Jean Bcc: x@y.z",
    "name-007": "Dupont",
}
ONE_LINE = [key for key in VECTORS if key.startswith(("title", "name"))]
KEPT = [key for key in ONE_LINE if key not in {*REFUSED, *EMPTIED, *MENDED}]


@pytest.mark.parametrize("key", REFUSED)
def test_control_characters_and_piled_up_marks_are_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        clean_text(VECTORS[key]["input"])


@pytest.mark.parametrize("key", EMPTIED)
def test_what_draws_nothing_counts_as_nothing(key: str) -> None:
    assert clean_text(VECTORS[key]["input"]) == ""


@pytest.mark.parametrize(("key", "expected"), MENDED.items())
def test_what_only_misleads_the_eye_is_mended(key: str, expected: str) -> None:
    assert clean_text(VECTORS[key]["input"]) == expected


@pytest.mark.parametrize("key", KEPT)
def test_hostile_but_printable_text_is_kept_as_it_is(key: str) -> None:
    assert clean_text(VECTORS[key]["input"]) == VECTORS[key]["input"]


@pytest.mark.parametrize("key", ["desc-003", "desc-005", "desc-007"])
def test_a_description_keeps_its_lines_and_its_signs(key: str) -> None:
    assert clean_text(VECTORS[key]["input"], multiline=True) == VECTORS[key]["input"]


@pytest.mark.parametrize("code", [0x00, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0x9F, 0xD800, 0xFDD0, 0xFFFE, 0xFFFF])
@pytest.mark.parametrize("multiline", [False, True])
def test_no_character_that_breaks_xml_or_postgresql_is_let_through(code: int, multiline: bool) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_text(f"a{chr(code)}b", multiline=multiline)

    assert refusal.value.messages == ["Ce texte contient un caractère de contrôle interdit. Retirez-le."]


def test_three_marks_on_a_letter_are_a_language_and_four_are_a_prank() -> None:
    three = "q" + "\u0323\u0307\u0301"

    assert clean_text(three) == unicodedata.normalize("NFC", three)
    with pytest.raises(ValidationError) as refusal:
        clean_text(three + "\u0302")
    assert refusal.value.messages == ["Ce texte superpose trop de signes sur une même lettre."]


def test_marks_on_different_letters_do_not_add_up() -> None:
    text = unicodedata.normalize("NFD", "éèêëàâäîïôöùûüç")

    assert clean_text(text) == "éèêëàâäîïôöùûüç"


def test_decomposed_letters_are_composed() -> None:
    assert clean_text("E\u0301te\u0301") == "Été"


@pytest.mark.parametrize("separator", ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\t"])
def test_one_line_stays_one_line_whatever_parts_it(separator: str) -> None:
    assert clean_text(f"Usine{separator}ouverte") == "Usine ouverte"


@pytest.mark.parametrize("separator", ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"])
def test_every_line_end_becomes_a_line_feed_in_a_long_text(separator: str) -> None:
    assert clean_text(f"Usine{separator}ouverte", multiline=True) == "Usine\nouverte"


def test_a_long_text_keeps_its_paragraphs_and_loses_their_surplus() -> None:
    assert clean_text("\n\nUn  \nDeux\n\n\n\n\nTrois\t\n", multiline=True) == "Un\nDeux\n\nTrois"


def test_french_no_break_spaces_are_kept() -> None:
    assert clean_text("«\u00a0Été\u00a0»\u202f!") == "«\u00a0Été\u00a0»\u202f!"


@pytest.mark.parametrize("blank", ["\u00a0\u202f", "\u200d", "\u2800", "\ufe0f", "\u115f\u1160", " \u00ad "])
def test_blank_letters_alone_are_an_empty_text(blank: str) -> None:
    assert clean_text(blank) == ""


def test_an_emoji_made_of_several_stays_whole() -> None:
    assert clean_text("👩\u200d🏭 soudeuse") == "👩\u200d🏭 soudeuse"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for multiline in (False, True):
        try:
            once = clean_text(text, multiline=multiline)
        except ValidationError:
            continue
        assert clean_text(once, multiline=multiline) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("St-Étienne-de-l’Œuvre", "saint etienne de l oeuvre"),
        ("Saint Etienne de l'oeuvre", "saint etienne de l oeuvre"),
        ("Ste Marie", "sainte marie"),
        ("L’HAŸ-LES-ROSES", "l hay les roses"),
        ("Stains", "stains"),
        ("Ex æquo", "ex aequo"),
        ("  75 001  ", "75 001"),
        ("Caf\u00e9", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("\uff11\uff12 \ufb01lières", "12 filieres"),
        ("Straße", "strasse"),
        ("%_'\\", ""),
        ("日本", ""),
        ("", ""),
    ],
)
def test_texts_that_a_reader_takes_for_the_same_fold_alike(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text())
def test_a_folded_text_holds_only_plain_words(text: str) -> None:
    folded = fold(text)

    assert folded == fold(folded)
    assert folded == " ".join(folded.split())
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
