"""The rule of check-in and scheduling changes by a new version from a day on; none is overwritten."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import save_validated, values_of
from training.models import SlotRule

SLOT_RULE_FIELDS = (
    "starts_on",
    "opens_before",
    "late_after",
    "closes_after",
    "sign_out_before",
    "sign_out_after",
    "offline_hours",
    "one_device",
    "away_share",
    "away_least",
    "source",
)
ONE_DAY = timedelta(days=1)


@transaction.atomic
def open_slot_rule(*, values: Mapping[str, Any], by: Viewer) -> SlotRule:
    """A new version from `values["starts_on"]`: ends the one in force then, and yields to a later one."""
    if not by.sees_all(Permission.EDIT_RULES):
        raise DomainError("规则在全区施行，由负责全区规则的人员修改。", code="not_allowed")
    rule = SlotRule(**values)
    versions = SlotRule.objects.select_for_update()
    later = versions.filter(starts_on__gt=rule.starts_on).order_by("starts_on").first()
    rule.ends_on = later.starts_on - ONE_DAY if later else None
    current = versions.filter(covers(rule.starts_on)).exclude(starts_on=rule.starts_on).first()
    if current:
        _close(current, rule, by)
    save_validated(rule)
    changes = values_of(rule, SLOT_RULE_FIELDS)
    record(action=AuditAction.RULE_CHANGED, by=by, subject=rule, label=f"新版本：{rule}", changes=changes)
    return rule


def _close(current: SlotRule, rule: SlotRule, by: Viewer) -> None:
    last = rule.starts_on - ONE_DAY
    changes = {"ends_on": (current.ends_on, last)}
    current.ends_on = last
    save_validated(current, update_fields=["ends_on"])
    record(action=AuditAction.RULE_CHANGED, by=by, subject=current, label=f"到期：{current}", changes=changes)
