from typing import Any

from django.db import migrations

BATCH = 5_000


def fill(apps: Any, schema_editor: Any) -> None:
    """By batches, each its own transaction: no row is held for long."""
    events = apps.get_model("events", "Event").objects
    last = events.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, last + 1, BATCH):
        events.filter(pk__gte=start, pk__lt=start + BATCH).update(rehearsed="fait")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "rehearsed_1_expand")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
