from django.db import migrations
from django.db.models import Count

from core.text import fold


def join_doubles(apps, schema_editor):
    """Keep the first organisation of each SIRET, with its own members, and give it the others' events.

    Those who made the others typed a number that was taken: they go on seeing what they applied for, nothing else.
    """
    Organisation = apps.get_model("accounts", "Organisation")
    doubled = Organisation.objects.exclude(siret="").order_by().values("siret").annotate(count=Count("pk"))
    for siret in doubled.filter(count__gt=1).values_list("siret", flat=True):
        kept, *others = Organisation.objects.filter(siret=siret).order_by("pk")
        for other in others:
            move_events(apps, other, kept)
            other.delete()


def move_events(apps, source, target):
    Event = apps.get_model("events", "Event")
    for event in Event.objects.filter(organisation=source).select_related("commune"):
        town = event.commune.name if event.commune else ""
        Event.objects.filter(pk=event.pk).update(
            organisation=target,
            search_text=fold(f"{event.title} {event.description} {target.name} {town}"),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_numbers_and_invitations'),
        ('events', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(join_doubles, migrations.RunPython.noop),
    ]
