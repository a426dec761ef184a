"""What the person is told of a decision about them, and what the person says to it (签收、陈述申辩)."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from people.models.cadres import avoided_by
from wellbeing.models.inspections import Finding
from wellbeing.models.talks import cadre_key


class DecisionNoticeQuerySet(models.QuerySet["DecisionNotice"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The person it is about, as the person; whoever sees the discipline, not the officials."""
        officials = Q(finding__lead_id=viewer.user_id) | Q(finding__owner_id=viewer.user_id)
        seen = Q(finding__in=Finding.objects.visible_to(viewer)) & ~officials
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_WELLBEING):
                seen |= Q(cadre_id=viewer.cadre_id)
        return self.filter(seen)


@classify(
    plain="finding delivered_at delivered_by acknowledged_at stated_at",
    personal="cadre",
    sensitive="notice statement",
)
class DecisionNotice(models.Model):
    """送达: the words of the decision that the person reads; nothing else of the finding reaches them."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="+", verbose_name="督查问题")
    cadre = cadre_key()
    notice = EncryptedTextField("送达内容", max_length=1000)
    delivered_at = models.DateTimeField("送达时间")
    delivered_by = user_key("送达人")
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    statement = EncryptedTextField("陈述申辩", max_length=1000, blank=True, default="")
    stated_at = models.DateTimeField("陈述时间", null=True, blank=True)

    objects: Any = DecisionNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "处理决定送达"
        ordering = ["-delivered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stated_at__isnull=True) | Q(acknowledged_at__isnull=False),
                name="decision_stated_after_receipt",
            ),
        ]

    def __str__(self) -> str:
        """Goes into the audit log: whom it is about is not said there."""
        return f"处理决定送达 {self.pk}"
