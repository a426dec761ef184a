"""The usual limits to begin with (domain.md 2.2); the office changes them on the page 任职年限规则."""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2020, 1, 1)
LOCAL = "科级、中层和重点岗位轮岗的通行做法（3–5 年），本区默认值"
TERM = "《党政领导干部职务任期暂行规定》：同一职位连续任职不超过两个任期；同一职位满10年必须交流"
LEVEL = "《党政领导干部职务任期暂行规定》：担任同一层次领导职务累计不超过15年"
ORDINARY = "普通岗位不设年限，本区默认值"
COUNTY = ("bureau_chief", "bureau_deputy", "county_chief", "county_deputy")
TOWNSHIP = ("township_chief", "township_deputy")

# basis, class, level, warn, limit, hard, usual minimum, source
Row = tuple[str, str, str, int | None, int | None, int | None, int, str]
RULES: tuple[Row, ...] = (
    ("same_post", "key", "", 4, 5, 10, 2, LOCAL),
    ("same_post", "important", "", 4, 5, 10, 2, LOCAL),
    ("same_post", "general", "", None, None, None, 2, ORDINARY),
    *(("same_post", "", level, 4, 5, 10, 2, LOCAL) for level in TOWNSHIP),
    *(("same_post", "", level, 9, 10, 10, 2, TERM) for level in COUNTY),
    ("same_level", "", "", 14, 15, 15, 0, LEVEL),
)


def open_rules(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("rotation", "TenureRule").objects.using(schema_editor.connection.alias)
    for basis, post_class, level, warn, limit, hard, least, source in RULES:
        rules.get_or_create(
            basis=basis,
            post_class=post_class,
            level=level,
            starts_on=SINCE,
            defaults={
                "warn_years": warn,
                "limit_years": limit,
                "hard_years": hard,
                "min_years": least,
                "source": source,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("rotation", "0002_tenure")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
