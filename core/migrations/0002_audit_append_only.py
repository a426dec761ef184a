"""The database itself refuses to change the audit log.

A later migration that rebuilds the table on SQLite (AlterField does) loses the triggers: it must end with
this RunPython again. `verify_audit` reports triggers that are missing.
"""

from django.db import migrations

from core import audit_guard


def install(apps, schema_editor):
    audit_guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    audit_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
