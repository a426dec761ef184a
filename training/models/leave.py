"""Leave from slots of a class: asked for or entered by staff, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from people.models.cadres import cadre_seen
from training.choices import LeaveReason, LeaveState
from training.models.enrolment import Participation
from training.models.slots import Slot

OPEN_LEAVE = (LeaveState.REQUESTED, LeaveState.GRANTED)


class LeaveRequestQuerySet(models.QuerySet["LeaveRequest"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission, "participation__cadre"))

    def waiting(self) -> Self:
        return self.filter(state=LeaveState.REQUESTED)


@classify(
    plain="participation slot state requested_at requested_by_id requested_by decided_at decided_by",
    personal="reason note answer",
)
class LeaveRequest(models.Model):
    """One person's leave from one slot. Granted, it stands in the attendance of the slot as well."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="leaves", verbose_name="参训记录"
    )
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="leaves", verbose_name="时段")
    reason = models.CharField("事由", max_length=12, choices=LeaveReason)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=LeaveState, default=LeaveState.REQUESTED)
    requested_at = models.DateTimeField("申请时间")
    requested_by_id = models.PositiveBigIntegerField("申请账号", null=True)
    requested_by = models.CharField("申请人", max_length=60, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    answer = models.CharField("审批意见", max_length=200, blank=True)

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "请假"
        ordering = ["slot__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "slot"],
                condition=Q(state__in=OPEN_LEAVE),
                name="one_leave_per_slot",
                violation_error_message="这个时段已经请过假。",
            )
        ]
        indexes = [models.Index(fields=["state", "slot"], name="leaves_by_state")]

    def __str__(self) -> str:
        return f"{self.participation}·请假"
