"""Rotation plans, their variants and moves: L4 until the result is published (security.md, row 8)."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from people.models import Appointment, Cadre, KinTie, Post, Unit
from rotation.choices.plans import CaseDuty, MoveKind, Origin, PlanState


class RotationPlanQuerySet(models.QuerySet["RotationPlan"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The people in the case and the main leaders; never a person who is moved in it, or a relative."""
        in_case = Exists(PlanMember.objects.filter(plan=OuterRef("pk"), user=viewer.user_id))
        known = Q(pk__isnull=False) if viewer.sees_all(Permission.DECIDE_ROTATION) else Q(in_case)
        return self.filter(known).exclude(self._concerns(viewer))

    def editable_by(self, viewer: Viewer) -> Self:
        """Plans that the viewer drafts."""
        if not viewer.paths(Permission.EDIT_ROTATION):
            return self.none()
        drafts = PlanMember.objects.filter(plan=OuterRef("pk"), user=viewer.user_id, duty=CaseDuty.DRAFTER)
        return self.visible_to(viewer).filter(Exists(drafts))

    @staticmethod
    def _concerns(viewer: Viewer) -> Q:
        if viewer.cadre_id is None:
            return Q(pk__in=())
        ties = KinTie.objects.of([viewer.cadre_id])
        moved = Move.objects.filter(variant__plan=OuterRef("pk"))
        mine = Q(cadre=viewer.cadre_id)
        kin = Q(cadre__in=ties.values("relative")) | Q(cadre__in=ties.values("cadre"))
        return Q(Exists(moved.filter(mine | kin)))


@classify(
    plain=(
        "title unit state document_no effective_on meeting_on notice_from notice_to chosen created_by "
        "created_at"
    ),
    sensitive="purpose",
)
class RotationPlan(models.Model):
    """A plan to move people. Its days are planned until the step that they belong to has been taken."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("方案名称", max_length=100)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="涉及范围"
    )
    purpose = EncryptedTextField("调整缘由", blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    meeting_on = models.DateField("上会日期", null=True, blank=True)
    notice_from = models.DateField("公示开始", null=True, blank=True)
    notice_to = models.DateField("公示结束", null=True, blank=True)
    effective_on = models.DateField("任职日期")
    document_no = models.CharField("任免文号", max_length=60, blank=True)
    chosen = models.ForeignKey(
        "Variant", models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="选定方案"
    )
    created_by = user_key("拟订人")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RotationPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "轮岗方案"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice_to__isnull=True) | Q(notice_to__gte=F("notice_from")),
                name="plan_notice_ends_after_start",
                violation_error_message="公示结束日期不能早于开始日期。",
            ),
        ]
        indexes = [models.Index(fields=["state", "effective_on"], name="plan_state_day")]

    def __str__(self) -> str:
        return self.title


class OfPlanQuerySet(models.QuerySet[Any]):
    """Rows that hang on a plan; `plan_path` is the way there."""

    plan_path = "plan"

    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(**{f"{self.plan_path}__in": RotationPlan.objects.visible_to(viewer)})


@classify(plain="plan user duty added_by added_at")
class PlanMember(models.Model):
    """Somebody who is let into the case."""

    plan = models.ForeignKey(RotationPlan, models.CASCADE, related_name="members", verbose_name="方案")
    user = user_key("人员")
    duty = models.CharField("参与方式", max_length=10, choices=CaseDuty)
    added_by = user_key("加入人")
    added_at = models.DateTimeField("加入时间", auto_now_add=True)

    objects: Any = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "知悉人员"
        ordering = ["plan", "duty", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "user"],
                name="plan_member_once",
                violation_error_message="此人已在知悉范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.get_duty_display()}）"


@classify(plain="plan letter title origin weights gives_up note created_at")
class Variant(models.Model):
    """A whole answer to the plan: A, B, … side by side.

    `weights` are those the machine was given; `gives_up` are the sentences on what it could not have.
    """

    plan = models.ForeignKey(RotationPlan, models.CASCADE, related_name="variants", verbose_name="方案")
    letter = models.CharField("代号", max_length=2)
    title = models.CharField("名称", max_length=60, blank=True)
    origin = models.CharField("来源", max_length=8, choices=Origin, default=Origin.PERSON)
    weights = models.JSONField("权重", default=dict, blank=True)
    gives_up = models.JSONField("取舍", default=list, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "备选方案"
        ordering = ["plan", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "letter"],
                name="variant_letter_once",
                violation_error_message="该代号已被使用。",
            ),
        ]

    def __str__(self) -> str:
        return f"方案{self.letter}"


class OfVariantQuerySet(OfPlanQuerySet):
    plan_path = "variant__plan"


@classify(
    plain="variant position kind origin to_post from_post created_at",
    personal="cadre from_appointment from_text",
    sensitive="reason",
)
class Move(models.Model):
    """One person from where they are to a post of the register; `to_post` None is a removal.

    `from_*` is what the person held when the move was written: `from_appointment` tells whether that is
    still so, `from_text` stays readable whatever becomes of it.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="moves", verbose_name="备选方案")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+", verbose_name="干部")
    from_appointment = models.ForeignKey(
        Appointment, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="现任职"
    )
    from_post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="现岗位"
    )
    from_text = models.CharField("现任职务", max_length=200, blank=True)
    to_post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="拟任岗位"
    )
    kind = models.CharField("类型", max_length=12, choices=MoveKind, default=MoveKind.ROTATION)
    origin = models.CharField("来源", max_length=8, choices=Origin, default=Origin.PERSON)
    reason = EncryptedTextField("任免理由", blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = OfVariantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员调整"
        ordering = ["variant", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "cadre"],
                name="one_move_per_cadre",
                violation_error_message="该干部在本方案中已有调整。",
            ),
            models.CheckConstraint(
                condition=Q(kind=MoveKind.REMOVAL, to_post__isnull=True)
                | (~Q(kind=MoveKind.REMOVAL) & Q(to_post__isnull=False)),
                name="only_a_removal_has_no_post",
                violation_error_message="请选择拟任岗位；只免不任的请选“免职”。",
            ),
        ]
        indexes = [models.Index(fields=["cadre"], name="moves_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre}：{self.from_text or '无现职'} → {self.to_post or '免职'}"


@classify(plain="plan action state_before state_after by at note")
class PlanStep(models.Model):
    """What happened to the plan; never changed."""

    plan = models.ForeignKey(RotationPlan, models.CASCADE, related_name="steps", verbose_name="方案")
    action = models.CharField("动作", max_length=40)
    state_before = models.CharField("原状态", max_length=10, choices=PlanState, blank=True)
    state_after = models.CharField("新状态", max_length=10, choices=PlanState)
    by = user_key("经办人", null=True)
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=300, blank=True)

    objects: Any = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案过程"
        ordering = ["plan", "at", "pk"]

    def __str__(self) -> str:
        return self.action
