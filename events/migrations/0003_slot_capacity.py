"""Places are counted by slot: what an event had in all goes to its one slot, or is shared between its slots."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def share(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    slots = []
    events = apps.get_model("events", "Event").objects.filter(capacity__isnull=False)
    for event in events.prefetch_related("slots").iterator(chunk_size=1000):
        of_event = list(event.slots.all())
        for rank, slot in enumerate(of_event):
            # At least one: a slot without any place is none.
            slot.capacity = max(1, event.capacity // len(of_event) + (rank < event.capacity % len(of_event)))
        slots += of_event
    apps.get_model("events", "Slot").objects.bulk_update(slots, ["capacity"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("events", "0002_lists")]
    operations = [
        migrations.AddField(
            model_name="slot",
            name="capacity",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="nombre de places"),
        ),
        migrations.AlterField(
            model_name="event",
            name="capacity",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="nombre de places"),
        ),
        migrations.RunPython(share, migrations.RunPython.noop),
    ]
