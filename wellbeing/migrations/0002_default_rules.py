"""Talk rules and retention periods to begin with; the office changes them on the pages 谈话规则 and 保存期限."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2024, 1, 1)
CUSTOM = "机关谈心谈话制度通例（必谈情形）"
# code, talker, days before the event at which it is raised, days after it by which it is due, times a year
RULES = (
    ("joined", "head", 0, 30, 0, CUSTOM),
    ("post_changed", "direct", 0, 30, 0, CUSTOM),
    ("promoted", "vice", 0, 30, 0, CUSTOM),
    ("passed_over", "office", 0, 15, 0, CUSTOM),
    ("secondment_before", "office", 30, -1, 0, CUSTOM),
    ("secondment_mid", "direct", 0, 30, 0, CUSTOM),
    ("secondment_end", "office", 0, 30, 0, CUSTOM),
    ("commended", "head", 0, 30, 0, CUSTOM),
    ("disciplined", "vice", 0, 15, 0, CUSTOM),
    ("appraised", "direct", 0, 120, 0, CUSTOM),
    ("absences", "head", 0, 7, 0, CUSTOM),
    ("key_task_overdue", "vice", 0, 7, 0, CUSTOM),
    ("checkup_missed", "head", 0, 30, 0, CUSTOM),
    ("hardship", "head", 0, 15, 0, CUSTOM),
    ("retiring", "office", 90, 0, 0, CUSTOM),
    ("request", "direct", 0, 15, 0, CUSTOM),
    ("yearly", "direct", 0, 0, 1, "谈心谈话每年不少于 1 次"),
    ("top_with_vice", "top", 0, 0, 12, "主要领导与班子成员每月 1 次"),
    ("top_with_heads", "top", 0, 0, 6, "主要领导与部门负责人每年不少于 6 次"),
    ("vice_with_heads", "vice", 0, 0, 12, "分管领导与部门负责人每月 1 次"),
)
KEPT = (("talk_content", 5), ("talk_duties", 5), ("follow_ups", 5), ("emergency", 6))


def open_rules(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    rules = apps.get_model("wellbeing", "TalkRule").objects.using(using)
    for code, relation, lead, due, times, source in RULES:
        values = {"relation": relation, "lead_days": lead, "due_days": due, "per_year": times, "source": source}
        rules.get_or_create(code=code, starts_on=SINCE, defaults=values)
    kept = apps.get_model("wellbeing", "RetentionRule").objects.using(using)
    for kind, years in KEPT:
        kept.get_or_create(kind=kind, starts_on=SINCE, defaults={"years": years, "source": "最短必要期限，可按本地规定调整"})


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0001_talks")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
