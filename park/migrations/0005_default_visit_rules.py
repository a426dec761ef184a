"""How often enterprises are visited and what the 亩均 grades are called, to begin with."""

from datetime import date
from typing import Any

from django.db import migrations

SOURCE = "系统默认：企业每月走访一次，重点企业每半月走访一次"
SINCE = date(2020, 1, 1)
GRADES = (
    ("A", "优先发展", "要素保障优先"),
    ("B", "鼓励提升", "支持提档升级"),
    ("C", "监管调控", "限期规范转型"),
    ("D", "落后整治", "差别化要素价格，倒逼整治"),
)


def open_rules(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    rules = apps.get_model("park", "VisitRule").objects.using(alias)
    for key, days in ((False, 31), (True, 15)):
        rules.get_or_create(
            for_key_enterprises=key, starts_on=SINCE, defaults={"every_days": days, "source": SOURCE}
        )
    labels = apps.get_model("park", "GradeLabel").objects.using(alias)
    for order, (code, name, meaning) in enumerate(GRADES, start=1):
        labels.get_or_create(code=code, defaults={"name": name, "meaning": meaning, "display_order": order})


class Migration(migrations.Migration):
    dependencies = [("park", "0004_headings")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
