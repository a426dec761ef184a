"""亮灯规则: a new version takes over on its first day; earlier days keep the rule they had."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated, values_of
from park.models import SignalRule

FIELDS = ("starts_on", "ends_on", "due_soon_days", "behind_margin", "silent_days", "source")


@transaction.atomic
def open_signal_rule(*, values: Mapping[str, Any], by: Viewer) -> SignalRule:
    """Closes the version in force on the day before, and yields to one that begins later."""
    starts_on: date = values["starts_on"]
    if SignalRule.objects.filter(starts_on=starts_on).exists():
        raise DomainError("从这一天起已有一版规则，请另选生效日期。", field="starts_on", code="same_day")
    before = SignalRule.objects.covering(starts_on).first()
    if before:
        before.ends_on = starts_on - timedelta(days=1)
        save_validated(before, update_fields=["ends_on"])
    later = SignalRule.objects.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    rule = SignalRule(**dict(values), ends_on=later.starts_on - timedelta(days=1) if later else None)
    save_validated(rule)
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        subject=rule,
        label=f"启用{rule}",
        changes=values_of(rule, FIELDS),
    )
    return rule
