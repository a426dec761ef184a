"""What each kind of evidence counts for when needs are ranked; the office changes it on 培训需求 → 权重."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

SINCE = date(2023, 1, 1)
WEIGHTS = (
    ("filed", "3", "部门集体研究后填报"),
    ("wished", "1", "本人提出"),
    ("quiz_miss", "0.5", "一次测验在该专题失分过半"),
    ("low_evaluation", "2", "满 5 份问卷、平均分低于 3.5"),
    ("task_delay", "2", "重点任务逾期或滞后"),
    ("finding", "3", "督查检查发现问题"),
    ("talk_wish", "1", "谈话中提出的培训诉求"),
)


def open_weights(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("training", "NeedWeight").objects.using(schema_editor.connection.alias)
    for kind, weight, note in WEIGHTS:
        rows.get_or_create(kind=kind, starts_on=SINCE, defaults={"weight": Decimal(weight), "note": note})


def close_weights(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("training", "NeedWeight").objects.using(schema_editor.connection.alias)
    rows.filter(starts_on=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("training", "0006_study_defaults")]
    operations = [migrations.RunPython(open_weights, close_weights)]
