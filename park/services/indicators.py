"""Targets in figures and their readings. A reading is never changed: a later one corrects it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.models import ActionPlan, Indicator, IndicatorReading

INDICATOR_FIELDS = (
    "name",
    "unit",
    "baseline",
    "baseline_on",
    "target",
    "comparison",
    "deadline",
    "deadline_text",
    "task",
    "parent",
)


@transaction.atomic
def create_indicator(*, plan: ActionPlan, values: Mapping[str, Any], by: Viewer | None) -> Indicator:
    last = Indicator.objects.filter(plan=plan).aggregate(last=Max("position"))["last"]
    indicator = Indicator(plan=plan, position=(last or 0) + 1, **dict(values))
    _check(indicator)
    save_validated(indicator)
    record(
        action=AuditAction.INDICATOR_CHANGED,
        by=by,
        subject=indicator,
        label=f"新建指标：{indicator}",
        changes=values_of(indicator, INDICATOR_FIELDS),
    )
    return indicator


@transaction.atomic
def update_indicator(*, indicator: Indicator, values: Mapping[str, Any], by: Viewer | None) -> None:
    changes = changes_to(indicator, values)
    if not changes:
        return
    apply_changes(indicator, changes)
    _check(indicator)
    save_validated(indicator)
    record(
        action=AuditAction.INDICATOR_CHANGED,
        by=by,
        subject=indicator,
        label=f"修改指标：{indicator}",
        changes=changes,
    )


def _check(indicator: Indicator) -> None:
    if indicator.task is not None and indicator.task.plan_id != indicator.plan_id:
        raise DomainError("所选任务不属于这份方案，请重新选择。", field="task", code="other_plan")
    above = indicator.parent
    while above is not None:
        if above.pk == indicator.pk:
            raise DomainError("上级指标不能是它自己或它的下级。", field="parent", code="circle")
        if above.plan_id != indicator.plan_id:
            raise DomainError("上级指标不属于这份方案，请重新选择。", field="parent", code="other_plan")
        above = above.parent


@transaction.atomic
def delete_indicator(*, indicator: Indicator, by: Viewer) -> None:
    """Only one without readings and children: what was measured stays."""
    if indicator.readings.exists():
        raise DomainError("这个指标已有读数，不能删除；不再使用的请在名称里注明。", code="has_readings")
    if indicator.children.exists():
        raise DomainError("这个指标有下级指标，请先调整它们的上级。", code="has_children")
    record(
        action=AuditAction.INDICATOR_CHANGED,
        by=by,
        subject=indicator,
        label=f"删除指标：{indicator}",
        changes={name: (old, None) for name, (_, old) in values_of(indicator, INDICATOR_FIELDS).items()},
    )
    indicator.delete()


@transaction.atomic
def register_reading(
    *,
    indicator: Indicator,
    value: Decimal,
    on: date,
    by: Viewer | None,
    at: datetime,
    note: str = "",
    corrects: IndicatorReading | None = None,
) -> IndicatorReading:
    """The figure as of a day; one that `corrects` another stands for that one's day."""
    if on > timezone.localdate(at):
        raise DomainError("读数日期不能晚于今天。", field="on", code="future")
    if corrects is not None and corrects.indicator_id != indicator.pk:
        raise DomainError("要更正的读数不属于这个指标。", field="corrects", code="other_indicator")
    reading = IndicatorReading(
        indicator=indicator,
        on=corrects.on if corrects else on,
        value=value,
        note=note.strip(),
        by_id=by.user_id if by else None,
        corrects=corrects,
        created_at=at,
    )
    save_validated(reading)
    _note_latest(indicator)
    record(
        action=AuditAction.INDICATOR_CHANGED,
        by=by,
        subject=reading,
        label=f"登记指标：{indicator}",
        changes={"value": (corrects.value if corrects else None, value), "on": (None, reading.on)},
        reason=note,
    )
    return reading


def _note_latest(indicator: Indicator) -> None:
    """The indicator repeats its newest reading; of one day the last one written."""
    standing = indicator.readings.filter(corrected_by__isnull=True).order_by("-on", "-pk").first()
    if standing is not None:
        indicator.latest, indicator.latest_on = standing.value, standing.on
        indicator.save(update_fields=["latest", "latest_on", "updated_at"])
