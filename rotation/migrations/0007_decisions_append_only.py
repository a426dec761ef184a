"""The database itself refuses to change what was decided.

A later migration that rebuilds one of these tables on SQLite (AlterField does) loses its triggers: it must
end with this RunPython again.
"""

from django.db import migrations

from rotation import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("rotation", "0006_decisions")]
    operations = [migrations.RunPython(install, remove)]
