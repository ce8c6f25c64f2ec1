"""How fast pages are, as ratios to a reference in the same run: ``python -m benchmarks.pages`` on a loaded database.

References: a view that answers a constant; one that reads one row and renders a template; a bare ModelForm that is
fetched and posted. Rounds are interleaved and medians compared, for machines are noisy and ratios less so.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django
from django.test import Client

ROUNDS, REQUESTS = 5, 20


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    work = dict(jobs())
    for job in work.values():
        job()
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, job in work.items():
            begun = time.perf_counter()
            for _ in range(REQUESTS):
                job()
            seconds[name].append((time.perf_counter() - begun) / REQUESTS)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    report(medians)


def jobs() -> list[tuple[str, Callable[[], object]]]:
    from events.models import Edition, Event
    from figures import queries

    client = Client(headers={"accept-encoding": "gzip"})
    edition = max(Edition.objects.all(), key=lambda edition: edition.public_version)
    event = Event.objects.published().filter(edition=edition).latest("pk")
    year = f"edition={edition.year}"

    def get(address: str) -> Callable[[], object]:
        def job() -> None:
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        return job

    def counted() -> None:
        """As after a change: nothing that was kept is for this version."""
        queries.FORMAT_VERSION += 1
        get(f"/chiffres/{edition.year}/")()

    return [
        ("constant", get("/banc/constante")),
        ("row", get(f"/banc/ligne/{event.pk}")),
        ("home", get("/")),
        ("list", get(f"/evenements/?{year}")),
        ("list, words", get(f"/evenements/?{year}&q=fonderie")),
        ("list, région", get(f"/evenements/?{year}&region=28")),
        ("event", get(event.get_absolute_url())),
        ("figures, kept", get(f"/chiffres/{edition.year}/")),
        ("figures, counted", counted),
        ("figures, CSV", get(f"/chiffres/{edition.year}.csv")),
        ("figures, map", get(f"/chiffres/{edition.year}/regions.svg")),
        ("map page", get(f"/carte/?{year}")),
        ("map data, kept", get(f"/carte/evenements.geojson?{year}")),
        ("map data, région", get(f"/carte/evenements.geojson?{year}&region=28")),
    ]


def report(medians: dict[str, float]) -> None:
    out = sys.stdout.write
    out(f"{'page':18}{'ms':>9}{'× constant':>12}{'× row':>8}\n")
    for name, value in medians.items():
        out(f"{name:18}{value * 1000:9.2f}{value / medians['constant']:12.1f}{value / medians['row']:8.2f}\n")


if __name__ == "__main__":
    main()
