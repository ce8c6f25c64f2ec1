"""On PostgreSQL the database itself refuses to change the log, or to erase what is younger than a year.

Not on SQLite, whose emptying of a table (``flush``) is row by row: see docs/decisions/.
"""

from django.db import migrations

# An account that is erased leaves its entries without it: the one change that is let through.
_CREATE = """
CREATE FUNCTION accounts_auditentry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '365 days' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'An audit entry is kept for a year.';
    END IF;
    OLD.by_id := NULL;
    IF NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'An audit entry is written once.';
END
$$;
CREATE TRIGGER accounts_auditentry_is_kept BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_auditentry_is_kept();
"""
_DROP = """
DROP TRIGGER IF EXISTS accounts_auditentry_is_kept ON accounts_auditentry;
DROP FUNCTION IF EXISTS accounts_auditentry_is_kept();
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CREATE, None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_DROP, None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_audit_log")]
    operations = [migrations.RunPython(create, drop)]
