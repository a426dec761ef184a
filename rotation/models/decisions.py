"""What a meeting decided and what follows: notice, effect, visits."""

from typing import Any, Self
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from core.models import StoredFile
from growth.models import GrowthFile
from people.models import Cadre, Post
from people.models.cadres import cadre_seen
from rotation.choices.decisions import IN_EFFECT, EffectState, ObjectionState, Outcome
from rotation.choices.plans import MoveKind
from rotation.models.plans import Move, OfPlanQuerySet, RotationPlan


@classify(
    plain=("plan number held_on place chair attendance minutes_file digest digest_sm3 decided_by decided_at"),
    sensitive="minutes record",
)
class Decision(models.Model):
    """What the meeting decided. The database refuses to change or remove it (rotation.append_only).

    `record` is canonical JSON: the variant as decided, who was there, the votes, and the digests of the
    growth files that were shown; `digest` is its SHA-256. `attendance`: name, whether present, and why not.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.OneToOneField(RotationPlan, models.PROTECT, related_name="decision", verbose_name="方案")
    number = models.CharField("会议编号", max_length=60)
    held_on = models.DateField("会议日期")
    place = models.CharField("地点", max_length=100, blank=True)
    chair = models.CharField("主持人", max_length=60)
    attendance = models.JSONField("到会情况", default=list)
    minutes = EncryptedTextField("会议记录", blank=True, default="")
    minutes_file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="会议记录附件"
    )
    record = EncryptedTextField("决定存档")
    digest = models.CharField("存档摘要", max_length=64)
    digest_sm3 = models.CharField("存档摘要（SM3）", max_length=64)
    decided_by = user_key("登记人")
    decided_at = models.DateTimeField("登记时间")

    objects: Any = OfPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会议决定"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.number}（{self.plan}）"


class DecidedMoveQuerySet(OfPlanQuerySet):
    plan_path = "decision__plan"

    def visible_to(self, viewer: Viewer) -> Self:
        """With the plan; what was made public, for the subject and for staff in their scope."""
        known = Q(decision__plan__in=RotationPlan.objects.visible_to(viewer))
        seen = cadre_seen(viewer, Permission.VIEW_CADRE)
        return self.filter(known | (self.made_public(viewer) & seen))

    def in_effect(self) -> Self:
        return self.filter(
            outcome=Outcome.PASSED,
            effect_line__effect__state__in=(EffectState.APPLIED, EffectState.CONFIRMED),
        )

    def on_notice(self, viewer: Viewer) -> Self:
        """What hangs on the board: for everyone who works here."""
        return self.filter(self.made_public(viewer))

    @staticmethod
    def made_public(viewer: Viewer) -> Q:
        """Only who has passed is ever made public; who has not stays in the case."""
        on_notice = Q(decision__plan__notice_from__lte=viewer.on)
        return Q(outcome=Outcome.PASSED) & (on_notice | Q(decision__plan__state__in=IN_EFFECT))


@classify(
    plain="decision move kind to_post to_text outcome agree against defer file file_sha256 data_digest",
    personal="cadre from_text",
)
class DecidedMove(models.Model):
    """One person of the decision, with the growth file that was shown; append-only like the decision."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="moves", verbose_name="会议决定")
    move = models.OneToOneField(Move, models.PROTECT, related_name="decided", verbose_name="人员调整")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+", verbose_name="干部")
    kind = models.CharField("类型", max_length=12, choices=MoveKind)
    from_text = models.CharField("原任职务", max_length=200, blank=True)
    to_post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="拟任岗位"
    )
    to_text = models.CharField("拟任职务", max_length=200, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    agree = models.PositiveSmallIntegerField("同意票", default=0)
    against = models.PositiveSmallIntegerField("不同意票", default=0)
    defer = models.PositiveSmallIntegerField("暂缓票", default=0)
    file = models.ForeignKey(
        GrowthFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="上会档案"
    )
    file_sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    data_digest = models.CharField("数据摘要", max_length=64, blank=True)

    objects: Any = DecidedMoveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "决定事项"
        ordering = ["decision", "cadre__name_stroke_key", "pk"]
        indexes = [models.Index(fields=["cadre", "outcome"], name="decided_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre}：{self.get_outcome_display()}"


class OfDecidedQuerySet(OfPlanQuerySet):
    plan_path = "decided__decision__plan"


@classify(
    plain="decided received_on recorded_by recorded_at state settled_on settled_by",
    sensitive="source content answer",
)
class Objection(models.Model):
    """What was said against somebody while the result hung out; nobody takes office before it is settled."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    decided = models.ForeignKey(
        DecidedMove, models.PROTECT, related_name="objections", verbose_name="公示对象"
    )
    received_on = models.DateField("收到日期")
    source = EncryptedTextField("反映人", blank=True, default="")
    content = EncryptedTextField("反映内容")
    state = models.CharField("核查结论", max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = EncryptedTextField("核查情况", blank=True, default="")
    recorded_by = user_key("登记人")
    recorded_at = models.DateTimeField("登记时间")
    settled_on = models.DateField("办结日期", null=True, blank=True)
    settled_by = user_key("办结人", null=True)

    objects: Any = OfDecidedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示反映"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, settled_on__isnull=True)
                | (~Q(state=ObjectionState.OPEN) & Q(settled_on__isnull=False)),
                name="objection_settled_with_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.decided.cadre}·{self.received_on:%Y-%m-%d}"


class EffectQuerySet(OfPlanQuerySet):
    def standing(self) -> Self:
        return self.exclude(state=EffectState.REVERTED)


@classify(plain="plan effective_on applied_at applied_by state settled_at settled_by", personal="journal")
class Effect(models.Model):
    """The moment a decision became appointments. `journal` says which rows were made or changed, and what
    they held before: what it takes to bring everything back, byte for byte, until it is confirmed."""

    plan = models.ForeignKey(RotationPlan, models.PROTECT, related_name="effects", verbose_name="方案")
    effective_on = models.DateField("任职日期")
    applied_at = models.DateTimeField("执行时间")
    applied_by = user_key("执行人", null=True)
    journal = models.JSONField("变动明细", default=list, encoder=DjangoJSONEncoder)
    state = models.CharField("状态", max_length=10, choices=EffectState, default=EffectState.APPLIED)
    settled_at = models.DateTimeField("确认或撤回时间", null=True, blank=True)
    settled_by = user_key("确认或撤回人", null=True)

    objects: Any = EffectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职生效"
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=~Q(state=EffectState.REVERTED),
                name="a_plan_takes_effect_once",
                violation_error_message="这份方案已经生效。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}·{self.effective_on:%Y-%m-%d}"


@classify(plain="decided effect due_on held_on held_by", sensitive="words")
class EffectLine(models.Model):
    """One mover of an effect, and the visit to them three months later (回访)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    decided = models.OneToOneField(
        DecidedMove, models.PROTECT, related_name="effect_line", verbose_name="决定事项"
    )
    effect = models.ForeignKey(Effect, models.CASCADE, related_name="lines", verbose_name="任职生效")
    due_on = models.DateField("回访期限")
    held_on = models.DateField("回访日期", null=True, blank=True)
    held_by = user_key("回访人", null=True)
    words = EncryptedTextField("回访情况", blank=True, default="")

    objects: Any = OfDecidedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职回访"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, held_by__isnull=True)
                | Q(held_on__isnull=False, held_by__isnull=False),
                name="revisit_held_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.decided.cadre}·回访"
