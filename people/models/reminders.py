from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet


class ReminderRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.EDIT_RULES) else self.none()


def days_field(label: str, **options: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MaxValueValidator(365)], **options)


@classify(plain="days_before head_after leader_after note starts_on ends_on")
class ReminderRule(Period):
    """When those concerned are told of what is due: before, and how many days overdue goes one step up.

    An empty step is not taken. The defaults are local practice, not law; the office edits them.
    """

    days_before = days_field("提前几天提醒本人", default=3)
    head_after = days_field("逾期几天报部门负责人", null=True, blank=True)
    leader_after = days_field("逾期几天报分管领导", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    objects: Any = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["-starts_on"]
        constraints = [
            Period.ends_after_start("reminder_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="one_reminder_rule_per_start",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(head_after=None) | Q(leader_after=None) | Q(leader_after__gte=F("head_after")),
                name="reminder_rule_steps_in_order",
                violation_error_message="报分管领导不能早于报部门负责人。",
            ),
            models.CheckConstraint(
                condition=(Q(head_after=None) | Q(head_after__gte=1))
                & (Q(leader_after=None) | Q(leader_after__gte=1)),
                name="reminder_rule_steps_after_due",
                violation_error_message="逾期天数至少为 1；不上报请留空。",
            ),
        ]

    def __str__(self) -> str:
        parts = [f"提前 {self.days_before} 天提醒本人"]
        if self.head_after:
            parts.append(f"逾期 {self.head_after} 天报部门负责人")
        if self.leader_after:
            parts.append(f"逾期 {self.leader_after} 天报分管领导")
        return "，".join(parts)
