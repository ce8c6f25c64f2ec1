"""``manage.py make_groups``: the staff's groups with the permissions that ``labels.permissions`` lists."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from labels.permissions import GROUPS


class Command(BaseCommand):
    help = "Creates or corrects the groups of staff."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        for name, names in GROUPS.items():
            if missing := names - known.keys():
                raise CommandError(f"{name}: no permission {', '.join(sorted(missing))}")
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set([known[permission] for permission in names])
            self.stdout.write(f"{name}: {len(names)} permissions")
