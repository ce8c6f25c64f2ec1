from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "rehearsed_2_fill")]
    operations = [
        AddIndexConcurrently("event", models.Index(fields=["rehearsed"], name="rehearsed")),
        AddConstraintNotValid(
            "event", models.CheckConstraint(condition=~models.Q(rehearsed="jamais"), name="never_rehearsed")
        ),
        ValidateConstraint("event", "never_rehearsed"),
    ]
