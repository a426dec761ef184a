"""When check-in opens, counts as late and closes, unless a slot says otherwise."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2023, 1, 1)  # as the hour rules, so that every slot of the register has a rule


def open_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("training", "SlotRule").objects.using(schema_editor.connection.alias)
    rules.get_or_create(starts_on=SINCE, defaults={"source": "系统默认，可按本单位规定修改"})


class Migration(migrations.Migration):
    dependencies = [("training", "0007_default_need_weights")]

    operations = [migrations.RunPython(open_rule, migrations.RunPython.noop)]
