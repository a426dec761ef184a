"""Hour rules change by a new version from a day on; a version in force is closed, never overwritten."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import save_validated, values_of
from training.choices import HourRegime
from training.hours import ONE_DAY
from training.models import HourRule

FIELDS = (
    "required_hours",
    "required_days",
    "cycle_starts_in",
    "cycle_years",
    "hours_per_day",
    "online_counts",
    "source",
    "starts_on",
    "ends_on",
)


@transaction.atomic
def open_rule_version(*, regime: HourRegime, values: Mapping[str, Any], by: Viewer) -> HourRule:
    """A new version from `values["starts_on"]`: ends the one in force then, and yields to a later one."""
    rule = HourRule(regime=regime, **values)
    _check(rule)
    versions = HourRule.objects.select_for_update().filter(regime=regime)
    if versions.filter(starts_on=rule.starts_on).exists():
        message = "从这一天起已有一版规则，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=rule.starts_on).order_by("starts_on").first()
    rule.ends_on = later.starts_on - ONE_DAY if later else None
    current = versions.filter(covers(rule.starts_on)).first()
    if current:
        _close(current, rule.starts_on - ONE_DAY, by)
    save_validated(rule)
    _record(rule, f"学时规则新版本：{rule}", by)
    return rule


def _check(rule: HourRule) -> None:
    for name in ("required_hours", "required_days", "hours_per_day"):
        value = getattr(rule, name)
        if name == "required_days" and rule.regime == HourRegime.PARTY:
            continue  # party members are asked for hours alone
        if value is None or value <= 0:
            label = HourRule._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise DomainError(f"{label}须大于 0。", field=name, code="not_positive")


def _close(rule: HourRule, last_day: date, by: Viewer) -> None:
    changes = {"ends_on": (rule.ends_on, last_day)}
    rule.ends_on = last_day
    save_validated(rule, update_fields=["ends_on"])
    record(
        action=AuditAction.RULE_CHANGED, by=by, subject=rule, label=f"学时规则到期：{rule}", changes=changes
    )


def _record(rule: HourRule, label: str, by: Viewer) -> None:
    record(action=AuditAction.RULE_CHANGED, by=by, subject=rule, label=label, changes=values_of(rule, FIELDS))
