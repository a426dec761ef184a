"""The rule by which slots are held, and every attempt to check in to one."""

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.models import Cadre
from people.models.cadres import cadre_seen
from training.choices import AttendanceSource, CheckInResult
from training.models.slots import Slot

DAY_OF_MINUTES = MaxValueValidator(1440)


class SlotRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return (
            self if viewer.can(Permission.VIEW_TRAINING) or viewer.can(Permission.EDIT_RULES) else self.none()
        )


@classify(
    plain=(
        "opens_before late_after closes_after sign_out_before sign_out_after offline_hours one_device "
        "away_share away_least source starts_on ends_on"
    )
)
class SlotRule(Period):
    """Windows of check-in where a slot says nothing itself, and how many of a department may be away at once.

    All minutes count from the slot's start, those of signing out from its end. `away_share` is a share of
    the department's active cadres; departments of fewer than `away_least` people are not looked at.
    """

    opens_before = models.PositiveSmallIntegerField(
        "提前多少分钟开始签到", default=30, validators=[DAY_OF_MINUTES]
    )
    late_after = models.PositiveSmallIntegerField(
        "开始后多少分钟起算迟到", default=5, validators=[DAY_OF_MINUTES]
    )
    closes_after = models.PositiveSmallIntegerField(
        "开始后多少分钟截止签到", default=30, validators=[DAY_OF_MINUTES]
    )
    sign_out_before = models.PositiveSmallIntegerField(
        "结束前多少分钟开始签退", default=10, validators=[DAY_OF_MINUTES]
    )
    sign_out_after = models.PositiveSmallIntegerField(
        "结束后多少分钟截止签退", default=60, validators=[DAY_OF_MINUTES]
    )
    offline_hours = models.PositiveSmallIntegerField(
        "离线签到多少小时内可补传", default=24, validators=[MaxValueValidator(168)]
    )
    one_device = models.BooleanField("标记一台手机替多人签到", default=True)
    away_share = models.DecimalField(
        "同一部门同时离岗上限",
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.3"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    away_least = models.PositiveSmallIntegerField(
        "部门不足多少人时不计算离岗比例", default=3, validators=[MinValueValidator(1)]
    )
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = SlotRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签到与排课规则"
        ordering = ["starts_on"]
        constraints = [
            Period.ends_after_start("slot_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="one_slot_rule_per_start",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(closes_after__gte=models.F("late_after")),
                name="slot_rule_closes_after_late",
                violation_error_message="截止签到不能早于迟到起算。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} 起的签到与排课规则"


class CheckInAttemptQuerySet(models.QuerySet["CheckInAttempt"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(plain="slot at received_at result source", personal="cadre device")
class CheckInAttempt(models.Model):
    """One attempt to check in or out, accepted or refused. Only ever added to.

    `slot` is None when the code named none. `at` is the time the code proves, `received_at` when it came.
    `device` is a keyed hash of the browser's cookie and the slot, so a telephone cannot be followed from
    one slot to another.
    """

    slot = models.ForeignKey(
        Slot, models.CASCADE, related_name="attempts", null=True, blank=True, verbose_name="时段"
    )
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="干部")
    at = models.DateTimeField("签到时间")
    received_at = models.DateTimeField("收到时间")
    result = models.CharField("结果", max_length=12, choices=CheckInResult)
    source = models.CharField("方式", max_length=12, choices=AttendanceSource)
    device = models.CharField("设备", max_length=16, blank=True)

    objects = CheckInAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签到经过"
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["slot", "device"], name="attempts_by_device"),
            models.Index(fields=["cadre", "received_at"], name="attempts_of_cadre"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.get_result_display()}"
