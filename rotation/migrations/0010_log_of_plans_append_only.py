"""The log of plans is guarded like what was decided: all triggers are installed again."""

from django.db import migrations

from rotation import append_only


def install(apps, schema_editor):
    append_only.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("rotation", "0009_drafting")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
