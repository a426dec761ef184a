"""Overlaps and changes of the log are refused by the database; and the rule to begin with (domain.md 2.3).

A later migration that rebuilds one of these tables on SQLite (AlterField does) loses its triggers: it must
end with the first operation again.
"""

from datetime import date
from typing import Any

from django.db import migrations

from rotation import guards

SINCE = date(2020, 1, 1)
SOURCE = "参照《贵州省挂职干部管理办法》：乡科级40岁、县处级45岁、厅局级50岁以下，大学本科以上；挂职不超过3年"


def install(apps: Any, schema_editor: Any) -> None:
    guards.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    guards.remove(schema_editor.connection)


def open_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("rotation", "SecondmentRule").objects.using(schema_editor.connection.alias)
    rules.get_or_create(starts_on=SINCE, defaults={"source": SOURCE})


class Migration(migrations.Migration):
    dependencies = [("rotation", "0004_secondments")]

    operations = [
        migrations.RunPython(install, remove),
        migrations.RunPython(open_rule, migrations.RunPython.noop),
    ]
