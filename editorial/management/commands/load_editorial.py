"""``manage.py load_editorial``: what an installation begins with beside the events; run again, it adds nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from editorial.correspondents import name_services
from editorial.first import load_resources
from editorial.models import Resource


class Command(BaseCommand):
    help = "Names the correspondent of each région that has none, and publishes the first resources if there is none."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        services = name_services()
        # A resource that an editor deleted is not brought back.
        resources = 0 if Resource.objects.exists() else load_resources()
        if options["verbosity"]:
            self.stdout.write(f"{services} correspondants nommés, {resources} ressources publiées.")
