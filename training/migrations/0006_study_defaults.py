"""How often activities are due, the office's figures and the public holidays known so far.

The office changes all three in the interface. Frequencies: 支部工作条例第十六条, 中心组学习规则, the action plan.
"""

from datetime import date
from typing import Any

from django.db import migrations

SINCE = date(2026, 1, 1)  # the clock starts with the plan: nothing before it was asked for
BRANCH_RULES = "《中国共产党支部工作条例（试行）》第十六条"
CENTRE_RULES = "《中国共产党党委（党组）理论学习中心组学习规则》"
PLAN = "干部素质提升行动方案"
# kind, group kind, frequency, times, reference
RULES = (
    ("monday", "", "week", 1, PLAN),
    ("centre_group", "centre", "quarter", 1, CENTRE_RULES),
    ("branch_assembly", "branch", "quarter", 1, BRANCH_RULES),
    ("branch_committee", "committee", "month", 1, BRANCH_RULES),
    ("group_meeting", "party_group", "month", 1, BRANCH_RULES),
    ("party_lecture", "branch", "year", 1, f"{BRANCH_RULES}：党组织书记每年至少讲一次党课"),
    ("theme_party_day", "branch", "month", 1, BRANCH_RULES),
    ("organisational_life", "branch", "year", 1, BRANCH_RULES),
    ("learning", "", "two_months", 1, PLAN),
    ("integrity", "", "year", 4, f"{PLAN}：四种形式每年各一次（本区默认值）"),
)
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
FIRST_YEAR = 2023  # older days are asked for by nobody


def open_rules(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    rules = apps.get_model("training", "FrequencyRule").objects.using(using)
    for kind, group_kind, frequency, times, reference in RULES:
        values = {"frequency": frequency, "times": times, "reference": reference}
        rules.get_or_create(kind=kind, group_kind=group_kind, starts_on=SINCE, defaults=values)
    figures = apps.get_model("training", "StudyRule").objects.using(using)
    figures.get_or_create(starts_on=date(2023, 1, 1), defaults={"reference": "本区默认值"})


def seed_calendar(apps: Any, schema_editor: Any) -> None:
    """The days of the notices of the State Council that the library knows; later years come by import."""
    from chinese_calendar.constants import holidays, workdays

    model = apps.get_model("training", "CalendarDay")
    days = model.objects.using(schema_editor.connection.alias)
    known = set(days.values_list("day", flat=True))
    rows = [
        model(day=day, kind=kind, name=NAMES.get(str(name), str(name))[:40])
        for kind, table in (("holiday", holidays), ("workday", workdays))
        for day, name in sorted(table.items())
        if day.year >= FIRST_YEAR and day not in known
    ]
    days.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("training", "0005_default_conversions")]

    operations = [
        migrations.RunPython(open_rules, migrations.RunPython.noop),
        migrations.RunPython(seed_calendar, migrations.RunPython.noop),
    ]
