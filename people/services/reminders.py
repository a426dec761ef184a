"""The reminder rule changes by a new version from a day on; earlier versions stay as they were."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import save_validated, values_of
from people.models import ReminderRule

FIELDS = ("starts_on", "days_before", "head_after", "leader_after", "note")


@transaction.atomic
def open_reminder_rule(*, values: Mapping[str, Any], by: Viewer) -> ReminderRule:
    """A new version from `values["starts_on"]`: ends the one in force then, and yields to a later one."""
    rule = ReminderRule(**values)
    versions = ReminderRule.objects.select_for_update()
    if versions.filter(starts_on=rule.starts_on).exists():
        message = "从这一天起已有一版规则，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=rule.starts_on).order_by("starts_on").first()
    rule.ends_on = later.starts_on - timedelta(days=1) if later else None
    if current := versions.filter(covers(rule.starts_on)).first():
        current.ends_on = rule.starts_on - timedelta(days=1)
        save_validated(current, update_fields=["ends_on"])
    save_validated(rule)
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        subject=rule,
        label=f"提醒规则新版本：{rule}",
        changes=values_of(rule, FIELDS),
    )
    return rule
