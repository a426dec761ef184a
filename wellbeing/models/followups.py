from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.links import user_key
from people.models.cadres import avoided_by
from wellbeing.choices.followups import FollowUpCategory, FollowUpState
from wellbeing.models.talks import Talk, cadre_key
from wellbeing.sealing.fields import SealedField


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Its owner, the talker and superior of the talk it came from, and the cadre it is about."""
        seen = Q(owner_id=viewer.user_id)
        if viewer.can(Permission.HOLD_TALK):
            seen |= Q(talk__talker_id=viewer.user_id) | Q(talk__superior_id=viewer.user_id)
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_TALK):
                seen |= Q(cadre_id=viewer.cadre_id)
        return self.filter(seen)


@classify(
    plain="talk owner due_on state opened_on closed_at closed_by told_at told_by",
    personal="cadre category",
    sensitive="matter result",
)
class FollowUp(models.Model):
    """A wish or a difficulty on its way: the category is known outside this room, the matter is not."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = cadre_key()
    talk = models.ForeignKey(Talk, models.PROTECT, related_name="+")
    category = models.CharField("类别", max_length=10, choices=FollowUpCategory)
    owner = user_key("责任人")
    due_on = models.DateField("办理时限")
    state = models.CharField("状态", max_length=12, choices=FollowUpState, default=FollowUpState.OPEN)
    opened_on = models.DateField("交办日期")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = user_key("办结人", null=True)
    told_at = models.DateTimeField("反馈本人时间", null=True, blank=True)
    told_by = user_key("反馈人", null=True)
    matter = SealedField("事项")
    result = SealedField("办理结果", blank=True, default="")

    objects: Any = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "跟进事项"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FollowUpState.OPEN, closed_at__isnull=True)
                | (~Q(state=FollowUpState.OPEN) & Q(closed_at__isnull=False)),
                name="follow_up_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(closed_at__isnull=False),
                name="follow_up_told_after_closing",
                violation_error_message="先登记办理结果，再反馈本人。",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="follow_up_of_owner"),
            models.Index(fields=["cadre", "state"], name="follow_up_of_cadre"),
            models.Index(fields=["talk"], name="follow_up_of_talk"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·跟进事项"
