"""Words as a search compares them: which are one, which are left out, and where they stand."""

import pytest

from core.words import LONGEST, spellings, stem, stems, words


@pytest.mark.parametrize(
    "family",
    [
        "industriel industrielle industriels industrielles",
        "cheval chevaux",
        "materiau materiaux",
        "travail travaux",
        "bureau bureaux",
        "metier metiers",
        "soudeur soudeuse soudeurs soudeuses",
        "directeur directrice directrices",
        "technicien technicienne techniciennes",
        "local locale locaux locales",
        "soude soudee soudees souder",
        "visite visites visiter",
        "presse presses",
        "ouvrier ouvriere ouvrieres",
        "piece pieces",
        "jeu jeux",
    ],
)
def test_singular_and_plural_masculine_and_feminine_are_one(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["robot robotique", "industrie industriel", "4 40", "bus but", "gaz gare", "fonderie fondre"]
)
def test_other_words_stay_apart(pair: str) -> None:
    assert len({stem(word) for word in pair.split()}) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’usine du Havre", ["usin", "havr"]),
        ("SAINT-ÉTIENNE, St Etienne", ["saint", "etien"]),
        ("cœur de l'œuvre", ["coeur", "oeuvr"]),
        ("Industrie 4.0 : 5G", ["industri", "4", "0", "5g"]),
        ("le la les de du", []),
        ("« ? » — !", []),
        ("e\u0301tabli", ["etabli"]),
        ("Ж你好", []),
    ],
)
def test_a_text_is_read_as_words(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_a_word_knows_where_it_stands() -> None:
    text = "Visite à Saint-Étienne"

    assert [(word.folded, text[word.start : word.end]) for word in words(text)] == [
        ("visite", "Visite"),
        ("a", "à"),
        ("saint", "Saint"),
        ("etienne", "Étienne"),
    ]


def test_spellings_keep_accents_and_leave_out_what_nobody_mistypes() -> None:
    assert spellings("Mécanique de l’AIR, 2024 pièces") == {"mecanique": "mécanique", "pieces": "pièces"}


def test_a_string_of_letters_is_cut() -> None:
    assert stems("b" * 4000) == ["b" * (LONGEST - 1)]
