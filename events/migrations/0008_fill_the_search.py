"""Events published already are found by the search too: a thousand at a time, each thousand in its own transaction."""

from itertools import islice

from django.db import migrations

from core.words import LONGEST, spellings, stems

_READ = ("pk", "edition_id", "title", "description", "organisation__name", "commune__name")


def fill(apps, schema_editor):
    events = apps.get_model("events", "Event").objects.filter(published_at__isnull=False, revoked_at__isnull=True)
    # Read at once, so that no transaction holds a cursor: on SQLite it would hide the rows from its own writes.
    rows = iter(list(events.order_by("pk").values_list(*_READ)))
    while batch := list(islice(rows, 1000)):
        _write(apps, batch)


def _write(apps, rows):
    entry, word = apps.get_model("events", "SearchEntry"), apps.get_model("events", "SearchWord")
    texts = {pk: (edition, "\n".join(part or "" for part in parts)) for pk, edition, *parts in rows}
    known = set(entry.objects.filter(event__in=texts).values_list("event", flat=True))
    entry.objects.bulk_create(
        [
            entry(event_id=pk, stems=" ".join(stems(text)))
            for pk, (_, text) in texts.items()
            if pk not in known
        ]
    )
    found = {(edition, folded): spelling for edition, text in texts.values() for folded, spelling in spellings(text).items()}
    word.objects.bulk_create(
        [
            word(edition_id=edition, folded=folded, spelling=spelling[:LONGEST])
            for (edition, folded), spelling in sorted(found.items())
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0007_search")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
