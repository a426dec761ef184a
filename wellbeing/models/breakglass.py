from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from core.links import user_key
from people.models.cadres import avoided_by
from wellbeing.choices.talks import GlassReason, GlassState, GlassVerdict
from wellbeing.models.talks import Talk


class EmergencyQuerySet(models.QuerySet["EmergencyAccess"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Who asked, who may decide, the reviewer, the security officer who may stop it, and the talker.

        Nobody decides about a talk of their own: the subject and the talker are no approvers.
        """
        seen = Q(asked_by_id=viewer.user_id) | Q(talk__talker_id=viewer.user_id)
        if viewer.can(Permission.REVIEW_BREAK_GLASS) or viewer.can(Permission.MANAGE_GRANTS):
            seen |= Q(pk__isnull=False)
        if viewer.can(Permission.APPROVE_BREAK_GLASS):
            seen |= Q(pk__isnull=False)
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "talk__cadre")
        return self.filter(seen)


@classify(
    plain=(
        "talk category state asked_by asked_at decided_by decided_at expires_at opened_at openings "
        "reviewed_by reviewed_at verdict"
    ),
    sensitive="reason",
)
class EmergencyAccess(models.Model):
    """Break-glass: one reader, one talk, thirty minutes, approved by a second person, reviewed afterwards."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    talk = models.ForeignKey(Talk, models.PROTECT, related_name="+")
    category = models.CharField("调阅缘由", max_length=12, choices=GlassReason)
    reason = EncryptedTextField("具体理由")
    state = models.CharField("状态", max_length=10, choices=GlassState, default=GlassState.ASKED)
    asked_by = user_key("申请人")
    asked_at = models.DateTimeField("申请时间")
    decided_by = user_key("审批人", null=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    expires_at = models.DateTimeField("有效期至", null=True, blank=True)
    opened_at = models.DateTimeField("首次打开", null=True, blank=True)
    openings = models.PositiveIntegerField("打开次数", default=0)
    reviewed_by = user_key("复核人", null=True)
    reviewed_at = models.DateTimeField("复核时间", null=True, blank=True)
    verdict = models.CharField("复核结论", max_length=10, choices=GlassVerdict, blank=True)

    objects: Any = EmergencyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "紧急调阅"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["talk", "asked_by"],
                condition=Q(state__in=[GlassState.ASKED, GlassState.OPEN]),
                name="one_emergency_at_a_time",
                violation_error_message="您对这次谈话的调阅申请还在办理或有效期内，不用重复申请。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="emergency_needs_two_people",
                violation_error_message="紧急调阅须由另一人审批。",
            ),
            models.CheckConstraint(
                condition=~Q(state=GlassState.OPEN)
                | Q(decided_by__isnull=False, decided_at__isnull=False, expires_at__isnull=False),
                name="emergency_open_is_limited",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, verdict="")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(verdict="")),
                name="emergency_review_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="emergency_by_state")]

    def __str__(self) -> str:
        return f"{self.talk}·紧急调阅"
