"""Study activities: who is expected, how often, in which series, what was on the agenda."""

from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.models import Cadre, Unit
from training.choices import (
    ActivityState,
    DayKind,
    Frequency,
    GroupKind,
    HolidayShift,
    StudyKind,
    StudyTheme,
)

WEEKDAYS = [(number, f"周{word}") for number, word in enumerate("一二三四五六日", start=1)]


class StudyGroupQuerySet(models.QuerySet["StudyGroup"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(plain="name kind parent unit closed_on")
class StudyGroup(models.Model):
    """A circle that studies together: a party branch, its committee, a party group, the centre group."""

    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=12, choices=GroupKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name="所属支部"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="所在机构"
    )
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = StudyGroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习组"
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(cadre__in=Cadre.objects.visible_to(viewer, Permission.VIEW_TRAINING))


@classify(plain="group role starts_on ends_on", personal="cadre")
class GroupMembership(Period):
    """Who belonged to a study group when, and as what (书记, 委员, 组长, 学习秘书)."""

    group = models.ForeignKey(StudyGroup, models.CASCADE, related_name="memberships", verbose_name="学习组")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="memberships", verbose_name="干部")
    role = models.CharField("职务", max_length=20, blank=True)

    objects: Any = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习组成员"
        ordering = ["group", "cadre", "starts_on"]
        constraints = [
            Period.ends_after_start("membership_ends_after_start"),
            models.UniqueConstraint(
                fields=["group", "cadre"],
                condition=Q(ends_on__isnull=True),
                name="one_open_membership_per_group",
                violation_error_message="该干部已是该学习组成员。",
            ),
        ]
        indexes = [models.Index(fields=["cadre", "starts_on"], name="memberships_of_cadre")]

    def __str__(self) -> str:
        return f"{self.group}·{self.cadre}"


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


@classify(
    plain=(
        "kind theme name group unit weekday every_weeks starts_at minutes place holiday_shift starts_on "
        "ends_on"
    )
)
class StudySeries(Period):
    """A series of activities (周一学习例会…): every `every_weeks` weeks on a weekday.

    Expected are the members of `group`, else the people of `unit` and below, else all active cadres.
    """

    kind = models.CharField("活动类别", max_length=20, choices=StudyKind)
    theme = models.CharField("主题", max_length=20, choices=StudyTheme, blank=True)
    name = models.CharField("名称", max_length=100)
    group = models.ForeignKey(
        StudyGroup, models.PROTECT, related_name="series", null=True, blank=True, verbose_name="学习组"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="参加机构"
    )
    weekday = models.PositiveSmallIntegerField("星期", choices=WEEKDAYS)
    every_weeks = models.PositiveSmallIntegerField(
        "每几周一次", default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    starts_at = models.TimeField("开始时刻")
    minutes = models.PositiveSmallIntegerField(
        "时长（分钟）", default=60, validators=[MinValueValidator(10), MaxValueValidator(600)]
    )
    place = models.CharField("地点", max_length=100, blank=True)
    holiday_shift = models.CharField("节假日", max_length=12, choices=HolidayShift, default=HolidayShift.NEXT)

    objects: Any = KnownToAllQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习活动系列"
        ordering = ["kind", "name"]
        constraints = [Period.ends_after_start("series_ends_after_start")]

    def __str__(self) -> str:
        return self.name


class StudyActivityQuerySet(models.QuerySet["StudyActivity"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Notices of study activities are known to everyone in the zone (security.md, row 3)."""
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(
    plain=(
        "kind theme title series group unit state held_on chair recorder form agenda_note decisions "
        "cancel_reason created_at updated_at"
    ),
    personal="minutes",
)
class StudyActivity(models.Model):
    """One study activity, planned or held; its time and place are its slot, who came its attendances.

    `held_on` is the local day of the slot, kept for the obligation clock.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("活动类别", max_length=20, choices=StudyKind)
    theme = models.CharField("主题", max_length=20, choices=StudyTheme, blank=True)
    title = models.CharField("活动名称", max_length=120)
    series = models.ForeignKey(
        StudySeries, models.SET_NULL, related_name="activities", null=True, blank=True, verbose_name="系列"
    )
    group = models.ForeignKey(
        StudyGroup, models.PROTECT, related_name="activities", null=True, blank=True, verbose_name="学习组"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="参加机构"
    )
    state = models.CharField("状态", max_length=12, choices=ActivityState, default=ActivityState.PLANNED)
    held_on = models.DateField("活动日期")
    chair = models.CharField("主持人", max_length=60, blank=True)
    recorder = models.CharField("记录人", max_length=60, blank=True)
    form = models.CharField("形式", max_length=60, blank=True)
    agenda_note = models.TextField("议程说明", max_length=2000, blank=True)
    minutes = models.TextField("记录", max_length=20000, blank=True)
    decisions = models.TextField("决议和成果", max_length=4000, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StudyActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习活动"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "held_on"],
                name="series_once_a_day",
                violation_error_message="该系列当日的活动已经排定。",
            )
        ]
        indexes = [models.Index(fields=["kind", "held_on"], name="activities_by_kind")]

    def __str__(self) -> str:
        return self.title


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(activity__in=StudyActivity.objects.visible_to(viewer))


@classify(plain="activity order topic speaker speaker_text minutes outline")
class AgendaItem(models.Model):
    """One point of the agenda and who speaks to it; a cadre's speeches are these rows."""

    activity = models.ForeignKey(
        StudyActivity, models.CASCADE, related_name="agenda", verbose_name="学习活动"
    )
    order = models.PositiveSmallIntegerField("序号", default=1)
    topic = models.CharField("议题", max_length=200)
    speaker = models.ForeignKey(
        Cadre, models.SET_NULL, related_name="speeches", null=True, blank=True, verbose_name="发言人"
    )
    speaker_text = models.CharField("发言人（外请）", max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField("时长（分钟）", null=True, blank=True)
    outline = models.TextField("发言提纲", max_length=4000, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议程"
        ordering = ["activity", "order", "pk"]

    def __str__(self) -> str:
        return self.topic
