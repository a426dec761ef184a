"""The usual conversions of learning into hours (domain.md 1.3); the office changes them on 学时规则."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

SINCE = date(2023, 1, 1)
LOCAL = "国家未统一规定，采用各地通行做法"
PARTY = "参照党员教育学时通行做法：每小时 1 学时、每半天 4 学时"
ONLINE = "参照云南干部在线学习学院：30 分钟以上 1、15 至 30 分钟 0.5、15 分钟以内 0.25、通过测试 0.5"
OUTSIDE = "参照南京做法：外部培训每班次不超过 48 学时"
IN_HOUSE = "参照南京做法：单位内训每班次不超过 18 学时，须经审批"
CENTRE = "参照各地做法：中心组学习每半天 4 学时，须有记录"
TEACHING = "参照南京做法：授课按讲授学时的 5 倍计；上限为本区默认值"

# source, kind, basis, hours, days, cap per item, cap per year, ledger, also party, note, reference
Row = tuple[str, str, str, str, str, str, str, str, bool, str, str]
RULES: tuple[Row, ...] = (
    ("class", "", "day", "8", "1", "", "", "concentrated", False, "脱产培训", LOCAL),
    ("class", "", "half_day", "4", "0.5", "", "", "concentrated", False, "半天讲座", LOCAL),
    ("class", "online", "day", "8", "1", "", "", "online", False, "网络专题班", LOCAL),
    ("class", "online", "half_day", "4", "0.5", "", "", "online", False, "网络专题班", LOCAL),
    ("activity", "centre_group", "half_day", "4", "0.5", "", "", "concentrated", True, "中心组学习", CENTRE),
    ("activity", "learning", "hour", "1", "0", "4", "", "concentrated", True, "学习型组织活动", PARTY),
    ("activity", "", "hour", "1", "0", "4", "", "party", False, "支部学习、政治学习", PARTY),
    ("make_up", "", "hour", "1", "0", "4", "", "party", False, "补学按原活动时长计", PARTY),
    ("reading", "", "item", "0.25", "0", "", "10", "online", False, "引学文章每篇", "本区默认值"),
    ("online", "", "online_long", "1", "0", "", "", "online", False, "", ONLINE),
    ("online", "", "online_medium", "0.5", "0", "", "", "online", False, "", ONLINE),
    ("online", "", "online_short", "0.25", "0", "", "", "online", False, "", ONLINE),
    ("online", "", "online_test", "0.5", "0", "", "", "online", False, "", ONLINE),
    ("self_filed", "on_the_job", "day", "8", "1", "18", "", "concentrated", False, "单位内训", IN_HOUSE),
    ("self_filed", "on_the_job", "half_day", "4", "0.5", "18", "", "concentrated", False, "", IN_HOUSE),
    ("self_filed", "on_the_job", "hour", "1", "0", "18", "", "concentrated", False, "", IN_HOUSE),
    ("self_filed", "continuing", "day", "8", "1", "48", "", "concentrated", False, "外部培训", OUTSIDE),
    ("self_filed", "continuing", "half_day", "4", "0.5", "48", "", "concentrated", False, "", OUTSIDE),
    ("self_filed", "continuing", "hour", "1", "0", "48", "", "concentrated", False, "", OUTSIDE),
    ("self_filed", "online", "online_long", "1", "0", "", "", "online", False, "", ONLINE),
    ("self_filed", "online", "online_medium", "0.5", "0", "", "", "online", False, "", ONLINE),
    ("self_filed", "online", "online_short", "0.25", "0", "", "", "online", False, "", ONLINE),
    ("self_filed", "online", "online_test", "0.5", "0", "", "", "online", False, "", ONLINE),
    ("teaching", "", "hour", "5", "0", "20", "40", "concentrated", False, "讲授学时 × 5", TEACHING),
)


def open_rules(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("training", "ConversionRule").objects.using(schema_editor.connection.alias)
    for source, kind, basis, hours, days, item, year, ledger, party, note, reference in RULES:
        values = {
            "hours": Decimal(hours),
            "days": Decimal(days),
            "cap_per_item": Decimal(item) if item else None,
            "cap_per_year": Decimal(year) if year else None,
            "ledger": ledger,
            "also_party": party,
            "note": note,
            "reference": reference,
        }
        rules.get_or_create(source=source, kind=kind, basis=basis, starts_on=SINCE, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("training", "0004_fill_new_columns")]

    operations = [migrations.RunPython(open_rules, migrations.RunPython.noop)]
