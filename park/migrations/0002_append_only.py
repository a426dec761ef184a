"""Reports and readings are never overwritten: the database refuses the UPDATE, whoever asks.

A later migration that rebuilds one of these tables on SQLite (AlterField does) loses its trigger: it must
end with this RunPython again. Removing a row stays possible: an import is taken back as a whole.
"""

from django.db import migrations

from park import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("park", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
