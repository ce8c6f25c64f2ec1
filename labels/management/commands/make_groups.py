"""``manage.py make_groups``: the staff's groups with the permissions that ``labels.permissions`` lists."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labels.permissions import make_groups


class Command(BaseCommand):
    help = "Creates or corrects the groups of staff."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            groups = make_groups()
        except KeyError as error:
            raise CommandError(f"No permission {error}: run manage.py migrate first.") from error
        for name, count in groups.items():
            self.stdout.write(f"{name}: {count} permissions")
