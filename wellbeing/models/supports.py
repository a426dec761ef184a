"""困难党员帮扶: who helps whom until when, and the visits on the way."""

from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from people.models.cadres import avoided_by, cadre_seen
from wellbeing.choices.care import SupportState
from wellbeing.models.talks import cadre_key


class CareSupportQuerySet(models.QuerySet["CareSupport"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The helper, the handlers of the unit, and the cadre who is helped."""
        seen = Q(helper_id=viewer.user_id)
        if viewer.paths(Permission.EDIT_CARE):
            seen |= cadre_seen(viewer, Permission.EDIT_CARE)
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_WELLBEING):
                seen |= Q(cadre_id=viewer.cadre_id)
        return self.filter(seen)


@classify(
    plain="helper handler starts_on until visit_days next_visit_on state ended_on",
    personal="cadre",
    sensitive="situation result",
)
class CareSupport(models.Model):
    """结对帮扶 of one party member: a helper, a rhythm of visits, an end."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = cadre_key()
    helper = user_key("结对帮扶人")
    handler = user_key("经办人")
    starts_on = models.DateField("帮扶开始")
    until = models.DateField("帮扶至")
    visit_days = models.PositiveSmallIntegerField(
        "多少天走访一次", default=90, validators=[MinValueValidator(7), MaxValueValidator(366)]
    )
    next_visit_on = models.DateField("下次走访", editable=False)
    situation = EncryptedTextField("困难情况和帮扶措施", max_length=1000)
    state = models.CharField("状态", max_length=8, choices=SupportState, default=SupportState.ACTIVE)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    result = EncryptedTextField("帮扶结果", max_length=500, blank=True, default="")

    objects: Any = CareSupportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对帮扶"
        ordering = ["next_visit_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(state=SupportState.ACTIVE),
                name="one_support_at_a_time",
                violation_error_message="该同志已有结对帮扶，请在原记录上办理。",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("starts_on")),
                name="care_support_is_a_span",
                violation_error_message="帮扶截止日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(state=SupportState.ACTIVE, ended_on__isnull=True)
                | (~Q(state=SupportState.ACTIVE) & Q(ended_on__isnull=False)),
                name="care_support_ended_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["helper", "state", "next_visit_on"], name="care_support_of_helper")]

    def __str__(self) -> str:
        return f"结对帮扶 {self.pk}"


class CareVisitQuerySet(models.QuerySet["CareVisit"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(support__in=CareSupport.objects.visible_to(viewer))


@classify(plain="support visited_on visitor", sensitive="note")
class CareVisit(models.Model):
    """One visit of the helper."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    support = models.ForeignKey(CareSupport, models.CASCADE, related_name="+", verbose_name="帮扶")
    visited_on = models.DateField("走访日期")
    visitor = user_key("走访人")
    note = EncryptedTextField("走访情况", max_length=500)

    objects: Any = CareVisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶走访"
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"帮扶走访 {self.pk}"
