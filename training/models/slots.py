"""When and where people are expected, and who came: one machine for classes and study activities."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from people.models import Cadre, Unit
from people.models.cadres import cadre_seen
from training.choices import AttendanceSource, AttendanceState, ClassState, LeaveReason
from training.models.catalogue import TrainingClass
from training.models.study import StudyActivity


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """As the class or the activity it belongs to: known in the zone, drafts to those who plan."""
        if not viewer.can(Permission.VIEW_TRAINING):
            return self.none()
        if viewer.paths(Permission.EDIT_TRAINING):
            return self
        return self.exclude(training_class__isnull=False, training_class__state=ClassState.DRAFT)

    def between(self, starts_at: object, ends_at: object) -> Self:
        """Slots that share a moment with the span, cancelled ones left out."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at, cancelled_at__isnull=True)


@classify(
    plain=(
        "training_class activity starts_at ends_at place topic lecturer checkin_opens_at late_after "
        "checkin_closes_at needs_sign_out sequence cancelled_at"
    )
)
class Slot(models.Model):
    """One span of time in one place (时段): part of a class, or the time of one study activity.

    `sequence` counts the changes that calendars must hear of (RFC 5545). The windows of check-in are
    moments; None means the defaults of training.checkin.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="slots", null=True, blank=True, verbose_name="班次"
    )
    activity = models.OneToOneField(
        StudyActivity, models.CASCADE, related_name="slot", null=True, blank=True, verbose_name="学习活动"
    )
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    place = models.CharField("地点", max_length=100, blank=True)
    topic = models.CharField("内容", max_length=200, blank=True)
    lecturer = models.CharField("主讲", max_length=100, blank=True)
    checkin_opens_at = models.DateTimeField("签到开始", null=True, blank=True)
    late_after = models.DateTimeField("迟到起算", null=True, blank=True)
    checkin_closes_at = models.DateTimeField("签到截止", null=True, blank=True)
    needs_sign_out = models.BooleanField("需要签退", default=False)
    sequence = models.PositiveIntegerField("修订次数", default=0, editable=False)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True, editable=False)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "时段"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="slot_ends_after_start",
                violation_error_message="结束时间须晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(training_class__isnull=False, activity__isnull=True)
                | Q(training_class__isnull=True, activity__isnull=False),
                name="slot_of_a_class_or_an_activity",
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="slots_in_time")]

    def __str__(self) -> str:
        return self.topic or str(self.training_class or self.activity)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(
    plain="slot unit state source checked_in_at checked_out_at is_remote is_extra",
    personal="cadre leave_reason note suspicion",
)
class Attendance(models.Model):
    """Whether one person came to one slot. A row exists for whoever is expected (应到).

    `unit` is where the person belonged on the day. `suspicion` says what about the check-in should be looked
    at, such as a device that checked in two people. `is_extra` marks people named one by one, whom a new
    reading of the roster leaves in place.
    """

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="attendances", verbose_name="时段")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="attendances", verbose_name="干部")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    state = models.CharField(
        "到课情况", max_length=12, choices=AttendanceState, default=AttendanceState.EXPECTED
    )
    source = models.CharField(
        "登记方式", max_length=12, choices=AttendanceSource, blank=True, default=AttendanceSource.NONE
    )
    leave_reason = models.CharField("请假事由", max_length=12, choices=LeaveReason, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    checked_in_at = models.DateTimeField("签到时间", null=True, blank=True)
    checked_out_at = models.DateTimeField("签退时间", null=True, blank=True)
    is_remote = models.BooleanField("远程参加", default=False)
    is_extra = models.BooleanField("名册以外", default=False, editable=False)
    suspicion = models.CharField("疑点", max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "到课记录"
        ordering = ["slot", "cadre"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "cadre"],
                name="cadre_once_per_slot",
                violation_error_message="该干部已在应到名单中。",
            ),
            models.CheckConstraint(
                condition=Q(state=AttendanceState.LEAVE) | Q(leave_reason=""),
                name="only_leave_has_a_leave_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "slot"], name="attendances_of_cadre"),
            models.Index(fields=["slot", "state"], name="attendances_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.slot}"
