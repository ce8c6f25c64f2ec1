"""The groups of staff, so that a new installation has them; ``make_groups`` corrects them after each upgrade."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from labels.permissions import GROUPS, make_groups


def make(apps, schema_editor):
    # Django creates permissions after the last migration: too late for this one.
    for label in sorted({name.partition(".")[0] for names in GROUPS.values() for name in names}):
        create_permissions(installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)
    make_groups()


class Migration(migrations.Migration):
    dependencies = [
        ("labels", "0006_existing_applications_in_the_queue"),
        ("accounts", "0006_audit_log"),
        ("core", "0003_what_a_mail_is_about"),
        ("events", "0004_pictures"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
