"""Requests for corrections are taken all year round until the office says otherwise."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2024, 1, 1)


def open_window(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    windows = apps.get_model("growth", "CorrectionWindow").objects.using(using)
    windows.get_or_create(
        title="全年受理", starts_on=SINCE, defaults={"note": "默认随时受理；可以改为只在规定时间受理"}
    )


class Migration(migrations.Migration):
    dependencies = [("growth", "0005_check_campaigns")]

    operations = [migrations.RunPython(open_window, migrations.RunPython.noop)]
