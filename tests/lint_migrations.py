"""``python -m tests.lint_migrations``: no migration of ours breaks or locks the version that still runs beside it.

Meant for PostgreSQL: on SQLite the linter takes rebuilt tables for columns made NOT NULL.

It warns of indexes made in a migration (accounts 0003, labels 0003): they lock organisations and applications, some
thousands of rows, for a few milliseconds, which is no outage.
"""

import os
import sys

import django
from django.conf import settings
from django_migration_linter import MigrationLinter

# Two organisations of one SIRET are refused from here on, the doubles having been joined by the migration before it;
# a varchar that widens is a line of PostgreSQL's catalogue, and the version before never writes what is longer.
MEANT = ["0005_one_organisation_a_number", "0012_label_numbers_of_more_digits"]

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")
    django.setup()
    apps = ["core", "places", "accounts", "events", "labels", "maps", "pages"]
    linter = MigrationLinter(
        str(settings.BASE_DIR), include_apps=apps, ignore_name=MEANT, no_cache=True, quiet=["ok", "ignore"]
    )
    linter.lint_all_migrations()
    linter.print_summary()
    sys.exit(linter.has_errors)
