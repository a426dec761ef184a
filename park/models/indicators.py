"""Targets of the plan in figures, and what was read of them."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.access import Permission, Viewer
from core.classification import classify
from park.choices import Comparison
from park.models.plans import ActionPlan, PlanItem
from park.models.tasks import Task, user_field


def figure_field(verbose_name: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Figures of plans go from 0.5 % to 100,000,000 万元; exact, never float."""
    return models.DecimalField(verbose_name, max_digits=16, decimal_places=4, **options)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        """Figures of a plan in force are known in the zone; those of a task to whoever sees the task."""
        tasks = Task.objects.visible_to(viewer, permission)
        free = Q(task__isnull=True)
        if permission == Permission.EDIT_PARK:
            return self.filter(Q(task__in=tasks) | free & Q(plan__in=ActionPlan.objects.editable_by(viewer)))
        return self.filter(Q(task__in=tasks) | free & Q(plan__in=ActionPlan.objects.visible_to(viewer)))


@classify(
    plain=(
        "plan item task parent position name unit baseline baseline_on target comparison deadline "
        "deadline_text source_text latest latest_on created_at updated_at"
    )
)
class Indicator(models.Model):
    """A figure to be reached. `comparison` says how; `baseline` is what it was before, where it is known.

    `latest`/`latest_on` repeat the newest reading. Children add up to their parent where the units agree.
    """

    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="indicators", verbose_name="方案")
    item = models.ForeignKey(
        PlanItem, models.PROTECT, related_name="indicators", null=True, blank=True, verbose_name="方案条目"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, related_name="indicators", null=True, blank=True, verbose_name="任务"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name="上级指标"
    )
    position = models.PositiveIntegerField("顺序", default=0)
    name = models.CharField("指标", max_length=120)
    unit = models.CharField("单位", max_length=20, blank=True)
    baseline = figure_field("基期值", null=True, blank=True)
    baseline_on = models.DateField("基期日期", null=True, blank=True)
    target = figure_field("目标值")
    comparison = models.CharField("要求", max_length=12, choices=Comparison, default=Comparison.EQUAL)
    deadline = models.DateField("完成时限", null=True, blank=True)
    deadline_text = models.CharField("完成时限（原文）", max_length=60, blank=True)
    source_text = models.TextField("原文", blank=True)
    latest = figure_field("最新值", null=True, blank=True)
    latest_on = models.DateField("最新值日期", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latest__isnull=True, latest_on__isnull=True)
                | Q(latest__isnull=False, latest_on__isnull=False),
                name="indicator_latest_with_date",
            ),
        ]
        indexes = [models.Index(fields=["plan", "position", "id"], name="indicator_of_plan")]

    def __str__(self) -> str:
        return self.name


class IndicatorReadingQuerySet(models.QuerySet["IndicatorReading"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        return self.filter(indicator__in=Indicator.objects.visible_to(viewer, permission))


@classify(plain="indicator on value note by corrects created_at")
class IndicatorReading(models.Model):
    """The figure as of a day. Append-only: a wrong one is put right by a later one that `corrects` it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings", verbose_name="指标")
    on = models.DateField("日期")
    value = figure_field("数值")
    note = models.CharField("说明", max_length=200, blank=True)
    by = user_field("登记人", null=True, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name="更正"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = IndicatorReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标读数"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["indicator", "-on", "-id"], name="reading_of_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator}·{self.on:%Y-%m-%d}"
