"""文体活动: an activity with its places, and who has signed up."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.links import user_key
from core.seats import Seated
from people.models.cadres import cadre_seen
from wellbeing.choices.recreation import PUBLISHED, ActivityKind, ActivityState, SignUpState
from wellbeing.models.talks import cadre_key


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who arrange them see all; everyone with a record of the own sees what is published."""
        if viewer.paths(Permission.EDIT_CARE):
            return self
        if viewer.on_own_record(Permission.OWN_WELLBEING):
            return self.filter(state__in=PUBLISHED)
        return self.none()


@classify(
    plain=(
        "title kind place starts_at ends_at opens_at closes_at state note created_by created_at "
        "capacity seats_taken"
    )
)
class Activity(Seated):
    title = models.CharField("活动名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=ActivityKind)
    place = models.CharField("地点", max_length=60)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    opens_at = models.DateTimeField("报名开始")
    closes_at = models.DateTimeField("报名截止")
    note = models.CharField("说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=ActivityState, default=ActivityState.DRAFT)
    created_by = user_key("发起人")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects: Any = ActivityQuerySet.as_manager()

    class Meta(Seated.Meta):
        verbose_name = verbose_name_plural = "文体活动"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            *Seated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="activity_ends_after_start",
                violation_error_message="结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"), closes_at__lte=F("starts_at")),
                name="activity_sign_up_before_start",
                violation_error_message="报名截止要晚于报名开始，不晚于活动开始。",
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="activity_by_state")]

    def __str__(self) -> str:
        return self.title


class SignUpQuerySet(models.QuerySet["ActivitySignUp"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Who arranges sees the list of their units; a cadre the own row."""
        seen = Q(pk__in=())
        if viewer.paths(Permission.EDIT_CARE):
            seen |= cadre_seen(viewer, Permission.EDIT_CARE)
        if viewer.on_own_record(Permission.OWN_WELLBEING):
            seen |= Q(cadre_id=viewer.cadre_id)
        return self.filter(seen)


@classify(plain="activity waiting_since created_at updated_at", personal="cadre state attended")
class ActivitySignUp(models.Model):
    """One person at one activity; who comes back after leaving begins anew in the same row."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sign_ups", verbose_name="活动")
    cadre = cadre_key(models.CASCADE)
    state = models.CharField("状态", max_length=8, choices=SignUpState)
    waiting_since = models.DateTimeField("候补自", null=True, blank=True)
    attended = models.BooleanField("到场", null=True, blank=True)
    created_at = models.DateTimeField("报名时间", auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动报名"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "cadre"],
                name="one_sign_up_each",
                violation_error_message="您已经报过名。",
            ),
            models.CheckConstraint(
                condition=Q(state=SignUpState.WAITING, waiting_since__isnull=False)
                | (~Q(state=SignUpState.WAITING) & Q(waiting_since__isnull=True)),
                name="sign_up_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(attended__isnull=True) | Q(state=SignUpState.SEATED),
                name="sign_up_attended_with_a_seat",
                violation_error_message="只有已报名的人能登记到场。",
            ),
        ]
        indexes = [models.Index(fields=["cadre", "state"], name="sign_up_of_cadre")]

    def __str__(self) -> str:
        return f"{self.activity}·{self.cadre}"
