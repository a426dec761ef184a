"""The decision room: cases, opinions, permits to read; the decision and what follows it."""

from typing import Any, Self
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.models import StoredFile
from growth.models import GrowthFile
from people.models import Cadre, Post
from rotation.choices.decisions import (
    IN_EFFECT,
    EffectState,
    ObjectionState,
    Outcome,
    Stance,
)
from rotation.choices.plans import MoveKind
from rotation.models.plans import Move, OfPlanQuerySet, RotationPlan, user_key


class CaseQuerySet(OfPlanQuerySet):
    """Whoever knows of the plan knows of its cases."""


@classify(plain="plan post number title opinions_due_on opened_by opened_at closed_at")
class Case(models.Model):
    """A matter laid before the leaders: a whole plan, or one post with everybody put forward for it.

    `closed_at` is when the meeting decided; from then on no opinion is given or withdrawn.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(RotationPlan, models.PROTECT, related_name="cases", verbose_name="方案")
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="岗位"
    )
    number = models.CharField("议题编号", max_length=30, unique=True)
    title = models.CharField("议题", max_length=120)
    opinions_due_on = models.DateField("意见截止")
    opened_by = user_key("提出人")
    opened_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("研究结束时间", null=True, blank=True)

    objects: Any = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "轮岗议题"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "post"],
                name="one_case_per_post",
                violation_error_message="这个岗位已经提出过议题。",
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(post__isnull=True),
                name="one_case_for_the_whole_plan",
                violation_error_message="这份方案已经提出过议题。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfCaseQuerySet(OfPlanQuerySet):
    plan_path = "case__plan"


@classify(plain="case move")
class Candidate(models.Model):
    """A move of the plan that the case is about; candidates stand in the order of their names' strokes."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="candidates", verbose_name="议题")
    move = models.ForeignKey(Move, models.CASCADE, related_name="+", verbose_name="人员调整")

    objects: Any = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人选"
        ordering = ["case", "move__cadre__name_stroke_key", "move"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "move"],
                name="candidate_once",
                violation_error_message="此人已在这个议题中。",
            )
        ]

    def __str__(self) -> str:
        return str(self.move)


@classify(plain="case file sha256 data_digest kept_at", personal="cadre")
class CaseFile(models.Model):
    """The growth file of a candidate as it is shown to the leaders; the decision is bound to its digests."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files", verbose_name="议题")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+", verbose_name="干部")
    file = models.ForeignKey(GrowthFile, models.PROTECT, related_name="+", verbose_name="成长档案")
    sha256 = models.CharField("文件摘要", max_length=64)
    data_digest = models.CharField("数据摘要", max_length=64)
    kept_at = models.DateTimeField("放入时间")

    objects: Any = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上会档案"
        ordering = ["case", "cadre"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cadre"],
                name="one_file_shown_per_candidate",
                violation_error_message="此人的档案已经放入。",
            )
        ]

    def __str__(self) -> str:
        return str(self.file)


@classify(plain="case user position is_main excluded", personal="absence")
class Speaker(models.Model):
    """A leader who speaks in the case, in this order; the main leader comes last (末位表态).

    `excluded`: 回避, a person or relative of the case. `absence` is why they are not there; "" is present.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="speakers", verbose_name="议题")
    user = user_key("领导")
    position = models.PositiveSmallIntegerField("发言次序")
    is_main = models.BooleanField("末位表态", default=False)
    excluded = models.BooleanField("回避", default=False)
    absence = models.CharField("请假原因", max_length=100, blank=True)

    objects: Any = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参会领导"
        ordering = ["case", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"],
                name="speaker_once",
                violation_error_message="此人已在发言名单中。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class LeaderOpinionQuerySet(OfCaseQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The own one at once, those of others when the meeting has decided; queries.room.cases.table_of
        says what may be seen in between."""
        own = Q(speaker__user=viewer.user_id)
        return super().visible_to(viewer).filter(own | Q(case__closed_at__isnull=False))

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


@classify(plain="case speaker choice in_writing given_at withdrawn_at stance", sensitive="words")
class LeaderOpinion(models.Model):
    """What a leader says of the case; one stands at a time, earlier ones are kept as withdrawn."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions", verbose_name="议题")
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="opinions", verbose_name="领导")
    stance = models.CharField("意见", max_length=8, choices=Stance)
    choice = models.ForeignKey(
        Move, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="同意人选"
    )
    words = EncryptedTextField("意见说明", blank=True, default="")
    in_writing = models.BooleanField("书面意见", default=False)
    given_at = models.DateTimeField("时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects: Any = LeaderOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导意见"
        ordering = ["case", "speaker__position", "given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["speaker"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_opinion",
                violation_error_message="已经发表过意见，要改请先撤回。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.speaker}：{self.get_stance_display()}"


class ReadingGrantQuerySet(OfCaseQuerySet):
    def live(self, viewer: Viewer) -> Self:
        """What lets this viewer read on the viewer's day: revoking and closing bind at the next request."""
        return self.filter(
            reader=viewer.user_id,
            starts_on__lte=viewer.on,
            ends_on__gte=viewer.on,
            revoked_at__isnull=True,
        )


@classify(
    plain="case reader starts_on ends_on granted_by granted_at revoked_at revoked_by", personal="purpose"
)
class ReadingGrant(models.Model):
    """A leader may read the leader edition of the candidates of this case, for so many days."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="grants", verbose_name="议题")
    reader = user_key("阅档人")
    purpose = models.CharField("事由", max_length=200)
    starts_on = models.DateField("授权起")
    ends_on = models.DateField("授权止")
    granted_by = user_key("授权人")
    granted_at = models.DateTimeField("授权时间")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoked_by = user_key("收回人", null=True)

    objects: Any = ReadingGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "阅档授权"
        ordering = ["case", "-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="reading_grant_ends_after_start",
                violation_error_message="授权结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="reading_grant_revoked_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["reader", "ends_on"], name="reading_grant_of_reader")]

    def __str__(self) -> str:
        return f"{self.reader}·{self.case.number}"


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
        seen = Q(cadre__in=Cadre.objects.visible_to(viewer, Permission.VIEW_CADRE))
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
