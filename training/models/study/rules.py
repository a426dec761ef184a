"""What the office sets for study activities: how often, on which days, from which age on."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from training.choices import DayKind, Frequency, GroupKind, StudyKind


class KnownToAllQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(plain="kind group_kind frequency times reference starts_on ends_on")
class FrequencyRule(Period):
    """How often a kind of activity must be held; per group of `group_kind`, or once for the zone when "".

    Source of the defaults: 支部工作条例第十六条, 党委（党组）理论学习中心组学习规则 (domain.md 4.2, 4.3).
    """

    kind = models.CharField("活动类别", max_length=20, choices=StudyKind)
    group_kind = models.CharField("适用学习组", max_length=12, choices=GroupKind, blank=True)
    frequency = models.CharField("频次", max_length=12, choices=Frequency)
    times = models.PositiveSmallIntegerField("每期次数", default=1, validators=[MinValueValidator(1)])
    reference = models.CharField("依据", max_length=200, blank=True)

    objects: Any = KnownToAllQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习频次规则"
        ordering = ["kind", "group_kind", "starts_on"]
        constraints = [
            Period.ends_after_start("frequency_ends_after_start"),
            models.UniqueConstraint(
                fields=["kind", "group_kind", "starts_on"],
                name="one_frequency_per_start",
                violation_error_message="从这一天起已有一版频次规则，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.get_frequency_display()} {self.times} 次"


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self


@classify(plain="day kind name")
class CalendarDay(models.Model):
    """A day that is not what its weekday says; without a row Monday to Friday are worked."""

    day = models.DateField("日期", unique=True)
    kind = models.CharField("性质", max_length=12, choices=DayKind)
    name = models.CharField("说明", max_length=40, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.get_kind_display()}"


@classify(plain="youth_age make_up_days absence_limit soon_days reference starts_on ends_on")
class StudyRule(Period):
    """The figures of study activities that differ from place to place, in force for a period.

    `youth_age`: the oldest full age of a young cadre. `make_up_days`: how long a make-up study may take.
    `absence_limit`: how many unexplained absences in a row are told to others. `soon_days`: how many days
    before the end of a period a missing activity is called due.
    """

    youth_age = models.PositiveSmallIntegerField(
        "青年干部年龄上限", default=40, validators=[MinValueValidator(18), MaxValueValidator(60)]
    )
    make_up_days = models.PositiveSmallIntegerField(
        "补学期限（天）", default=14, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    absence_limit = models.PositiveSmallIntegerField(
        "连续无故缺席次数", default=3, validators=[MinValueValidator(2), MaxValueValidator(10)]
    )
    soon_days = models.PositiveSmallIntegerField(
        "到期前提醒（天）", default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    reference = models.CharField("依据", max_length=200, blank=True)

    objects: Any = KnownToAllQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习活动口径"
        ordering = ["starts_on"]
        constraints = [
            Period.ends_after_start("study_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="one_study_rule_per_start",
                violation_error_message="从这一天起已有一版口径，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"青年 {self.youth_age} 岁以下，补学 {self.make_up_days} 天"
