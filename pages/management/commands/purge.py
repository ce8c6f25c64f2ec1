"""Erase what the portal kept as long as it may: by default only told, done with ``--yes``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pages import purge


class Command(BaseCommand):
    help = "Dit ce qui a dépassé sa durée de conservation ; l’efface avec --yes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="effacer, au lieu de seulement compter")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = purge.run() if options["yes"] else purge.foresee()
        self.stdout.write("Effacé :" if options["yes"] else "À effacer (rien n’est changé ; --yes pour effacer) :")
        for line in lines:
            self.stdout.write(f"{line.count:>8}  {_told(line)}")
        if failed := [line.retention.what for line in lines if line.failed]:
            raise CommandError(f"La purge s’est arrêtée en chemin (voir le journal) : {', '.join(failed)}.")


def _told(line: purge.Line) -> str:
    """What, for how long, and the day before which what ended is due."""
    before = timezone.localdate() - line.retention.kept
    return f"{line.retention.what} – {line.retention.words} (avant le {before:%d/%m/%Y})"
