"""Conversion rules change by a new version from a day on; what was posted under an earlier one stays."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import save_validated, values_of
from training.choices import ConversionBasis, HourSource
from training.hours import ONE_DAY, QUARTER
from training.models import ConversionRule

CONVERSION_FIELDS = (
    "starts_on",
    "hours",
    "days",
    "cap_per_item",
    "cap_per_year",
    "ledger",
    "also_party",
    "note",
    "reference",
)


@transaction.atomic
def open_conversion(
    *, source: HourSource, kind: str, basis: ConversionBasis, values: Mapping[str, Any], by: Viewer
) -> ConversionRule:
    """A version from `values["starts_on"]`: ends the one in force then, and yields to a later one."""
    rule = ConversionRule(source=source, kind=kind, basis=basis, **values)
    _check(rule)
    versions = ConversionRule.objects.select_for_update().filter(source=source, kind=kind, basis=basis)
    if versions.filter(starts_on=rule.starts_on).exists():
        message = "从这一天起已有一版折算规则，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=rule.starts_on).order_by("starts_on").first()
    rule.ends_on = later.starts_on - ONE_DAY if later else None
    current = versions.filter(covers(rule.starts_on)).first()
    if current:
        _close(current, rule, by)
    save_validated(rule)
    changes = values_of(rule, (*CONVERSION_FIELDS, "ends_on"))
    _record(rule, f"折算规则新版本：{rule}", by, changes)
    return rule


def _check(rule: ConversionRule) -> None:
    for name in ("hours", "days", "cap_per_item", "cap_per_year"):
        value = getattr(rule, name)
        label = ConversionRule._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        if value is not None and value % QUARTER:
            message = f"{label}以 0.25 为最小单位，例如 4、0.5、0.25。"
            raise DomainError(message, field=name, code="not_in_quarters")
    if rule.hours <= 0:
        raise DomainError(
            "每单位学时须大于 0；不再计学时的，请把上限设为 0。", field="hours", code="not_positive"
        )


def _close(rule: ConversionRule, by_rule: ConversionRule, by: Viewer) -> None:
    last_day = by_rule.starts_on - ONE_DAY
    changes = {"ends_on": (rule.ends_on, last_day)}
    rule.ends_on = last_day
    save_validated(rule, update_fields=["ends_on"])
    _record(rule, f"折算规则到期：{rule}", by, changes)


def _record(rule: ConversionRule, label: str, by: Viewer, changes: Mapping[str, tuple[Any, Any]]) -> None:
    record(action=AuditAction.RULE_CHANGED, by=by, subject=rule, label=label, changes=changes)
