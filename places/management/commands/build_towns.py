"""``manage.py build_towns``: the towns that a map names where no tile comes, from the gazetteer of this folder."""

import csv
import gzip
import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from places.gazetteer import DATA, typographic

TARGET = DATA / "outlines" / "villes.json"
# Every town of so many people, and the largest commune of each square of so many degrees: no view is without a name.
LARGE = 10_000
SQUARE = 0.1


class Command(BaseCommand):
    help = "Écrit places/data/outlines/villes.json, soit les villes que la carte nomme quand les tuiles n’arrivent pas."

    def handle(self, *args: Any, **options: Any) -> None:
        TARGET.write_text(built())
        self.stdout.write(f"{TARGET.name}, {TARGET.stat().st_size} octets")


def built() -> str:
    """Names, latitudes and longitudes in thousandths of a degree, the largest town first."""
    towns = list(_chosen())
    columns = {
        "nom": [typographic(row["nom"]) for row in towns],
        "latitude": [round(float(row["lat"]) * 1000) for row in towns],
        "longitude": [round(float(row["lon"]) * 1000) for row in towns],
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")) + "\n"


def _chosen() -> Iterator[dict[str, str]]:
    """Paris, Lyon and Marseille as cities, not by their arrondissements."""
    with gzip.open(DATA / "communes.csv.gz", "rt", encoding="utf-8") as file:
        placed = [row for row in csv.DictReader(file) if row["type"] == "C" and row["lat"] and row["population"]]
    named = set()
    for row in sorted(placed, key=lambda row: (-int(row["population"]), row["code_insee"])):
        square = (float(row["lat"]) // SQUARE, float(row["lon"]) // SQUARE)
        if int(row["population"]) >= LARGE or square not in named:
            yield row
        named.add(square)
