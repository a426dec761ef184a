"""包干到人: who holds which task, project or enterprise, guided by which leader, from when to when."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from park.choices import AssignmentEnd, AssignmentRole, HandoverState
from park.models.enterprises import Enterprise
from park.models.projects import Project
from park.models.tasks import Task, cadre_field, user_field
from people.models.cadres import cadre_seen

SUBJECTS = ("task", "project", "enterprise")


class AssignmentQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        """Assignments of the viewer's cadres and the own ones; a leader sees those of whom they guide."""
        reach = cadre_seen(viewer, permission)
        if permission == Permission.VIEW_PARK and viewer.cadre_id and viewer.can(permission):
            reach |= Q(lead_official=viewer.cadre_id)
        return self.filter(reach)

    def to_people(self) -> Self:
        """With the names a list shows."""
        return self.select_related("cadre", "lead_official", *SUBJECTS)


def _exactly_one() -> Q:
    condition = Q()
    for chosen in SUBJECTS:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in SUBJECTS})
    return condition


@classify(
    plain="task project enterprise role starts_on ends_on end_reason note assigned_by created_at",
    personal="cadre lead_official",
)
class Assignment(Period):
    """One cadre on exactly one task, project or enterprise, with the lead official who guides them there.

    The owner and co-workers of a task are assignments too: `Task.owner` repeats the open owner row.
    Rows are closed, never overwritten, so who held what on any past day stays known.
    """

    cadre = cadre_field("干部", related_name="assignments")
    task = models.ForeignKey(
        Task, models.CASCADE, related_name="assignments", null=True, blank=True, verbose_name="任务"
    )
    project = models.ForeignKey(
        Project, models.CASCADE, related_name="assignments", null=True, blank=True, verbose_name="项目"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="assignments", null=True, blank=True, verbose_name="企业"
    )
    role = models.CharField("角色", max_length=10, choices=AssignmentRole)
    lead_official = cadre_field("带教领导", related_name="guided_assignments", null=True, blank=True)
    end_reason = models.CharField("结束原因", max_length=12, choices=AssignmentEnd, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    assigned_by = user_field("指派人", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: Any = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "包干"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            Period.ends_after_start("assignment_ends_after_start"),
            models.CheckConstraint(
                condition=_exactly_one(),
                name="assignment_of_exactly_one",
                violation_error_message="请选定一项任务、一个项目或一家企业。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="")
                | (Q(ends_on__isnull=False) & ~Q(end_reason="")),
                name="assignment_ended_with_reason",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(role=AssignmentRole.OWNER, ends_on__isnull=True, task__isnull=False),
                name="one_owner_per_task",
                violation_error_message="一项任务同时只能有一名责任人。",
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "cadre"],
                    condition=Q(ends_on__isnull=True, **{f"{subject}__isnull": False}),
                    name=f"cadre_once_per_{subject}",
                    violation_error_message="该干部已承担这一项。",
                )
                for subject in SUBJECTS
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "ends_on"], name="assignment_of_cadre"),
            models.Index(fields=["lead_official", "ends_on"], name="assignment_of_official"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.subject}"

    @property
    def subject(self) -> Task | Project | Enterprise:
        found: Task | Project | Enterprise | None = self.task or self.project or self.enterprise
        assert found is not None, "assignment_of_exactly_one"
        return found


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        """With the assignment, and for the one who is to take over."""
        seen = Q(assignment__in=Assignment.objects.visible_to(viewer, permission))
        if viewer.cadre_id and viewer.on_own_record(permission):
            seen |= Q(to=viewer.cadre_id)
        return self.filter(seen)


@classify(
    plain="assignment reason offered_on offered_by state answered_on note created_at",
    personal="to",
)
class Handover(models.Model):
    """One assignment offered to a successor; it changes hands when the successor accepts."""

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="handovers", verbose_name="移交的包干"
    )
    to = cadre_field("接收人", related_name="+")
    reason = models.CharField("移交原因", max_length=200, blank=True)
    offered_on = models.DateField("提出日期")
    offered_by = user_field("提出人", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=HandoverState, default=HandoverState.OFFERED)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    note = models.CharField("交接说明", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移交"
        ordering = ["-offered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state=HandoverState.OFFERED),
                name="one_open_handover_per_assignment",
                violation_error_message="这一项已提出移交，正等待接收。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}→{self.to}"


class LeaderNoteQuerySet(models.QuerySet["LeaderNote"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The leader's own notes, and those on cadres whose tasks one sees as staff; never the own note."""
        seen = cadre_seen(viewer, Permission.APPROVE_PARK)
        if viewer.cadre_id:
            seen = (seen & ~Q(cadre=viewer.cadre_id)) | Q(leader=viewer.cadre_id)
        return self.filter(seen)


@classify(plain="year quarter by created_at updated_at", personal="leader cadre text")
class LeaderNote(models.Model):
    """What a lead official notes each quarter on a person they guide: facts, no grades."""

    leader = cadre_field("带教领导", related_name="+")
    cadre = cadre_field("干部", related_name="leader_notes")
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(1990), MaxValueValidator(2199)]
    )
    quarter = models.PositiveSmallIntegerField(
        "季度", validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    text = models.TextField("带教记录")
    by = user_field("登记人", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LeaderNoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "带教记录"
        ordering = ["-year", "-quarter", "cadre"]
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "cadre", "year", "quarter"],
                name="one_leader_note_a_quarter",
                violation_error_message="这一季度的带教记录已登记，可以修改原记录。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.year}年第{self.quarter}季度"


class LoadRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        known = viewer.can(Permission.VIEW_PARK) or viewer.can(Permission.EDIT_RULES)
        return self if known else self.none()


@classify(plain="most_items most_people source starts_on ends_on")
class LoadRule(Period):
    """From how much on somebody carries too much: a cadre by what they hold, a leader by whom they guide."""

    most_items = models.PositiveSmallIntegerField(
        "每名干部最多承担（项）", default=8, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    most_people = models.PositiveSmallIntegerField(
        "每名领导最多带教（人）", default=12, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = LoadRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "负荷规则"
        ordering = ["-starts_on"]
        constraints = [
            Period.ends_after_start("load_rule_ends_after_start"),
            models.UniqueConstraint(fields=["starts_on"], name="one_load_rule_per_start"),
        ]

    def __str__(self) -> str:
        return f"负荷规则（{self.starts_on:%Y-%m-%d} 起）"

    @property
    def text(self) -> str:
        people = f"每名领导最多带教 {self.most_people} 人"
        return f"每名干部最多承担 {self.most_items} 项，{people}，超过即为超负荷。"
