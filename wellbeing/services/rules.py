"""Rules change by a new version from a day on; a version in force is closed, never overwritten."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import save_validated, values_of
from wellbeing.choices.care import CareKind
from wellbeing.choices.privacy import KeptKind
from wellbeing.choices.triggers import REGULAR_CODES, TriggerCode
from wellbeing.models import CareRule, CheckupRule, RetentionRule, TalkRule

ONE_DAY = timedelta(days=1)
DATES = ("source", "starts_on", "ends_on")
TALK_RULE_FIELDS = ("relation", "is_on", "lead_days", "due_days", "per_year", *DATES)
RETENTION_FIELDS = ("years", *DATES)
CARE_RULE_FIELDS = (
    "is_on", "amount", "yearly_cap", "form", "fund", "entitled", "within_days", "lead_days", "near_days",
    *DATES,
)  # fmt: skip
CHECKUP_RULE_FIELDS = (
    "is_on", "min_age", "max_age", "sex", "rank", "min_years", "unit_kind", "frequency", *DATES,
)  # fmt: skip
R = TypeVar("R", TalkRule, RetentionRule, CareRule, CheckupRule)


@transaction.atomic
def open_talk_rule(*, code: TriggerCode, values: Mapping[str, Any], by: Viewer) -> TalkRule:
    """A new version of one situation's rule from `values["starts_on"]`."""
    refuse_rule_editor(by)
    rule = TalkRule(code=code, **values)
    if (code in REGULAR_CODES) != bool(rule.per_year):
        message = "定期谈话的每年次数填 1–12，其他情形填 0。"
        raise DomainError(message, field="per_year", code="per_year")
    return _open(rule, TalkRule.objects.filter(code=code), TALK_RULE_FIELDS, by)


@transaction.atomic
def open_retention_rule(*, kind: KeptKind, values: Mapping[str, Any], by: Viewer) -> RetentionRule:
    refuse_rule_editor(by)
    rule = RetentionRule(kind=kind, **values)
    return _open(rule, RetentionRule.objects.filter(kind=kind), RETENTION_FIELDS, by)


@transaction.atomic
def open_care_rule(*, kind: CareKind, values: Mapping[str, Any], by: Viewer) -> CareRule:
    """A new version of what may be given for one kind."""
    refuse_rule_editor(by)
    rule = CareRule(kind=kind, **values)
    return _open(rule, CareRule.objects.filter(kind=kind), CARE_RULE_FIELDS, by)


@transaction.atomic
def open_checkup_rule(*, values: Mapping[str, Any], by: Viewer) -> CheckupRule:
    """A new group that goes to the checkup, or a new version of the rule of that name."""
    refuse_rule_editor(by)
    name = str(values["name"]).strip()
    rule = CheckupRule(**{**values, "name": name})
    return _open(rule, CheckupRule.objects.filter(name=name), CHECKUP_RULE_FIELDS, by)


def refuse_rule_editor(by: Viewer) -> None:
    """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
    if not by.sees_all(Permission.EDIT_RULES):
        raise DomainError("规则在全区统一执行，只有全区范围的组织人事专员能修改。", code="not_allowed")


def _open(rule: R, versions: Any, fields: tuple[str, ...], by: Viewer) -> R:
    """Ends the version in force then, and yields to a later one."""
    if versions.filter(starts_on=rule.starts_on).exists():
        message = "从这一天起已有一版规则，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=rule.starts_on).order_by("starts_on").first()
    rule.ends_on = later.starts_on - ONE_DAY if later else None
    current = versions.filter(covers(rule.starts_on)).first()
    if current:
        _close(current, rule, by)
    save_validated(rule)
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        subject=rule,
        label=f"新版本：{rule}",
        changes=values_of(rule, fields),
    )
    return rule


def _close(current: R, successor: R, by: Viewer) -> None:
    changes = {"ends_on": (current.ends_on, successor.starts_on - ONE_DAY)}
    current.ends_on = successor.starts_on - ONE_DAY
    save_validated(current, update_fields=["ends_on"])
    record(action=AuditAction.RULE_CHANGED, by=by, subject=current, label=f"到期：{current}", changes=changes)
