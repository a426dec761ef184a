"""What is said at the middle and the end of a secondment, by whom, and what comes of it."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from core.models import StoredFile
from park.models import Task
from people.models.cadres import avoided_by
from rotation.choices.secondments import (
    OpinionParty,
    OpinionStage,
    Outcome,
    SecondmentGrade,
    SecondmentState,
)
from rotation.models.secondments import OfSecondmentQuerySet, Secondment

S = SecondmentState


class OpinionQuerySet(OfSecondmentQuerySet):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_SECONDMENT) -> Self:
        """鉴定 is L3: for those who may read resumes in the viewer's units. The person sees the own summary
        at any time and the rest once the appraisal is complete."""
        rows = super().visible_to(viewer, permission)
        if viewer.cadre_id is None:
            return rows if viewer.can(Permission.VIEW_RESUME) else rows.none()
        own = Q(secondment__cadre=viewer.cadre_id)
        told = Q(party=OpinionParty.SELF) | Q(secondment__state__in=(S.APPRAISED, S.RETURNED, S.KEPT))
        kept_from = avoided_by(viewer, "secondment__cadre")
        others = ~kept_from if viewer.paths(Permission.VIEW_RESUME) else Q(pk__in=())
        return rows.filter(others | (own & told))


@classify(
    plain="secondment stage party signed_on scan at by_id by_name by_form",
    personal="grade signer signer_title",
    sensitive="text",
)
class Opinion(models.Model):
    """One part of the midterm review or of the 挂职干部鉴定表; the words are encrypted."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="opinions", verbose_name="挂职")
    stage = models.CharField("环节", max_length=8, choices=OpinionStage)
    party = models.CharField("意见", max_length=16, choices=OpinionParty)
    text = EncryptedTextField("内容")
    grade = models.CharField("等次", max_length=20, choices=SecondmentGrade, blank=True)
    signer = models.CharField("签署人", max_length=60, blank=True)
    signer_title = models.CharField("签署人职务", max_length=60, blank=True)
    signed_on = models.DateField("签署日期")
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="签章扫描件"
    )
    by_form = models.BooleanField("由接收单位在线填写", default=False)
    at = models.DateTimeField("登记时间")
    by_id = models.PositiveBigIntegerField("经办账号", null=True, blank=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)

    objects: Any = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职鉴定"
        ordering = ["secondment", "stage", "party"]
        constraints = [
            models.UniqueConstraint(
                fields=["secondment", "stage", "party"],
                name="one_opinion_of_each",
                violation_error_message="这一项意见已经登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.secondment}·{self.get_stage_display()}{self.get_party_display()}"


@classify(
    plain="secondment stage expires_on made_at made_by_id made_by used_at revoked_at", sensitive="token_hash"
)
class HostForm(models.Model):
    """A link on which the host writes its opinion once. The secret itself is never stored."""

    secondment = models.ForeignKey(Secondment, models.CASCADE, related_name="host_forms", verbose_name="挂职")
    stage = models.CharField("环节", max_length=8, choices=OpinionStage)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField("有效期至")
    made_at = models.DateTimeField("生成时间")
    made_by_id = models.PositiveBigIntegerField("经办账号", null=True, blank=True)
    made_by = models.CharField("经办人", max_length=60, blank=True)
    used_at = models.DateTimeField("填写时间", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects: Any = OfSecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接收单位填写表"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["secondment", "stage"],
                condition=Q(used_at=None, revoked_at=None),
                name="one_open_host_form",
                violation_error_message="已有一个有效的填写链接。",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None), name="host_form_used_or_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.secondment}·{self.get_stage_display()}填写表"


@classify(plain="secondment outcome made_at made_by_id made_by", personal="position handover care")
class ReturnPlan(models.Model):
    """返岗安排: where the person goes after the end, and who prepares it."""

    secondment = models.OneToOneField(
        Secondment, models.CASCADE, related_name="return_plan", verbose_name="挂职"
    )
    outcome = models.CharField("去向", max_length=8, choices=Outcome, default=Outcome.RETURN)
    position = models.CharField("返岗后岗位", max_length=100, help_text="如 回原岗位。")
    handover = models.CharField("工作交接", max_length=300, blank=True)
    care = models.CharField("谈话和关爱安排", max_length=300, blank=True)
    made_at = models.DateTimeField("登记时间")
    made_by_id = models.PositiveBigIntegerField("经办账号", null=True, blank=True)
    made_by = models.CharField("经办人", max_length=60, blank=True)

    objects: Any = OfSecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "返岗安排"

    def __str__(self) -> str:
        return f"{self.secondment}·{self.get_outcome_display()}"


@classify(plain="secondment task added_at added_by_id added_by", personal="title text")
class BroughtHome(models.Model):
    """成果带回: what is worth doing here as well; it may become a task of the park."""

    secondment = models.ForeignKey(
        Secondment, models.CASCADE, related_name="brought_home", verbose_name="挂职"
    )
    title = models.CharField("成果", max_length=120)
    text = models.TextField("说明", blank=True, max_length=1000)
    task = models.ForeignKey(
        Task, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="园区任务"
    )
    added_at = models.DateTimeField("登记时间")
    added_by_id = models.PositiveBigIntegerField("登记账号", null=True, blank=True)
    added_by = models.CharField("登记人", max_length=60, blank=True)

    objects: Any = OfSecondmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成果带回"
        ordering = ["secondment", "pk"]

    def __str__(self) -> str:
        return self.title
