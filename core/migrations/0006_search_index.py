"""The index over the search terms, which each database keeps in its own way (core.search.tables)."""

from django.db import migrations

from core.search import tables


def install(apps, schema_editor):
    tables.install(schema_editor.connection)


def remove(apps, schema_editor):
    tables.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0005_search")]
    operations = [migrations.RunPython(install, remove)]
