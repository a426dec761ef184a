"""The usual amounts to begin with (domain.md 2.2, 2.7); the office changes them on the page 核对规则."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2020, 1, 1)
SOURCES = {
    "career_source": "《党政领导干部选拔任用工作条例》提任资格",
    "probation_source": (
        "提任非选举产生的领导职务、新录用公务员试用期一年（《公务员法》第三十四条及干部选拔任用规定）"
    ),
    "retirement_source": "国务院关于渐进式延迟法定退休年龄的办法；提任一般应能任满一届",
    "mix_source": "班子和干部队伍结构（年龄、专业）要求",
    "notice_source": "《党政领导干部选拔任用工作条例》：公示期不少于五个工作日",
}


def open_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("rotation", "MoveRule").objects.using(schema_editor.connection.alias)
    rules.get_or_create(starts_on=SINCE, defaults=SOURCES)


class Migration(migrations.Migration):
    dependencies = [("rotation", "0012_move_rules")]

    operations = [migrations.RunPython(open_rule, migrations.RunPython.noop)]
