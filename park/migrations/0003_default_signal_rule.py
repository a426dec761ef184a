"""The lights as domain.md 5 has them, to begin with; the office changes them on the page 亮灯规则."""

from datetime import date
from typing import Any

from django.db import migrations

SOURCE = "系统默认：逾期红、滞后 10 个百分点黄、7 天内到期蓝"
SINCE = date(2020, 1, 1)


def open_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("park", "SignalRule").objects.using(schema_editor.connection.alias)
    rules.get_or_create(
        starts_on=SINCE, defaults={"due_soon_days": 7, "behind_margin": 10, "source": SOURCE}
    )


class Migration(migrations.Migration):
    dependencies = [("park", "0002_append_only")]

    operations = [migrations.RunPython(open_rule, migrations.RunPython.noop)]
