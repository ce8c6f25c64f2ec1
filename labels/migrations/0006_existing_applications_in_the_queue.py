"""Applications filed before the queue had columns of its own get them; doubts are read at each one's next move."""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Least


def fill(apps, schema_editor):
    Application = apps.get_model("labels", "Application")
    Event = apps.get_model("events", "Event")
    Revision = apps.get_model("labels", "Revision")
    event = Event.objects.filter(pk=OuterRef("event"))
    pending = Revision.objects.filter(application=OuterRef("pk"), state="pending")
    Application.objects.update(region=Subquery(event.values("region")[:1]))
    revised = Application.objects.filter(state="approved", revisions__state="pending")
    Application.objects.filter(pk__in=revised.values("pk")).update(
        promised_on=Subquery(pending.values("promised_on")[:1])
    )
    # LEAST of a null is null on SQLite alone: a missing date gives way to the other.
    starts_on = Coalesce(Subquery(event.values("starts_on")[:1]), "promised_on")
    waiting = Application.objects.filter(state="submitted") | Application.objects.filter(pk__in=revised.values("pk"))
    Application.objects.filter(pk__in=waiting.values("pk")).update(due_on=Least("promised_on", starts_on))


class Migration(migrations.Migration):
    dependencies = [("labels", "0005_the_examiners_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
