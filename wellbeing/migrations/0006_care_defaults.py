"""Care rules and festivals to begin with; the office changes them on the pages 慰问规则 and 慰问节日.

Amounts follow the published Anhui rules for union fees (domain.md 4.6), where they differ the lower one.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

SINCE = date(2024, 1, 1)
UNION = "安徽省基层工会经费收支管理实施细则"
RELIEF = "困难职工帮扶资金使用管理办法"
PARTY = "党费收缴使用管理规定"
# kind, amount, yearly cap, form, fund, days to give, days listed ahead, days near, who is entitled, source
RULES = (
    ("birthday", 300, 300, "goods", "union", 30, 7, 30, "工会会员生日，按出生月份每年一次", UNION),
    ("retirement", 1000, 1000, "goods", "union", 30, 30, 60, "到龄退休离岗，发纪念品", UNION),
    ("festival", 200, 1500, "goods", "union", 7, 14, 0, "全体工会会员，元旦等 7 个法定节日，不发现金", UNION),
    ("marriage", 600, 600, "goods", "union", 60, 0, 60, "本人依法登记结婚", UNION),
    (
        "birth",
        600,
        600,
        "goods",
        "union",
        60,
        0,
        60,
        "本人依法生育，夫妻双方分别在本单位的各按规则办理",
        UNION,
    ),
    ("hospital", 1000, 2000, "cash", "union", 30, 0, 30, "本人患病住院，一年不超过两次", UNION),
    ("bereavement", 1000, 2000, "cash", "union", 15, 0, 30, "配偶、父母、子女去世", UNION),
    (
        "aid",
        2000,
        4000,
        "cash",
        "relief",
        30,
        0,
        90,
        "深度困难、相对困难或意外致困，经本人同意和核实",
        RELIEF,
    ),
    ("party_help", 1000, 2000, "cash", "party", 30, 0, 90, "生活困难的中共党员，春节、七一走访慰问", PARTY),
)
FIXED = (("元旦", 1, 1), ("劳动节", 5, 1), ("国庆节", 10, 1))
LUNAR = {
    2024: (("春节", 2, 10), ("清明节", 4, 4), ("端午节", 6, 10), ("中秋节", 9, 17)),
    2025: (("春节", 1, 29), ("清明节", 4, 4), ("端午节", 5, 31), ("中秋节", 10, 6)),
    2026: (("春节", 2, 17), ("清明节", 4, 5), ("端午节", 6, 19), ("中秋节", 9, 25)),
    2027: (("春节", 2, 6), ("清明节", 4, 5), ("端午节", 6, 9), ("中秋节", 9, 15)),
    2028: (("春节", 1, 26), ("清明节", 4, 4), ("端午节", 5, 28), ("中秋节", 10, 3)),
}


def fill(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    rules = apps.get_model("wellbeing", "CareRule").objects.using(using)
    for kind, amount, cap, form, fund, within, lead, near, entitled, source in RULES:
        values = {
            "amount": Decimal(amount), "yearly_cap": Decimal(cap), "form": form, "fund": fund,
            "within_days": within, "lead_days": lead, "near_days": near, "entitled": entitled,
            "source": source,
        }  # fmt: skip
        rules.get_or_create(kind=kind, starts_on=SINCE, defaults=values)
    festivals = apps.get_model("wellbeing", "CareFestival").objects.using(using)
    for year, lunar in LUNAR.items():
        for name, month, day in (*FIXED, *lunar):
            festivals.get_or_create(day=date(year, month, day), defaults={"name": name})
    apps.get_model("wellbeing", "RetentionRule").objects.using(using).get_or_create(
        kind="care_reasons",
        starts_on=SINCE,
        defaults={"years": 5, "source": "最短必要期限，可按本地规定调整"},
    )


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0005_care")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
