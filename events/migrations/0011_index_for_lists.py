"""What lists sort by while the edition lasts, whether an event is over, stands in the index that they read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_attempts_of_a_second_factor'),
        ('events', '0010_search_lexemes'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['edition', 'starts_on', 'id', 'ends_on', 'published_at', 'revoked_at'], name='events_even_edition_2e449f_idx'),
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='events_even_edition_1b459d_idx',
        ),
    ]
