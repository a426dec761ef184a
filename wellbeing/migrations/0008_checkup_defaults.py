"""Who goes to the checkup to begin with, and how long inspections are kept; the office changes both."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2024, 1, 1)


def open_rules(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    rules = apps.get_model("wellbeing", "CheckupRule").objects.using(using)
    rules.get_or_create(
        name="在职干部",
        starts_on=SINCE,
        defaults={"frequency": "1", "source": "在职干部每年体检一次，可按本地规定分年龄调整"},
    )
    kept = apps.get_model("wellbeing", "RetentionRule").objects.using(using)
    kept.get_or_create(
        kind="inspections",
        starts_on=SINCE,
        defaults={"years": 5, "source": "最短必要期限，可按本地规定调整"},
    )


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0007_checkups_and_decisions")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
