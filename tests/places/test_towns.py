"""The towns that a map names where no tile comes."""

import json

import pytest

from places.management.commands import build_towns

pytestmark = pytest.mark.pure


def test_the_file_is_the_one_that_the_gazetteer_makes() -> None:
    is_up_to_date = build_towns.TARGET.read_text() == build_towns.built()

    assert is_up_to_date, "run manage.py build_towns"


def test_the_largest_come_first_and_no_part_of_the_country_is_left_out() -> None:
    towns = json.loads(build_towns.built())

    assert towns["nom"][:3] == ["Paris", "Marseille", "Lyon"]
    assert {"Marvejols", "Saint-Laurent-du-Maroni", "L’Haÿ-les-Roses"} <= set(towns["nom"])
    assert len(towns["nom"]) == len(towns["latitude"]) == len(towns["longitude"])
