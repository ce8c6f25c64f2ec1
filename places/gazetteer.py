"""The shipped gazetteer: reads INSEE's communes and IGN's outlines into the tables, as often as one likes."""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import Model

from core.text import fold
from places.models import PARIS, Commune, Departement, Region

DATA = Path(__file__).parent / "data"

TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    "989": "Etc/GMT+8",
}
# French Polynesia keeps three times: the Marquesas and the Gambier islands have their own.
TIME_ZONES_OF_COMMUNES = {
    **dict.fromkeys(["98718", "98723", "98731", "98746", "98756", "98757"], "Pacific/Marquesas"),
    "98719": "Pacific/Gambier",
}


def time_zone_of(code: str) -> str:
    """The IANA time zone of the commune with INSEE code ``code``."""
    return TIME_ZONES_OF_COMMUNES.get(code) or TIME_ZONES.get(code[:3], PARIS)


def typographic(name: str) -> str:
    return name.replace("'", "’")


def _properties(name: str) -> list[dict[str, str]]:
    features = json.loads((DATA / "outlines" / name).read_text())["features"]
    return [feature["properties"] for feature in features]


def _communes(regions: set[str], departements: set[str]) -> Iterator[Commune]:
    with gzip.open(DATA / "communes.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Commune(
                code=row["code_insee"],
                name=typographic(row["nom"]),
                folded_name=fold(row["nom"]),
                departement_id=row["departement"] if row["departement"] in departements else None,
                region_id=row["region"] if row["region"] in regions else None,
                population=int(row["population"]) if row["population"] else None,
                postcodes=f" {row['codes_postaux']}" if row["codes_postaux"] else "",
                latitude=float(row["lat"]) if row["lat"] else None,
                longitude=float(row["lon"]) if row["lon"] else None,
                time_zone=time_zone_of(row["code_insee"]),
                kind=row["type"],
            )


@transaction.atomic
def load() -> dict[str, int]:
    """Write all régions, départements and communes, new or changed; the number of rows of each."""
    regions = [Region(code=p["code"], name=typographic(p["nom"])) for p in _properties("regions-10.geojson")]
    departements = [
        Departement(code=p["code"], name=typographic(p["nom"]), region_id=p["region"])
        for p in _properties("departements-10.geojson")
    ]
    communes = list(_communes({r.code for r in regions}, {d.code for d in departements}))
    _upsert(Region, regions)
    _upsert(Departement, departements)
    _upsert(Commune, communes)
    return {"régions": len(regions), "départements": len(departements), "communes": len(communes)}


def _upsert(model: type[Model], rows: Sequence[Model]) -> None:
    names = [field.name for field in model._meta.concrete_fields]
    model._default_manager.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=names[:1], update_fields=names[1:]
    )
