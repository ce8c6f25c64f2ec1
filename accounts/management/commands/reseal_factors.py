"""``manage.py reseal_factors``: after a change of SECRET_KEY, so that second factors need the old one no more."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import mfa


class Command(BaseCommand):
    help = "Seal the stored secrets of second factors anew by the SECRET_KEY of today."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed, lost = mfa.reseal()
        self.stdout.write(f"{sealed} secrets sealed by the key of today.")
        if lost:
            self.stdout.write(f"{lost} open by no key known: their owners set up another factor.")
