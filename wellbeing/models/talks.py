"""Talks: who talked with whom when (metadata), and apart from it, sealed, what was said.

Nothing of the content is a column of Talk, so no list, search or export can reach it by accident.
"""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.links import user_key
from people.models import Cadre, Unit
from people.models.cadres import avoided_by
from wellbeing.choices.talks import HELD_STATES, TalkKind, TalkState, TalkWay
from wellbeing.choices.triggers import TriggerCode
from wellbeing.sealing.fields import SealedField


def cadre_key(on_delete: Any = models.PROTECT, **options: Any) -> "models.ForeignKey[Any, Any]":
    """No reverse name: whoever holds a cadre must not find the way into this room."""
    return models.ForeignKey(Cadre, on_delete, related_name="+", verbose_name="干部", **options)


class TalkQuerySet(models.QuerySet["Talk"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """That a talk is planned or was held: its talker and superior, planners in their scope, the cadre.

        Says nothing about the content, which only `services.door` opens.
        """
        involved = Q(pk__in=())
        if viewer.can(Permission.HOLD_TALK):
            involved |= Q(talker_id=viewer.user_id) | Q(superior_id=viewer.user_id)
        scope = Cadre.objects.visible_to(viewer, Permission.PLAN_TALK)
        if viewer.paths(Permission.PLAN_TALK):
            involved |= Q(cadre__in=scope)
        if viewer.cadre_id is not None:
            involved &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_TALK):
                involved |= Q(cadre_id=viewer.cadre_id) & ~Q(state=TalkState.CANCELLED)
        return self.filter(involved)

    def held(self) -> Self:
        return self.filter(state__in=HELD_STATES)


@classify(
    plain=(
        "talker superior unit state created_by created_at finalised_at released_at signed_at archived_at "
        "erased_at"
    ),
    personal="cadre kind reason way place planned_from planned_to held_on",
)
class Talk(models.Model):
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = cadre_key()
    talker = user_key("谈话人")
    superior = user_key("指定上级", null=True, help_text="定稿后可以看到内容；不选就只有谈话人能看")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="当时所在部门"
    )
    kind = models.CharField("谈话类型", max_length=12, choices=TalkKind, default=TalkKind.DAILY)
    reason = models.CharField("谈话事由", max_length=20, choices=TriggerCode, default=TriggerCode.OTHER)
    way = models.CharField("谈话方式", max_length=12, choices=TalkWay, default=TalkWay.INDIVIDUAL)
    place = models.CharField("地点", max_length=60, blank=True)
    planned_from = models.DateTimeField("约定开始", null=True, blank=True)
    planned_to = models.DateTimeField("约定结束", null=True, blank=True)
    held_on = models.DateField("谈话日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=TalkState, default=TalkState.PLANNED)
    created_by = user_key("登记人", null=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    finalised_at = models.DateTimeField("定稿时间", null=True, blank=True)
    released_at = models.DateTimeField("送签时间", null=True, blank=True)
    signed_at = models.DateTimeField("签阅时间", null=True, blank=True)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)
    erased_at = models.DateTimeField("内容清除时间", null=True, blank=True)

    objects: Any = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "谈心谈话"
        ordering = ["-held_on", "-planned_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(superior__isnull=True) | ~Q(superior=F("talker")),
                name="talk_superior_is_another",
                violation_error_message="指定上级不能是谈话人自己，请另选一人或不选。",
            ),
            models.CheckConstraint(
                condition=Q(planned_from__isnull=True, planned_to__isnull=True)
                | Q(planned_from__isnull=False, planned_to__gt=F("planned_from")),
                name="talk_plan_is_a_span",
                violation_error_message="约定的结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD_STATES) | Q(held_on__isnull=False, finalised_at__isnull=False),
                name="talk_held_has_a_day",
                violation_error_message="定稿前请填写谈话日期。",
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=False, state=TalkState.ARCHIVED)
                | (Q(archived_at__isnull=True) & ~Q(state=TalkState.ARCHIVED)),
                name="talk_archived_has_a_time",
            ),
            models.CheckConstraint(
                condition=(~Q(state=TalkState.SIGNING) & Q(signed_at__isnull=True))
                | Q(released_at__isnull=False),
                name="talk_signed_after_release",
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "state", "held_on"], name="talk_of_cadre"),
            models.Index(fields=["talker", "state", "planned_from"], name="talk_of_talker"),
            models.Index(fields=["superior", "state"], name="talk_of_superior"),
            models.Index(fields=["unit", "state", "held_on"], name="talk_in_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·谈心谈话"


@classify(
    plain="talk saved_at",
    sensitive="mood thinking work study life wishes difficulties summary assessment remark",
)
class TalkContent(models.Model):
    """What was said, sealed under the cadre's key. Every field holds a token, also the empty ones."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    talk = models.OneToOneField(Talk, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField("保存时间", null=True)
    mood = SealedField("思想状态")
    thinking = SealedField("思想动态")
    work = SealedField("工作情况")
    study = SealedField("学习情况")
    life = SealedField("生活情况")
    wishes = SealedField("意愿诉求")
    difficulties = SealedField("困难问题")
    summary = SealedField("本人签阅摘要")
    assessment = SealedField("谈话人研判")
    remark = SealedField("本人意见")

    objects: Any = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "谈话内容"

    def __str__(self) -> str:
        return "谈话内容"


@classify(plain="talk at by", sensitive="text")
class TalkCorrection(models.Model):
    """Added to an archived talk; what was archived stays as it is, and no correction is changed either."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    talk = models.ForeignKey(Talk, models.CASCADE, related_name="+")
    at = models.DateTimeField("补记时间")
    by = user_key("补记人")
    text = SealedField("补充更正")

    objects: Any = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "补充更正"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return "补充更正"


@classify(plain="talk kept_at kept_by", sensitive="name content_type")
class TalkFile(models.Model):
    """An attachment; its bytes lie sealed under the cadre's key in the data folder."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    talk = models.ForeignKey(Talk, models.CASCADE, related_name="+")
    kept_at = models.DateTimeField("上传时间")
    kept_by = user_key("上传人")
    name = SealedField("文件名")
    content_type = SealedField("类型")

    objects: Any = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "谈话附件"
        ordering = ["kept_at", "pk"]

    def __str__(self) -> str:
        return "谈话附件"


class TalkSlotQuerySet(models.QuerySet["TalkSlot"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """One's own offers, what one has booked, and free ones, which anybody may be offered."""
        mine = Q(talker_id=viewer.user_id)
        if viewer.on_own_record(Permission.OWN_TALK):
            mine |= Q(cadre_id=viewer.cadre_id) | Q(cadre__isnull=True, withdrawn_at__isnull=True)
        return self.filter(mine)

    def free(self) -> Self:
        return self.filter(cadre__isnull=True, withdrawn_at__isnull=True)


@classify(plain="talker starts_at ends_at place withdrawn_at", personal="cadre talk")
class TalkSlot(models.Model):
    """A time that a talker offers; the first to ask for it gets it."""

    talker = user_key("谈话人")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    place = models.CharField("地点", max_length=60, blank=True)
    cadre = cadre_key(null=True, blank=True)
    talk = models.OneToOneField(Talk, models.SET_NULL, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects: Any = TalkSlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "谈话时段"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="talk_slot_is_a_span",
                violation_error_message="结束时间要晚于开始时间。",
            ),
            models.UniqueConstraint(
                fields=["talker", "starts_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="talk_slot_once",
                violation_error_message="这个开始时间已经放出过一个时段。",
            ),
            models.CheckConstraint(
                condition=Q(cadre__isnull=True) | Q(withdrawn_at__isnull=True),
                name="talk_slot_taken_is_not_withdrawn",
            ),
        ]
        indexes = [models.Index(fields=["talker", "starts_at"], name="talk_slot_of_talker")]

    def __str__(self) -> str:
        return f"{self.talker}·谈话时段"
