"""One rule to begin with; the office changes it on the page 提醒规则."""

from datetime import date
from typing import Any

from django.db import migrations

NOTE = "初始设置，可按本单位的做法修改"


def open_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("people", "ReminderRule").objects.using(schema_editor.connection.alias)
    if not rules.exists():
        rules.create(starts_on=date(2023, 1, 1), days_before=3, head_after=3, leader_after=7, note=NOTE)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_reminder_rules")]

    operations = [migrations.RunPython(open_rule, migrations.RunPython.noop)]
