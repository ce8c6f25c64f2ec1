"""``manage.py seed_demo``: the demonstration's data, the same at each loading, never on a production configuration."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from demo import applications, editions, editorial, events, pictures
from events.models import Event
from labels.models import Application
from places.models import Commune


class Command(BaseCommand):
    help = "Loads editions, events, applications and sign-ins for a demonstration, once."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Refusé : cette configuration est celle d’un site en production (DEMO=0).")
        if Application.objects.exists():
            self.stdout.write("Les données de démonstration sont déjà chargées.")
            return
        if not Commune.objects.exists():
            call_command("load_places", stdout=self.stdout)
        call_command("make_groups", stdout=self.stdout)
        edition = editions.load(timezone.localdate())
        accounts = applications.make_accounts()
        count = events.load(accounts["national@demo.example"])
        count += applications.load(edition, accounts)
        editorial.load()
        pictures.load(Event.objects.filter(edition=edition).held().order_by("pk")[:3])
        self.stdout.write(f"{count} événements de démonstration, demandes ouvertes pour {edition}.")
