"""The catalogue: programmes, and the classes in which they are held."""

from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.seats import Seated
from people.models import Unit
from training.choices import ClassKind, ClassState, EnrolmentWay, Ledger, Theme
from training.models.amounts import hours_field


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(plain="name year kind theme organiser purpose audience budget closed_on")
class Programme(models.Model):
    """A training programme (培训项目) of a year; it is held in one or more classes."""

    name = models.CharField("项目名称", max_length=120)
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    kind = models.CharField("培训类别", max_length=16, choices=ClassKind)
    theme = models.CharField("培训专题", max_length=16, choices=Theme, default=Theme.OTHER)
    organiser = models.CharField("主办单位", max_length=100, blank=True)
    purpose = models.TextField("培训目标", max_length=2000, blank=True)
    audience = models.CharField("培训对象", max_length=200, blank=True)
    budget = models.DecimalField(
        "预算（元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    closed_on = models.DateField("结项日期", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训项目"
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "name"],
                name="programme_once_a_year",
                violation_error_message="该年度已有同名培训项目。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TrainingClassQuerySet(models.QuerySet["TrainingClass"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The catalogue is known to everyone in the zone (security.md, L1), drafts to those who plan."""
        if not viewer.can(Permission.VIEW_TRAINING):
            return self.none()
        return self if viewer.paths(Permission.EDIT_TRAINING) else self.exclude(state=ClassState.DRAFT)


@classify(
    plain=(
        "programme name kind theme theme_text organiser place starts_on ends_on days hours off_job note "
        "state lecturer contact enrolment_way has_waiting_list enrol_opens_at enrol_closes_at cost "
        "needs_sign_out leave_limit cancel_reason created_at updated_at"
    ),
)
class TrainingClass(Seated):
    """A class (班次) that was or will be held. `days` and `hours` are what one full attendance counts.

    `capacity` None means unlimited; `seats_taken` moves by conditional UPDATE only (core.seats). It counts
    the seats of classes that are under way; whoever registers a class held long ago need not fill it.
    `leave_limit` is the share of the hours that may be missed on leave; source: 干部教育培训工作条例
    （2023）第十五条, 1/7 by default.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="classes", null=True, blank=True, verbose_name="培训项目"
    )
    state = models.CharField("状态", max_length=12, choices=ClassState, default=ClassState.ARCHIVED)
    name = models.CharField("班次名称", max_length=120)
    kind = models.CharField("培训类别", max_length=16, choices=ClassKind)
    theme = models.CharField("培训专题", max_length=16, choices=Theme, default=Theme.OTHER)
    theme_text = models.CharField("专题（原文）", max_length=60, blank=True)
    organiser = models.CharField("主办单位", max_length=100, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    days = hours_field("天数")
    hours = hours_field("学时")
    off_job = models.BooleanField("脱产", default=True)
    note = models.CharField("备注", max_length=200, blank=True)
    lecturer = models.CharField("师资", max_length=100, blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    enrolment_way = models.CharField(
        "参训方式", max_length=12, choices=EnrolmentWay, default=EnrolmentWay.APPROVED
    )
    has_waiting_list = models.BooleanField("满员后可候补", default=True)
    enrol_opens_at = models.DateTimeField("报名开始", null=True, blank=True)
    enrol_closes_at = models.DateTimeField("报名截止", null=True, blank=True)
    cost = models.DecimalField(
        "经费（元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    needs_sign_out = models.BooleanField("需要签退", default=False)
    leave_limit = models.DecimalField(
        "请假上限（占总学时）", max_digits=5, decimal_places=4, default=Decimal("0.1429")
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训班次"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="class_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["name", "starts_on", "organiser"],
                name="class_once",
                violation_error_message="同名、同日、同主办单位的班次已登记。",
            ),
            models.CheckConstraint(condition=Q(hours__gte=0, days__gte=0), name="class_amounts_not_negative"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
                name="class_seats_within_capacity",
                violation_error_message="已确认人数超过名额，请先调整名单或增加名额。",
            ),
            models.CheckConstraint(
                condition=Q(enrol_opens_at__isnull=True)
                | Q(enrol_closes_at__isnull=True)
                | Q(enrol_closes_at__gt=F("enrol_opens_at")),
                name="enrolment_closes_after_opening",
                violation_error_message="报名截止须晚于报名开始。",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_on", "id"], name="class_by_date"),
            models.Index(fields=["state", "starts_on"], name="class_by_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger(self) -> Ledger:
        return Ledger.of(self.kind)

    @property
    def is_full(self) -> bool:
        return self.seats_left == 0

    @property
    def is_archived(self) -> bool:
        return self.state == ClassState.ARCHIVED


class ClassStepQuerySet(models.QuerySet["ClassStep"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(training_class__in=TrainingClass.objects.visible_to(viewer))


@classify(plain="training_class state at by_id by_name reason")
class ClassStep(models.Model):
    """One move of a class from state to state: who, when and why. Only ever added to."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="steps", verbose_name="班次"
    )
    state = models.CharField("状态", max_length=12, choices=ClassState)
    at = models.DateTimeField("时间")
    by_id = models.PositiveBigIntegerField("经办账号", null=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)

    objects = ClassStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办班经过"
        ordering = ["training_class", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.training_class}·{self.get_state_display()}"


class ClassQuotaQuerySet(models.QuerySet["ClassQuota"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(training_class__in=TrainingClass.objects.visible_to(viewer))


@classify(plain="training_class unit seats")
class ClassQuota(models.Model):
    """How many people a unit (with the units below it) may nominate for a class (上级调训名额)."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="quotas", verbose_name="班次"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="机构")
    seats = models.PositiveIntegerField("名额", validators=[MinValueValidator(1)])

    objects = ClassQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推荐名额"
        ordering = ["training_class", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "unit"],
                name="quota_once_per_unit",
                violation_error_message="该机构的名额已经登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.seats} 名"
