"""Series of study activities, the activities themselves, their agenda and their files."""

from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.models import StoredFile
from core.periods import Period
from people.models import Cadre, Unit
from people.models.units import under_any
from training.choices import ActivityState, HolidayShift, StudyKind, StudyTheme
from training.models.study.groups import StudyGroup
from training.models.study.rules import KnownToAllQuerySet

WEEKDAYS = [(number, f"周{word}") for number, word in enumerate("一二三四五六日", start=1)]
NTH = [(1, "第一个"), (2, "第二个"), (3, "第三个"), (4, "第四个"), (5, "最后一个")]


@classify(
    plain=(
        "kind theme name group unit weekday every_weeks every_months nth starts_at minutes place "
        "holiday_shift starts_on ends_on"
    )
)
class StudySeries(Period):
    """A series of activities (周一学习例会…): every `every_weeks` weeks on a weekday.

    With `every_months` it is instead the `nth` such weekday of every so many months (5: the last one).

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
    every_months = models.PositiveSmallIntegerField(
        "每几个月一次", default=0, validators=[MaxValueValidator(12)], help_text="0 表示按周"
    )
    nth = models.PositiveSmallIntegerField("当月第几个", choices=NTH, default=1)
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
    def in_reach(self, viewer: Viewer, permission: Permission) -> Self:
        """Activities that the viewer may change: those of the own units, and with them all of the zone's
        for whoever looks after the whole zone."""
        if viewer.sees_all(permission):
            return self
        paths = viewer.paths(permission)
        return self.filter(under_any(paths, "unit__path") | under_any(paths, "group__unit__path"))

    def visible_to(self, viewer: Viewer) -> Self:
        """Notices of study activities are known to everyone in the zone (security.md, row 3)."""
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(
    plain=(
        "kind theme title series planned_for group unit state held_on postponed_from change_reason chair "
        "recorder guests form article agenda_note decisions cancel_reason created_at updated_at"
    ),
    personal="minutes",
)
class StudyActivity(models.Model):
    """One study activity, planned or held; its time and place are its slot, who came its attendances.

    `held_on` is the local day of the slot, kept for the obligation clock. `planned_for` is the day that
    the series gave it before any shift: planning again recognises it there, wherever it was moved to.
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
    planned_for = models.DateField("系列原定日期", null=True, blank=True, editable=False)
    postponed_from = models.DateField("改期前日期", null=True, blank=True, editable=False)
    change_reason = models.CharField("改期原因", max_length=200, blank=True)
    chair = models.CharField("主持人", max_length=60, blank=True)
    recorder = models.CharField("记录人", max_length=60, blank=True)
    guests = models.CharField("列席", max_length=200, blank=True)
    form = models.CharField("形式", max_length=60, blank=True)
    article = models.ForeignKey(
        "training.Article",
        models.SET_NULL,
        related_name="activities",
        null=True,
        blank=True,
        verbose_name="传达的文件文章",
    )
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
                fields=["series", "planned_for"],
                name="series_once_a_day",
                violation_error_message="该系列当日的活动已经排定。",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActivityState.CANCELLED) | ~Q(cancel_reason=""),
                name="a_cancelled_activity_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "held_on"], name="activities_by_kind"),
            models.Index(fields=["group", "held_on"], name="activities_of_group"),
        ]

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


class ActivityFileQuerySet(models.QuerySet["ActivityFile"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """What hangs on an activity shows people and their words: for whoever looks after the people."""
        seen = self.filter(activity__in=StudyActivity.objects.visible_to(viewer))
        return seen if viewer.paths(Permission.VIEW_TRAINING) else seen.filter(_was_there(viewer))


def _was_there(viewer: Viewer) -> Q:
    return Q(activity__slot__attendances__cadre=viewer.cadre_id or 0)


@classify(plain="activity stored caption added_at")
class ActivityFile(models.Model):
    """A photo or a document of an activity; the bytes are with core.files."""

    activity = models.ForeignKey(StudyActivity, models.CASCADE, related_name="files", verbose_name="学习活动")
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    caption = models.CharField("说明", max_length=100, blank=True)
    added_at = models.DateTimeField("上传时间")

    objects = ActivityFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习活动附件"
        ordering = ["activity", "added_at", "pk"]

    def __str__(self) -> str:
        return self.caption or str(self.stored)
