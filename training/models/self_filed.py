"""Study that is not held by the zone: what cadres file for credit, and online lessons from a list."""

from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.models import StoredFile
from people.models import Cadre
from people.models.cadres import cadre_seen
from training.choices import SelfFiledKind, SelfFiledMeasure, SelfFiledState
from training.models.amounts import hours_field

LONGEST_LESSON = 600


class SelfFiledQuerySet(models.QuerySet["SelfFiledStudy"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        """A draft is its owner's alone until it is sent."""
        seen = self.filter(cadre_seen(viewer, permission))
        return seen.filter(~Q(state=SelfFiledState.DRAFT) | Q(cadre_id=viewer.cadre_id))


@classify(
    plain=(
        "kind title organiser starts_on ends_on measure quantity minutes passed_test state submitted_at "
        "decided_at decided_by decided_by_id created_at updated_at"
    ),
    personal="cadre note evidence decision_reason",
)
class SelfFiledStudy(models.Model):
    """Study that a cadre reports (自学填报), with evidence; once approved it counts by the conversion rules.

    `measure` and `quantity` are what was studied, such as 2 days or 3 lessons; `minutes` is the length of one
    online lesson, which decides its step.
    """

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="self_filed", verbose_name="干部")
    kind = models.CharField("类别", max_length=12, choices=SelfFiledKind)
    title = models.CharField("学习内容", max_length=120)
    organiser = models.CharField("主办单位或平台", max_length=100, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    measure = models.CharField("计量", max_length=12, choices=SelfFiledMeasure, default=SelfFiledMeasure.DAY)
    quantity = hours_field("数量", default=Decimal(1))
    minutes = models.PositiveSmallIntegerField(
        "每个课件时长（分钟）",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LESSON)],
    )
    passed_test = models.BooleanField("通过测试", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    evidence = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="证明材料"
    )
    state = models.CharField("状态", max_length=12, choices=SelfFiledState, default=SelfFiledState.DRAFT)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    decided_by_id = models.PositiveBigIntegerField("审批账号", null=True, blank=True)
    decision_reason = models.CharField("审批意见", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SelfFiledQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自学填报"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="self_filed_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="self_filed_quantity_positive",
                violation_error_message="数量须大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(kind=SelfFiledKind.ONLINE, measure=SelfFiledMeasure.LESSON, minutes__isnull=False)
                | (~Q(kind=SelfFiledKind.ONLINE) & ~Q(measure=SelfFiledMeasure.LESSON)),
                name="online_study_is_measured_in_lessons",
                violation_error_message="网络课件按个数和每个时长填报；其他学习按天、半天或小时填报。",
            ),
            models.CheckConstraint(
                condition=~Q(state=SelfFiledState.RETURNED) | ~Q(decision_reason=""),
                name="a_return_has_a_reason",
                violation_error_message="退回须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(state=SelfFiledState.DRAFT) | Q(submitted_at__isnull=False),
                name="what_is_decided_was_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "starts_on"], name="self_filed_of_cadre"),
            models.Index(fields=["state", "submitted_at"], name="self_filed_by_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source_key(self) -> str:
        return f"self_filed:{self.pk}"


class SelfFiledStepQuerySet(models.QuerySet["SelfFiledStep"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(study__in=SelfFiledStudy.objects.visible_to(viewer))


@classify(plain="study state at by_id by_name", personal="reason")
class SelfFiledStep(models.Model):
    """One step of a filing's way: who moved it to which state, when and why. Only ever added to."""

    study = models.ForeignKey(SelfFiledStudy, models.CASCADE, related_name="steps", verbose_name="自学填报")
    state = models.CharField("状态", max_length=12, choices=SelfFiledState)
    at = models.DateTimeField("时间")
    by_id = models.PositiveBigIntegerField("经办账号", null=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)

    objects = SelfFiledStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报经过"
        ordering = ["study", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.by_name}"


class OnlineLessonQuerySet(models.QuerySet["OnlineLesson"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(plain="title provider minutes finished_on passed_test created_at", personal="cadre")
class OnlineLesson(models.Model):
    """A finished online lesson from the list of a network academy (网络课件); it counts by its step."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="online_lessons", verbose_name="干部")
    title = models.CharField("课件名称", max_length=120)
    provider = models.CharField("学习平台", max_length=100, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "时长（分钟）", validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LESSON)]
    )
    finished_on = models.DateField("完成日期")
    passed_test = models.BooleanField("通过测试", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OnlineLessonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网络课件"
        ordering = ["-finished_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "title", "finished_on"],
                name="online_lesson_once_a_day",
                violation_error_message="这个课件当天已经登记过。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def source_key(self) -> str:
        return f"online:{self.pk}"
