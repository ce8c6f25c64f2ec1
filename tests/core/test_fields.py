"""Addresses and texts in forms: the fault beside the field, and nothing that a mail server would choke on."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from core.fields import EmailField, TextField

FILE = Path(__file__).parents[1] / "vectors" / "bad_text.json"
VECTORS = {case["id"]: case for case in json.loads(FILE.read_text("utf-8"))}
ADDRESSES = [key for key in VECTORS if key.startswith("email")]
REFUSED = [key for key in ADDRESSES if VECTORS[key]["expect"].startswith("FE")]
KEPT = [key for key in ADDRESSES if VECTORS[key]["expect"].startswith("ESC")]


@pytest.mark.parametrize("key", REFUSED)
def test_an_address_that_no_server_delivers_to_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        EmailField().clean(VECTORS[key]["input"])


@pytest.mark.parametrize("key", KEPT)
def test_an_unusual_but_valid_address_is_kept(key: str) -> None:
    assert EmailField().clean(VECTORS[key]["input"]) == VECTORS[key]["input"]


def test_the_line_end_of_a_pasted_address_is_dropped() -> None:
    assert EmailField().clean(VECTORS["email-002"]["input"]) == "a@b.fr"


def test_an_accent_in_an_address_is_named_as_the_fault() -> None:
    with pytest.raises(ValidationError) as refusal:
        EmailField().clean("rené@exemple.fr")

    assert refusal.value.messages == ["Saisissez une adresse électronique sans accent ni caractère spécial."]


def test_a_name_of_64_characters_before_the_at_sign_is_the_longest() -> None:
    longest = "a" * 64 + "@exemple.fr"

    assert EmailField().clean(longest) == longest
    with pytest.raises(ValidationError):
        EmailField().clean("a" + longest)


def test_an_address_that_is_not_required_may_be_absent() -> None:
    assert EmailField(required=False).clean("") == ""


def test_a_text_is_cleaned_before_its_length_is_counted() -> None:
    assert TextField(max_length=5).clean("\u200b Usine\u202e ") == "Usine"


def test_a_required_text_of_invisible_characters_is_missing() -> None:
    with pytest.raises(ValidationError) as refusal:
        TextField().clean("\u200b\u3164")

    assert refusal.value.messages == ["Ce champ est obligatoire."]


def test_only_a_long_text_keeps_its_lines() -> None:
    assert TextField().clean("a\r\nb") == "a b"
    assert TextField(multiline=True).clean("a\r\nb") == "a\nb"
