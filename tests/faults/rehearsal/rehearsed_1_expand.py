from django.db import migrations, models

from tests.faults.rehearsal import LAST


class Migration(migrations.Migration):
    dependencies = [("events", LAST)]
    operations = [migrations.AddField("event", "rehearsed", models.CharField(max_length=20, default="", db_default=""))]
