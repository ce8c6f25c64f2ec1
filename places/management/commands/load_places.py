"""``manage.py load_places``: the régions, départements and communes of the shipped files; may be run again."""

from typing import Any

from django.core.management.base import BaseCommand

from places import gazetteer


class Command(BaseCommand):
    help = "Loads régions, départements and communes from places/data."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = gazetteer.load()
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
