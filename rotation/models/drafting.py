"""What happens around a draft: edits that can be undone, reasons for what fails, opinions asked for."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from rotation.choices.plans import ConsultStance
from rotation.models.plans import OfPlanQuerySet, OfVariantQuerySet, RotationPlan, Variant


@classify(plain="variant by at undone_at", personal="words", sensitive="before")
class VariantEdit(models.Model):
    """One edit of a variant. `before` holds its moves as they were (JSON), so that it can be taken back."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="edits", verbose_name="备选方案")
    words = models.CharField("修改", max_length=200)
    before = EncryptedTextField("修改前")
    by = user_key("修改人")
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects: Any = OfVariantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案修改"
        ordering = ["variant", "-pk"]

    def __str__(self) -> str:
        return self.words


@classify(plain="variant key by at", personal="message", sensitive="reason")
class Waiver(models.Model):
    """Why a variant is put forward although a check fails. It holds for that very message alone.

    `key` names the check: code, cadre, post, unit (`rotation.checking.key_of`).
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="waivers", verbose_name="备选方案")
    key = models.CharField("检查项", max_length=80)
    message = models.CharField("不具备的条件", max_length=300)
    reason = EncryptedTextField("理由")
    by = user_key("说明人")
    at = models.DateTimeField("时间")

    objects: Any = OfVariantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "说明理由"
        ordering = ["variant", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "key"],
                name="one_waiver_per_check",
                violation_error_message="这一项已经说明过理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.message


@classify(plain="plan user round asked_at stance given_at", sensitive="words")
class ConsultOpinion(models.Model):
    """What somebody who was asked says to the plan; a plan that was sent back is asked about anew."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(RotationPlan, models.CASCADE, related_name="consultations", verbose_name="方案")
    user = user_key("被征求意见人")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    asked_at = models.DateTimeField("征求时间")
    stance = models.CharField("意见", max_length=10, choices=ConsultStance, blank=True)
    words = EncryptedTextField("具体意见", blank=True, default="")
    given_at = models.DateTimeField("反馈时间", null=True, blank=True)

    objects: Any = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "征求意见"
        ordering = ["plan", "-round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "user", "round"],
                name="asked_once_in_a_round",
                violation_error_message="本轮已向此人征求意见。",
            ),
            models.CheckConstraint(
                condition=(Q(stance="", given_at__isnull=True) | (~Q(stance="") & Q(given_at__isnull=False))),
                name="opinion_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_stance_display() or '待反馈'}"
