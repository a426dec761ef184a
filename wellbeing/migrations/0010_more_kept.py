"""How long the remaining personal tables of the room are kept; the office changes it on the page 保存期限."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2024, 1, 1)
SHORTEST = "最短必要期限，可按本地规定调整"
KEPT = (
    ("checkups", 5, SHORTEST),
    ("recreation", 2, SHORTEST),
    ("consents", 3, "个人信息保护法第五十六条：处理情况记录至少保存三年"),
    ("holds", 5, SHORTEST),
)


def open_rules(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    kept = apps.get_model("wellbeing", "RetentionRule").objects.using(using)
    for kind, years, source in KEPT:
        kept.get_or_create(kind=kind, starts_on=SINCE, defaults={"years": years, "source": source})


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0009_revoked_and_kept")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
