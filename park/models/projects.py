"""Projects of the zone: what is built or brought in, and how far each has come."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import covers
from park.choices import ProjectKind, ProjectStage, ProjectState
from park.models.plans import ActionPlan, PlanItem
from park.models.tasks import Task, cadre_field
from people.models import Unit
from people.models.units import under_any


def money_field(verbose_name: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """万元, with two decimals."""
    return models.DecimalField(
        verbose_name, max_digits=14, decimal_places=2, null=True, blank=True, help_text="万元", **options
    )


def held_through(field: str, viewer: Viewer) -> Q:
    """Condition: the row was given to the viewer, or the viewer guides whoever holds it, on their day."""
    from park.models.assignments import Assignment  # the two models name each other

    if viewer.cadre_id is None:
        return Q(pk__in=())
    mine = Q(cadre=viewer.cadre_id) | Q(lead_official=viewer.cadre_id)
    held = Assignment.objects.filter(covers(viewer.on), mine, **{f"{field}__isnull": False})
    return Q(pk__in=held.order_by().values(field))


def in_departments(viewer: Viewer, permission: Permission) -> Q:
    """Condition: the row's lead department lies in the viewer's part of the unit tree."""
    if viewer.sees_all(permission):
        return Q(pk__isnull=False)
    return Q(lead_department__in=Unit.objects.filter(under_any(viewer.paths(permission), "path")))


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        reach = in_departments(viewer, permission)
        if permission == Permission.VIEW_PARK and viewer.can(permission):
            reach |= held_through("project", viewer)
            if viewer.cadre_id is not None:
                reach |= Q(lead_official=viewer.cadre_id)
        return self.filter(reach)

    def live(self) -> Self:
        return self.filter(state__in=(ProjectState.RUNNING, ProjectState.PAUSED))


@classify(
    plain=(
        "code name kind stage stage_on state plan item task lead_department place content investment "
        "invested land_mu investor industry_chain bond_amount bond_issued_on bond_used starts_on due_on "
        "ended_on note created_at updated_at"
    ),
    personal="lead_official first_contact",
)
class Project(models.Model):
    """A project. `stage`/`stage_on` repeat the latest reached row of `ProjectStep`.

    The cadres who follow it are `Assignment`s; the lead official and department are those of today.
    """

    code = models.CharField("项目编号", max_length=40, unique=True, null=True, blank=True)
    name = models.CharField("项目名称", max_length=160, unique=True)
    kind = models.CharField("项目类别", max_length=16, choices=ProjectKind)
    stage = models.CharField("当前阶段", max_length=16, choices=ProjectStage)
    stage_on = models.DateField("进入阶段日期", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=ProjectState, default=ProjectState.RUNNING)
    plan = models.ForeignKey(
        ActionPlan, models.PROTECT, related_name="projects", null=True, blank=True, verbose_name="方案"
    )
    item = models.ForeignKey(
        PlanItem, models.PROTECT, related_name="projects", null=True, blank=True, verbose_name="方案条目"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, related_name="projects", null=True, blank=True, verbose_name="所属任务"
    )
    lead_department = models.ForeignKey(
        Unit, models.PROTECT, related_name="led_projects", null=True, blank=True, verbose_name="责任部门"
    )
    lead_official = cadre_field("包保领导", related_name="led_projects", null=True, blank=True)
    place = models.CharField("建设地点", max_length=100, blank=True)
    content = models.TextField("建设内容", blank=True)
    investment = money_field("总投资")
    invested = money_field("累计完成投资")
    land_mu = models.DecimalField("用地（亩）", max_digits=10, decimal_places=2, null=True, blank=True)
    investor = models.CharField("投资方", max_length=120, blank=True)
    industry_chain = models.CharField("产业链", max_length=60, blank=True)
    first_contact = models.CharField("首谈人", max_length=60, blank=True)
    bond_amount = money_field("专项债额度")
    bond_issued_on = models.DateField("专项债发行日期", null=True, blank=True)
    bond_used = money_field("专项债已使用")
    starts_on = models.DateField("开工日期", null=True, blank=True)
    due_on = models.DateField("计划完成日期", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(investment__isnull=True) | Q(investment__gte=0),
                name="project_investment_not_negative",
                violation_error_message="总投资不能为负数。",
            ),
            models.CheckConstraint(
                condition=Q(bond_used__isnull=True) | Q(bond_amount__gte=models.F("bond_used")),
                name="project_bond_used_within_amount",
                violation_error_message="专项债已使用不能超过额度。",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "stage"], name="project_by_stage"),
            models.Index(fields=["lead_department", "state"], name="project_of_department"),
        ]

    def __str__(self) -> str:
        return self.name


class OfProject(models.QuerySet[Any]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        return self.filter(project__in=Project.objects.visible_to(viewer, permission))


@classify(plain="project stage planned_on reached_on note created_at")
class ProjectStep(models.Model):
    """A stage of a project: when it was to be reached and when it was."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="steps", verbose_name="项目")
    stage = models.CharField("阶段", max_length=16, choices=ProjectStage)
    planned_on = models.DateField("计划日期", null=True, blank=True)
    reached_on = models.DateField("实际日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目阶段"
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage"],
                name="stage_once_per_project",
                violation_error_message="该阶段已登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}·{self.get_stage_display()}"
