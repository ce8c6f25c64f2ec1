"""``manage.py index_events``: the index of the search made anew, while the portal serves; may be run again."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from events.models import Event, SearchEntry, SearchWord

BATCH = 500


class Command(BaseCommand):
    help = "Refait l’index de recherche des événements publiés, par lots, sans interrompre le service."

    def handle(self, *args: Any, **options: Any) -> None:
        SearchWord.objects.all().delete()
        SearchEntry.objects.exclude(event__in=Event.objects.published()).delete()
        keys = iter(list(Event.objects.published().order_by("pk").values_list("pk", flat=True)))
        count = 0
        while batch := list(islice(keys, BATCH)):
            count += self._keep(batch)
        self.stdout.write(f"{count} événements publiés dans l’index de recherche.")

    @transaction.atomic
    def _keep(self, keys: list[int]) -> int:
        """Held while they are written: an event that changes meanwhile is indexed after its change."""
        events = Event.objects.published().select_for_update(of=["self"]).filter(pk__in=keys)
        found = list(events.select_related("organisation", "commune"))
        SearchEntry.objects.keep(found)
        return len(found)
