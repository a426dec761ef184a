"""Frequency rules and the office's figures: a new version from a day on, never an overwritten one."""

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
from training.choices import GROUP_KIND_OF, StudyKind
from training.models import FrequencyRule, StudyRule

FREQUENCY_FIELDS = ("frequency", "times", "reference", "starts_on", "ends_on")
FIGURE_FIELDS = ("youth_age", "make_up_days", "absence_limit", "soon_days", "reference", "starts_on")
ONE_DAY = timedelta(days=1)


@transaction.atomic
def open_frequency(*, kind: str, group_kind: str, values: Mapping[str, Any], by: Viewer) -> FrequencyRule:
    """A new version for a kind of activity, for each group of a kind or for the zone."""
    wanted = GROUP_KIND_OF.get(StudyKind(kind))
    if wanted and group_kind != wanted:
        message = f"{StudyKind(kind).label}由{wanted.label}开展，适用范围请选“{wanted.label}”。"
        raise DomainError(message, field="group_kind", code="wrong_group")
    rule = FrequencyRule(kind=kind, group_kind=group_kind, **values)
    _open(rule, FrequencyRule.objects.filter(kind=kind, group_kind=group_kind), by)
    _record(rule, f"学习频次新版本：{rule}", by, FREQUENCY_FIELDS)
    return rule


@transaction.atomic
def end_frequency(*, rule: FrequencyRule, values: Mapping[str, Any], by: Viewer) -> None:
    """No such activity is due after `values["on"]`."""
    _refuse_part(by)
    last = values["on"]
    if last < rule.starts_on:
        raise DomainError("停止日期不能早于施行日期。", field="on", code="ends_before_start")
    before, rule.ends_on = rule.ends_on, last
    save_validated(rule)
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        subject=rule,
        label=f"学习频次停止：{rule}",
        changes={"ends_on": (before, last)},
    )


@transaction.atomic
def open_figures(*, values: Mapping[str, Any], by: Viewer) -> StudyRule:
    rule = StudyRule(**values)
    _open(rule, StudyRule.objects.all(), by)
    _record(rule, f"学习活动口径新版本：{rule}", by, FIGURE_FIELDS)
    return rule


def _open(rule: Any, versions: Any, by: Viewer) -> None:
    """Ends the version in force the day before, and yields to a later one."""
    _refuse_part(by)
    if versions.filter(starts_on=rule.starts_on).exists():
        message = "从这一天起已有一版，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=rule.starts_on).order_by("starts_on").first()
    current = versions.select_for_update().filter(covers(rule.starts_on)).first()
    rule.ends_on = later.starts_on - ONE_DAY if later else None
    if current:
        current.ends_on = rule.starts_on - ONE_DAY
        save_validated(current, update_fields=["ends_on"])
    save_validated(rule)


def _refuse_part(by: Viewer) -> None:
    """A rule counts in the whole zone."""
    if not by.sees_all(Permission.EDIT_RULES) and not by.sees_all(Permission.EDIT_STUDY):
        raise DomainError("频次规则全区共用，由负责全区的人员维护。", code="out_of_reach")


def _record(rule: Any, label: str, by: Viewer, fields: tuple[str, ...]) -> None:
    record(action=AuditAction.RULE_CHANGED, by=by, subject=rule, label=label, changes=values_of(rule, fields))
