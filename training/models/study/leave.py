"""Leave from a study activity: asked for by the person, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from training.choices import AttendanceState, LeaveReason, LeaveState
from training.models.slots import Attendance

OPEN = (LeaveState.REQUESTED, LeaveState.GRANTED)
# Who is registered otherwise meanwhile needs no answer any more.
UNDECIDED = (AttendanceState.EXPECTED, AttendanceState.ABSENT)


class StudyLeaveQuerySet(models.QuerySet["StudyLeave"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(attendance__in=Attendance.objects.visible_to(viewer, permission))

    def waiting(self) -> Self:
        """Asked for, not answered, and not settled by what was registered since."""
        return self.filter(
            state=LeaveState.REQUESTED,
            attendance__state__in=UNDECIDED,
            attendance__slot__cancelled_at=None,
        )


@classify(
    plain="attendance state requested_at decided_at decided_by",
    personal="reason note answer",
)
class StudyLeave(models.Model):
    """One person's leave from one study activity. Granted, it stands in the attendance as well."""

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="leaves", verbose_name="到课记录")
    reason = models.CharField("事由", max_length=12, choices=LeaveReason)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=LeaveState, default=LeaveState.REQUESTED)
    requested_at = models.DateTimeField("申请时间")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)

    objects = StudyLeaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习活动请假"
        ordering = ["attendance__slot__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance"],
                condition=Q(state__in=OPEN),
                name="one_leave_per_activity",
                violation_error_message="这次活动已经请过假。",
            ),
            models.CheckConstraint(
                condition=Q(state=LeaveState.REQUESTED, decided_at=None)
                | (~Q(state=LeaveState.REQUESTED) & Q(decided_at__isnull=False)),
                name="an_answered_study_leave_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="study_leaves_by_state")]

    def __str__(self) -> str:
        return f"{self.attendance}·请假"
