"""挂职: who is sent where or comes to us, every step of it, and what was said about it at its end."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.access import ON_RELATIVES, Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.choices import StudyWhileAway
from people.models import Appointment, Cadre, Unit
from people.models.cadres import avoided_by, cadre_seen
from people.models.units import under_any
from rotation.choices.secondments import (
    Direction,
    PartnerKind,
    SchemeState,
    SecondmentAct,
    SecondmentState,
)
from rotation.choices.tenure import ExtensionState
from rotation.secondment_states import OVER, PUBLISHED

S = SecondmentState


class RuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()


@classify(
    plain=(
        "max_months township_age county_age bureau_age education is_hard note_day first_notice_days "
        "second_notice_days last_notice_days source starts_on ends_on created_at"
    )
)
class SecondmentRule(Period):
    """What is asked of a secondment from a day on: length, ages by level, education, reports, notices."""

    max_months = models.PositiveSmallIntegerField("最长（月）", default=36)
    township_age = models.PositiveSmallIntegerField("乡科级及以下不超过（周岁）", default=40)
    county_age = models.PositiveSmallIntegerField("县处级不超过（周岁）", default=45)
    bureau_age = models.PositiveSmallIntegerField("厅局级不超过（周岁）", default=50)
    education = models.CharField("学历不低于", max_length=10, default="大学", blank=True)
    is_hard = models.BooleanField(
        "条件不符时不能推荐", default=False, help_text="不勾选时只提示“需关注”，不阻止办理。"
    )
    note_day = models.PositiveSmallIntegerField("次月几日前交月报", default=5)
    first_notice_days = models.PositiveSmallIntegerField("期满前几天拟订返岗安排", default=90)
    second_notice_days = models.PositiveSmallIntegerField("第二次提醒（天）", default=30)
    last_notice_days = models.PositiveSmallIntegerField("最后一次提醒（天）", default=7)
    source = models.CharField("依据", max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职规则"
        ordering = ["-starts_on"]
        constraints = [
            Period.ends_after_start("secondment_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="one_secondment_rule_from_a_day",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(note_day__gte=1, note_day__lte=28),
                name="secondment_note_day_of_a_month",
                violation_error_message="月报日期请填 1 到 28。",
            ),
            models.CheckConstraint(
                condition=Q(first_notice_days__gte=F("second_notice_days"))
                & Q(second_notice_days__gte=F("last_notice_days")),
                name="secondment_notices_in_order",
                violation_error_message="三次提醒的天数应由多到少。",
            ),
        ]

    def __str__(self) -> str:
        return f"挂职规则（{self.starts_on:%Y-%m-%d} 起）"


class SchemeQuerySet(models.QuerySet["SecondmentPlan"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """A draft is the personnel office's own; a plan that runs is known to who sees secondments."""
        if viewer.paths(Permission.EDIT_SECONDMENT):
            return self
        seen = self.exclude(state=SchemeState.DRAFT)
        return seen if viewer.paths(Permission.VIEW_SECONDMENT) else self.none()


@classify(plain="year title state quota note created_at")
class SecondmentPlan(models.Model):
    """A year's plan: how many are to be sent or taken in, and what for."""

    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=100)
    state = models.CharField("状态", max_length=8, choices=SchemeState, default=SchemeState.DRAFT)
    quota = models.PositiveSmallIntegerField("计划人数", null=True, blank=True)
    note = models.TextField("安排", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职计划"
        ordering = ["-year", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "title"],
                name="secondment_plan_once_a_year",
                violation_error_message="该年度已有同名的挂职计划。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2200),
                name="secondment_plan_year",
                violation_error_message="年度请填四位数字，如 2026。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.title}"


class SecondmentQuerySet(models.QuerySet["Secondment"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_SECONDMENT) -> Self:
        """Of the viewer's units, the hosting ones of incoming people included; the own once it is approved.

        Nobody reaches the own case as staff, nor acts on a relative's (R2).
        """
        own = Q(cadre=viewer.cadre_id) if viewer.cadre_id else Q(pk__in=())
        kept_from = own if permission in ON_RELATIVES else avoided_by(viewer, "cadre")
        reach = cadre_seen(viewer, permission) | Q(
            host_unit__in=Unit.objects.filter(under_any(viewer.paths(permission), "path"))
        )
        found = reach & ~kept_from
        if viewer.on_own_record(permission):
            found |= own & Q(state__in=PUBLISHED)
        return self.filter(found)


@classify(
    plain=(
        "plan direction partner_kind organisation host_unit title starts_on planned_end_on ended_on released "
        "into_resume study_rule state document_no return_document_no appointment resume_entered "
        "midterm_on created_at updated_at"
    ),
    personal="cadre goals reason mentor",
)
class Secondment(models.Model):
    """One person's secondment. `organisation` is the other side: the host, or the home of who comes in.

    Until it has ended it is taken to last to `planned_end_on`; the database refuses two that overlap.
    """

    plan = models.ForeignKey(
        SecondmentPlan,
        models.PROTECT,
        related_name="secondments",
        null=True,
        blank=True,
        verbose_name="挂职计划",
    )
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="secondments", verbose_name="干部")
    direction = models.CharField("方向", max_length=4, choices=Direction, default=Direction.OUT)
    partner_kind = models.CharField("单位类别", max_length=12, choices=PartnerKind)
    organisation = models.CharField("对方单位", max_length=100)
    host_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="hosted", null=True, blank=True, verbose_name="在本区挂职的机构"
    )
    title = models.CharField("挂任职务", max_length=100)
    starts_on = models.DateField("开始日期")
    planned_end_on = models.DateField("计划结束日期")
    ended_on = models.DateField("实际结束日期", null=True, blank=True)
    midterm_on = models.DateField("中期考核日期", null=True, blank=True)
    released = models.BooleanField("脱产", default=True, help_text="挂职期间不承担原岗位工作。")
    into_resume = models.BooleanField("期满后记入简历", default=True, help_text="写成所在任职经历的“其间”。")
    study_rule = models.CharField(
        "挂职期间本区学习",
        max_length=10,
        choices=StudyWhileAway,
        default=StudyWhileAway.EXCUSED,
    )
    goals = models.TextField("任务和目标", blank=True)
    reason = models.CharField("推荐理由", max_length=300, blank=True)
    mentor = models.CharField("接收单位带教人", max_length=60, blank=True)
    state = models.CharField("状态", max_length=12, choices=SecondmentState, default=S.RECOMMENDED)
    document_no = models.CharField("派遣函文号", max_length=60, blank=True)
    return_document_no = models.CharField("返岗通知文号", max_length=60, blank=True)
    appointment = models.OneToOneField(
        Appointment,
        models.SET_NULL,
        related_name="secondment",
        null=True,
        blank=True,
        verbose_name="任职记录",
    )
    resume_entered = models.BooleanField("已记入简历", default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_end_on__gte=F("starts_on")),
                name="secondment_planned_end_after_start",
                violation_error_message="计划结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on")),
                name="secondment_end_after_start",
                violation_error_message="实际结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.IN, host_unit__isnull=False)
                | Q(direction=Direction.OUT, host_unit__isnull=True),
                name="secondment_has_its_two_sides",
                violation_error_message="来区挂职请选择本区的机构；派出挂职不选。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=False, state__in=OVER)
                | (Q(ended_on__isnull=True) & ~Q(state__in=OVER)),
                name="secondment_over_has_an_end",
                violation_error_message="期满的挂职要有实际结束日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "planned_end_on"], name="secondments_by_state"),
            models.Index(fields=["cadre", "starts_on"], name="secondments_of_cadre"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre.name}·{self.place}{self.title}"

    @property
    def place(self) -> str:
        """Where the person works while on secondment."""
        return self.host_unit.name if self.host_unit else self.organisation

    @property
    def last_day(self) -> Any:
        """The last day as far as it is known."""
        return self.ended_on or self.planned_end_on


class OfSecondmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_SECONDMENT) -> Self:
        return self.filter(secondment__in=Secondment.objects.visible_to(viewer, permission))


@classify(plain="secondment act state happened_on at by_id by_name", personal="reason")
class SecondmentStep(models.Model):
    """One step on the way, only ever added (a trigger refuses to change it)."""

    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="steps", verbose_name="挂职")
    act = models.CharField("事项", max_length=12, choices=SecondmentAct)
    state = models.CharField("状态", max_length=12, choices=SecondmentState)
    happened_on = models.DateField("日期")
    at = models.DateTimeField("登记时间")
    by_id = models.PositiveBigIntegerField("经办账号", null=True, blank=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)

    objects: Any = OfSecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职经过"
        ordering = ["secondment", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.by_name}"


@classify(
    plain=(
        "secondment until state requested_at requested_by_id requested_by decided_at decided_by_id decided_by"
    ),
    personal="reason answer",
)
class SecondmentExtension(models.Model):
    """Asked for before the end; only an approval moves the planned end."""

    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="extensions", verbose_name="挂职")
    until = models.DateField("延期至")
    reason = models.CharField("延期原因", max_length=300)
    state = models.CharField("状态", max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED)
    requested_at = models.DateTimeField("申请时间")
    requested_by_id = models.PositiveBigIntegerField("申请账号", null=True, blank=True)
    requested_by = models.CharField("申请人", max_length=60, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decided_by_id = models.PositiveBigIntegerField("审批账号", null=True, blank=True)
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    answer = models.CharField("审批意见", max_length=300, blank=True)

    objects: Any = OfSecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职延期"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["secondment"],
                condition=Q(state=ExtensionState.REQUESTED),
                name="one_open_secondment_extension",
                violation_error_message="已有一份延期申请在审批。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.secondment}·延期至 {self.until:%Y-%m-%d}"


@classify(
    plain="secondment month sent_at read_at read_by_id read_by",
    personal="text wants_help answer",
)
class MonthlyNote(models.Model):
    """挂职月报: what the person did in a month, written on the phone, read by the head of the department."""

    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="notes", verbose_name="挂职")
    month = models.DateField("月份")
    text = models.TextField("本月工作", max_length=2000)
    wants_help = models.CharField("需要协调的事项", max_length=300, blank=True)
    sent_at = models.DateTimeField("提交时间")
    read_at = models.DateTimeField("审阅时间", null=True, blank=True)
    read_by_id = models.PositiveBigIntegerField("审阅账号", null=True, blank=True)
    read_by = models.CharField("审阅人", max_length=60, blank=True)
    answer = models.CharField("审阅意见", max_length=300, blank=True)

    objects: Any = OfSecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职月报"
        ordering = ["secondment", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["secondment", "month"],
                name="one_note_a_month",
                violation_error_message="这个月的月报已经提交。",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="note_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.secondment}·{self.month:%Y-%m} 月报"
