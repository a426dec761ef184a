"""Make-up study (补学): what someone who missed an activity reads and writes instead."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.models import StoredFile
from training.choices import MakeUpState
from training.models.slots import Attendance


class MakeUpQuerySet(models.QuerySet["MakeUp"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(attendance__in=Attendance.objects.visible_to(viewer, permission))


@classify(
    plain=(
        "attendance state material_text material_link material_file assigned_at assigned_by due_on "
        "submitted_at decided_at decided_by"
    ),
    personal="reflection remark",
)
class MakeUp(models.Model):
    """The make-up study of one absence. Reported apart from attendance: the absence stays an absence."""

    attendance = models.OneToOneField(
        Attendance, models.CASCADE, related_name="make_up", verbose_name="到课记录"
    )
    state = models.CharField("状态", max_length=12, choices=MakeUpState, default=MakeUpState.ASSIGNED)
    material_text = models.TextField("学习材料", max_length=20000, blank=True)
    material_link = models.URLField("材料链接", max_length=400, blank=True)
    material_file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="材料文件"
    )
    assigned_at = models.DateTimeField("布置时间")
    assigned_by = models.CharField("布置人", max_length=60, blank=True)
    due_on = models.DateField("完成期限")
    reflection = models.TextField("学习体会", max_length=4000, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.CharField("审核人", max_length=60, blank=True)
    remark = models.CharField("退回意见", max_length=200, blank=True)

    objects = MakeUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补学"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[MakeUpState.ASSIGNED, MakeUpState.RETURNED])
                | Q(submitted_at__isnull=False),
                name="a_make_up_in_hand_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MakeUpState.ACCEPTED, MakeUpState.RETURNED])
                | Q(decided_at__isnull=False),
                name="a_decided_make_up_has_a_decision",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="make_ups_due")]

    def __str__(self) -> str:
        return f"补学：{self.attendance}"
