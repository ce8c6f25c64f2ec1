"""What a search by words reads, with the index that each database has for it; filled by the next migration."""

import django.db.models.deletion
from django.db import migrations, models

# On SQLite a full-text table that holds no text of its own, and triggers that keep it true whoever writes.
_CREATE = {
    "sqlite": [
        """
        CREATE VIRTUAL TABLE events_searchindex USING fts5(
            stems, content='events_searchentry', content_rowid='event_id', tokenize='ascii', detail='none'
        )
        """,
        """
        CREATE TRIGGER events_searchentry_added AFTER INSERT ON events_searchentry BEGIN
            INSERT INTO events_searchindex(rowid, stems) VALUES (new.event_id, new.stems);
        END
        """,
        """
        CREATE TRIGGER events_searchentry_removed AFTER DELETE ON events_searchentry BEGIN
            INSERT INTO events_searchindex(events_searchindex, rowid, stems) VALUES ('delete', old.event_id, old.stems);
        END
        """,
        """
        CREATE TRIGGER events_searchentry_changed AFTER UPDATE ON events_searchentry BEGIN
            INSERT INTO events_searchindex(events_searchindex, rowid, stems) VALUES ('delete', old.event_id, old.stems);
            INSERT INTO events_searchindex(rowid, stems) VALUES (new.event_id, new.stems);
        END
        """,
    ],
    "postgresql": [
        "CREATE INDEX events_searchindex ON events_searchentry"
        " USING gin (array_to_tsvector(string_to_array(stems, ' ')))"
    ],
}
_DROP = {
    "sqlite": [
        "DROP TRIGGER events_searchentry_added",
        "DROP TRIGGER events_searchentry_removed",
        "DROP TRIGGER events_searchentry_changed",
        "DROP TABLE events_searchindex",
    ],
    "postgresql": ["DROP INDEX events_searchindex"],
}


def create_index(apps, schema_editor):
    for statement in _CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


def drop_index(apps, schema_editor):
    for statement in _DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0006_reports_and_points'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='events.event')),
                ('stems', models.TextField()),
            ],
            options={
                'verbose_name': 'entrée de l’index de recherche',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folded', models.CharField(max_length=40)),
                ('spelling', models.CharField(max_length=40)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.edition')),
            ],
            options={
                'verbose_name': 'mot de l’index de recherche',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('edition', 'folded'), name='a_word_once_in_an_edition')],
            },
        ),
        migrations.RunPython(create_index, drop_index),
    ]
