"""The action plan, its clauses, and the proposal that stands between a document and the plan."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from park.choices import ItemKind, PlanState, Recurrence
from people.models import Unit
from people.models.units import under_any


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """A plan in force is known to everyone in the zone; one being drafted to those who draft it."""
        if not viewer.can(Permission.VIEW_PARK):
            return self.none()
        return self.filter(~Q(state=PlanState.DRAFT) | self._drafted_by(viewer))

    def editable_by(self, viewer: Viewer) -> Self:
        return self.filter(self._drafted_by(viewer))

    @staticmethod
    def _drafted_by(viewer: Viewer) -> Q:
        """Plans of the zone belong to whoever may edit in all of it, others to their unit's editors."""
        if viewer.sees_all(Permission.EDIT_PARK):
            return Q(pk__isnull=False)
        return under_any(viewer.paths(Permission.EDIT_PARK), "unit__path")


@classify(
    plain=(
        "title year document_no unit text file_name file_digest state base_on applied_at applied_by "
        "created_at"
    )
)
class ActionPlan(models.Model):
    """An action plan or a responsibility list. `text` is the document as it was read: spans point into it.

    `base_on` is the day from which "by the end of the year" and the like are reckoned.
    """

    title = models.CharField("方案名称", max_length=200)
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(1990), MaxValueValidator(2199)]
    )
    document_no = models.CharField("文号", max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="制定单位"
    )
    text = models.TextField("方案原文", blank=True)
    file_name = models.CharField("文件", max_length=255, blank=True)
    file_digest = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=PlanState, default=PlanState.IN_FORCE)
    base_on = models.DateField("起算日期")
    applied_at = models.DateTimeField("录入时间", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="录入人",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActionPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行动方案"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "year"],
                name="plan_title_once_a_year",
                violation_error_message="该年度已有同名方案。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(plan__in=ActionPlan.objects.visible_to(viewer))


@classify(
    plain="plan parent position level no path kind title text source_start source_end recurrence created_at"
)
class PlanItem(models.Model):
    """A clause. `no` as printed, `path` from the root (二.（二）.6.（1）), `title` its heading.

    `source_start`/`source_end` are character offsets into the plan's text: exactly the clause's sentences.
    """

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="items", verbose_name="方案")
    parent = models.ForeignKey(
        "self", models.CASCADE, related_name="children", null=True, blank=True, verbose_name="上级条目"
    )
    position = models.PositiveIntegerField("顺序")
    level = models.PositiveSmallIntegerField("层级")
    no = models.CharField("序号", max_length=20, blank=True)
    path = models.CharField("完整序号", max_length=80, blank=True)
    kind = models.CharField("类别", max_length=12, choices=ItemKind)
    title = models.CharField("标题", max_length=200, blank=True)
    text = models.TextField("内容")
    source_start = models.PositiveIntegerField("原文起点", null=True, blank=True)
    source_end = models.PositiveIntegerField("原文终点", null=True, blank=True)
    recurrence = models.CharField("周期", max_length=12, choices=Recurrence, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案条目"
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_item_position_once"),
            models.CheckConstraint(
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_start__lt=F("source_end")),
                name="plan_item_source_is_a_span",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:40]


class PlanProposalQuerySet(models.QuerySet["PlanProposal"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Like an upload, a proposal belongs to the one who is working on it."""
        return self.filter(owner_id=viewer.user_id) if viewer.can(Permission.EDIT_PARK) else self.none()


@classify(plain="owner title year text file_name file_digest base_on content plan created_at updated_at")
class PlanProposal(models.Model):
    """What a document was read as, while a person merges, splits, drops and edits it.

    Until it is applied (`plan` is set) nothing else is written. `content` is a list of entries as
    `park.proposals` describes them; `version` keeps two open windows from overwriting each other.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="经办人"
    )
    title = models.CharField("方案名称", max_length=200)
    year = models.PositiveSmallIntegerField("年度")
    text = models.TextField("方案原文")
    file_name = models.CharField("文件", max_length=255, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    base_on = models.DateField("起算日期")
    content = models.JSONField("拆分结果", default=list)
    version = models.PositiveIntegerField(default=0)
    plan = models.ForeignKey(
        ActionPlan, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="已生成的方案"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PlanProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案拆分草稿"
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-updated_at"], name="plan_proposal_of_owner")]

    def __str__(self) -> str:
        return self.title
