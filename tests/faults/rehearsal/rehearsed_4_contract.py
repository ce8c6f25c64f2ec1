from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "rehearsed_3_index")]
    operations = [
        migrations.RemoveConstraint("event", "never_rehearsed"),
        migrations.RemoveIndex("event", "rehearsed"),
        migrations.RemoveField("event", "rehearsed"),
    ]
