"""What was credited so far is posted to the hours ledger; the requirement of party members; who is taught by.

Speaking to a meeting is not teaching: the rule of lectures is narrowed to classes, 党课 and 学习型组织活动.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import migrations
from django.db.models import Q

SINCE = date(2023, 1, 1)
BATCH = 500
LECTURES = ("class", "party_lecture", "learning")
PARTY_SOURCE = "党员每年集中学习培训一般不少于 32 学时（《中国共产党党员教育管理工作条例》，以本地规定为准）"


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def open_party_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("training", "HourRule").objects.using(schema_editor.connection.alias)
    amounts = {"required_hours": Decimal(32), "required_days": Decimal(0), "cycle_years": 1}
    rules.get_or_create(
        regime="party",
        starts_on=SINCE,
        defaults={**amounts, "cycle_starts_in": 2023, "source": PARTY_SOURCE},
    )


def narrow_teaching(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("training", "ConversionRule").objects.using(schema_editor.connection.alias)
    general = rules.filter(source="teaching", kind="", basis="hour").first()
    if general is None:
        return
    for kind in LECTURES:
        general.pk, general.kind = None, kind
        general.save()
    rules.filter(source="teaching", kind="").delete()


def post_participations(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    entries = apps.get_model("training", "HourEntry")
    pending = []
    for values in _entries(apps, alias):
        pending.append(entries(**values))
        if len(pending) == BATCH:
            entries.objects.using(alias).bulk_create(pending)
            pending = []
    entries.objects.using(alias).bulk_create(pending)


def _entries(apps: Any, alias: str) -> Iterator[dict[str, Any]]:
    credited = Q(hours__gt=0) | Q(days__gt=0)
    rows = apps.get_model("training", "Participation").objects.using(alias)
    rules = list(
        apps.get_model("training", "ConversionRule")
        .objects.using(alias)
        .filter(source="class", basis="day", kind__in=["", "online"])
    )
    found = rows.filter(credited, state="completed").select_related("training_class").order_by("pk")
    for row in found.iterator(chunk_size=BATCH):
        yield _entry(row, rules)


def _entry(row: Any, rules: list[Any]) -> dict[str, Any]:
    held = row.training_class
    kind = "online" if held.kind == "online" else ""
    rule = next((r for r in rules if r.kind == kind and r.starts_on <= held.starts_on), None)
    if rule and rule.hours * row.days != row.hours:
        rule = None
    return {
        "cadre_id": row.cadre_id,
        "source": "class",
        "source_key": f"participation:{row.pk}",
        "kind": held.kind,
        "title": held.name,
        "ledger": "online" if kind else "concentrated",
        "hours": row.hours,
        "days": row.days,
        "starts_on": held.starts_on,
        "ends_on": held.ends_on,
        "rule_id": rule.pk if rule else None,
        "how": _how(row, rule),
        "posted_at": row.created_at or datetime.combine(held.ends_on, time.min, UTC),
        "posted_by": "系统",
    }


def _how(row: Any, rule: Any) -> str:
    if rule is None:
        return f"经办认定 {plain(row.hours)} 学时、{plain(row.days)} 天"
    return f"{plain(row.days)} 天 × {plain(rule.hours)} = {plain(row.hours)} 学时"


class Migration(migrations.Migration):
    dependencies = [("training", "0008_default_slot_rule")]

    operations = [
        migrations.RunPython(open_party_rule, migrations.RunPython.noop),
        migrations.RunPython(narrow_teaching, migrations.RunPython.noop),
        migrations.RunPython(post_participations, migrations.RunPython.noop),
    ]
