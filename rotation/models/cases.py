"""The decision room: cases, who speaks in them, what they say, and who may read which file."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from core.access import Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from growth.models import GrowthFile
from people.models import Cadre, Post
from rotation.choices.decisions import Stance
from rotation.models.plans import Move, OfPlanQuerySet, RotationPlan


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
