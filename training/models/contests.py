"""比拼: contests, their entries and judges, and what the judges gave."""

from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.models import StoredFile
from people.models import Cadre, Honour, Unit
from people.models.cadres import cadre_seen
from training.choices import Award, ContestKind, ContestState, Theme

MOST_POINTS = Decimal(100)


class ContestQuerySet(models.QuerySet["Contest"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Known in the zone, and to whoever judges."""
        if viewer.can(Permission.VIEW_TRAINING):
            return self
        return self.filter(Exists(ContestJudge.objects.filter(contest=OuterRef("pk"), user=viewer.user_id)))


@classify(
    plain=(
        "title kind theme rules entries_until judging_until state drops_extremes first_prizes second_prizes "
        "third_prizes closed_on published_on cancel_reason"
    )
)
class Contest(models.Model):
    """A contest (信息写作、演讲、微党课), from the call for entries to the published ranking.

    With `drops_extremes` the highest and the lowest score of an entry fall away from five judges on.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=12, choices=ContestKind)
    theme = models.CharField("专题", max_length=16, choices=Theme, default=Theme.OTHER)
    rules = models.TextField("规则", max_length=5000, blank=True)
    entries_until = models.DateField("作品截止")
    judging_until = models.DateField("评分截止", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=ContestState, default=ContestState.OPEN)
    drops_extremes = models.BooleanField("评委满 5 人时去掉最高分和最低分", default=True)
    first_prizes = models.PositiveSmallIntegerField(
        "一等奖名额", default=1, validators=[MaxValueValidator(99)]
    )
    second_prizes = models.PositiveSmallIntegerField(
        "二等奖名额", default=2, validators=[MaxValueValidator(99)]
    )
    third_prizes = models.PositiveSmallIntegerField(
        "三等奖名额", default=3, validators=[MaxValueValidator(99)]
    )
    closed_on = models.DateField("评定日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比拼"
        ordering = ["-entries_until", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "entries_until"],
                name="contest_once",
                violation_error_message="同名、同一截止日期的比拼已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(judging_until__isnull=True) | Q(judging_until__gte=models.F("entries_until")),
                name="judged_after_the_entries",
                violation_error_message="评分截止不能早于作品截止。",
            ),
            models.CheckConstraint(
                condition=Q(state=ContestState.PUBLISHED, published_on__isnull=False)
                | (~Q(state=ContestState.PUBLISHED) & Q(published_on__isnull=True)),
                name="published_contest_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ContestJudgeQuerySet(models.QuerySet["ContestJudge"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(contest__in=Contest.objects.visible_to(viewer))


@classify(plain="contest user weight")
class ContestJudge(models.Model):
    """Whose scores count, and how much."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="judges", verbose_name="比拼")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评委")
    weight = models.DecimalField(
        "权重",
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(10))],
    )

    objects = ContestJudgeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评委"
        ordering = ["contest", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "user"],
                name="judge_once_per_contest",
                violation_error_message="该账号已是本次比拼的评委。",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="judge_weight_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.contest}·{self.user}"


class ContestEntryQuerySet(models.QuerySet["ContestEntry"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        """Of the own people, of contests that the viewer judges; published ones are known to all."""
        mine = cadre_seen(viewer, permission)
        if permission != Permission.VIEW_TRAINING:
            return self.filter(mine)
        judged = Q(contest__in=ContestJudge.objects.filter(user=viewer.user_id).values("contest"))
        known = Q(contest__state=ContestState.PUBLISHED) if viewer.can(permission) else Q(pk__in=())
        return self.filter(mine | (Q(withdrawn_at__isnull=True) & (judged | known)))


@classify(plain="contest unit title note submitted_at withdrawn_at score rank award", personal="cadre honour")
class ContestEntry(models.Model):
    """One cadre's entry. `score`, `rank` and `award` are set when judging is closed; equals share a rank."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="entries", verbose_name="比拼")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="contest_entries", verbose_name="参赛人")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    title = models.CharField("作品名称", max_length=120)
    note = models.CharField("说明", max_length=500, blank=True)
    submitted_at = models.DateTimeField("提交时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, blank=True)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    award = models.CharField("奖项", max_length=8, choices=Award, blank=True)
    honour = models.OneToOneField(
        Honour, models.SET_NULL, related_name="contest_entry", null=True, blank=True, verbose_name="荣誉"
    )

    objects = ContestEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参赛作品"
        ordering = ["contest", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "cadre"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_entry_per_cadre",
                violation_error_message="该干部在本次比拼中已有作品；要换作品，请先撤回原作品。",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, rank__isnull=True) | Q(score__isnull=False, rank__gte=1),
                name="a_rank_goes_with_a_score",
            ),
        ]
        indexes = [models.Index(fields=["cadre", "contest"], name="entries_of_cadre_contests")]

    def __str__(self) -> str:
        return self.title


class EntryFileQuerySet(models.QuerySet["EntryFile"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(entry__in=ContestEntry.objects.visible_to(viewer))


@classify(plain="entry file")
class EntryFile(models.Model):
    entry = models.ForeignKey(ContestEntry, models.CASCADE, related_name="files", verbose_name="作品")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    objects = EntryFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作品文件"
        ordering = ["entry", "pk"]

    def __str__(self) -> str:
        return str(self.file)


class ContestScoreQuerySet(models.QuerySet["ContestScore"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The own ones; the others' once judging is closed, for those who run the contests."""
        own = Q(judge__user=viewer.user_id)
        closed = Q(entry__contest__state__in=[ContestState.CLOSED, ContestState.PUBLISHED])
        return self.filter(own | closed) if viewer.can(Permission.EDIT_TRAINING) else self.filter(own)


@classify(plain="entry judge scored_at", personal="points comment")
class ContestScore(models.Model):
    """What one judge gives one entry: 0 to 100 in steps of a half. Hidden from others until closed."""

    entry = models.ForeignKey(ContestEntry, models.CASCADE, related_name="scores", verbose_name="作品")
    judge = models.ForeignKey(ContestJudge, models.CASCADE, related_name="scores", verbose_name="评委")
    points = models.DecimalField("分数", max_digits=4, decimal_places=1)
    comment = models.CharField("评语", max_length=500, blank=True)
    scored_at = models.DateTimeField("评分时间")

    objects = ContestScoreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分"
        ordering = ["entry", "judge"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "judge"], name="judge_scores_once"),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=MOST_POINTS),
                name="points_within_a_hundred",
                violation_error_message="分数应在 0 到 100 之间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.points}"
