"""Tasks: who answers for what by when, how far it is, and what was done to move it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.access import Permission, Viewer
from core.classification import classify
from core.models import StoredFile
from core.periods import Period, PeriodQuerySet, covers
from park.choices import (
    ENDED_STATES,
    OPEN_STATES,
    AssignmentEnd,
    ExtensionState,
    Recurrence,
    SupervisionKind,
    TaskState,
    UnitRole,
)
from park.models.plans import ActionPlan, PlanItem
from people.models import Cadre, Unit
from people.models.units import under_any

# What 三（二）"压实工作责任" asks of every task before it may be issued: field → what to call it.
RESPONSIBLE_FIELDS = {
    "lead_official": "责任领导",
    "lead_department": "责任部门",
    "owner": "责任人",
    "due_on": "完成时限",
}
NOT_ENDED = tuple(state for state in TaskState if state not in ENDED_STATES)
NOWHERE = Q(pk__in=())
COMPLETE = Q(**{f"{name}__isnull": False for name in RESPONSIBLE_FIELDS})


def percent_field(verbose_name: str, **options: Any) -> "models.PositiveSmallIntegerField[Any, Any]":
    validators = [MinValueValidator(0), MaxValueValidator(100)]
    return models.PositiveSmallIntegerField(verbose_name, validators=validators, **options)


def user_field(verbose_name: str, **options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=verbose_name, **options
    )


def cadre_field(verbose_name: str, **options: Any) -> "models.ForeignKey[Any, Any]":
    """A person of the register; a cadre is never deleted while something names them."""
    return models.ForeignKey(Cadre, models.PROTECT, verbose_name=verbose_name, **options)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        """Tasks of the viewer's departments (lead, and to look at also supporting), and the own ones.

        Drafts are for those who may edit them. A leader sees what they lead wherever it is done.
        What is seen for several reasons is one union of keys: with OR between them a database that is asked
        for the tasks of one person reads all tasks.
        """
        if viewer.sees_all(Permission.EDIT_PARK):
            return self
        edits = [self._in_scope(viewer, Permission.EDIT_PARK), self._of_own_plans(viewer)]
        if permission == Permission.EDIT_PARK:
            return self.filter(pk__in=_union(edits))
        if viewer.sees_all(permission) and not viewer.can(Permission.EDIT_PARK):
            return self.published()
        reach = [part & ~Q(state=TaskState.DRAFT) for part in self._reach(viewer, permission)]
        return self.filter(pk__in=_union([*reach, *edits]))

    def _reach(self, viewer: Viewer, permission: Permission) -> Iterator[Q]:
        yield self._in_scope(viewer, permission)
        if permission == Permission.VIEW_PARK:
            yield self._supported(viewer)
            yield self._led_by(viewer)
            yield self._held_by(viewer)
        elif permission == Permission.APPROVE_PARK and viewer.can(permission):
            yield self._led_by(viewer)

    def published(self) -> Self:
        return self.exclude(state=TaskState.DRAFT)

    def open(self) -> Self:
        """Issued and neither closed nor stopped."""
        return self.filter(state__in=OPEN_STATES)

    def inspected_by(self, viewer: Viewer) -> Self:
        """Issued tasks of the units whose discipline the viewer looks after; never the own ones."""
        rows = self.published().filter(self._in_scope(viewer, Permission.VIEW_DISCIPLINE))
        if viewer.cadre_id is None:
            return rows
        return rows.exclude(owner=viewer.cadre_id).exclude(lead_official=viewer.cadre_id)

    def held_by(self, cadre_id: int, on: date) -> Self:
        """Tasks the cadre answers for or works on that day, and those they have finished."""
        return self.filter(pk__in=_held_ids(cadre_id, on))

    @staticmethod
    def _in_scope(viewer: Viewer, permission: Permission) -> Q:
        if viewer.sees_all(permission):
            return Q(pk__isnull=False)
        paths = viewer.paths(permission)
        if not paths:
            return NOWHERE
        return Q(lead_department__in=Unit.objects.filter(under_any(paths, "path")))

    @staticmethod
    def _of_own_plans(viewer: Viewer) -> Q:
        """Drafts without a department belong to the plan's own editors."""
        if not viewer.can(Permission.EDIT_PARK) or viewer.sees_all(Permission.EDIT_PARK):
            return NOWHERE
        plans = ActionPlan.objects.editable_by(viewer)
        return Q(lead_department__isnull=True, plan__in=plans)

    @staticmethod
    def _supported(viewer: Viewer) -> Q:
        paths = viewer.paths(Permission.VIEW_PARK)
        if not paths or "" in paths:
            return NOWHERE
        supporting = TaskUnit.objects.filter(covers(viewer.on), under_any(paths, "unit__path"))
        return Q(pk__in=supporting.filter(role=UnitRole.SUPPORT).values("task"))

    @staticmethod
    def _led_by(viewer: Viewer) -> Q:
        if viewer.cadre_id is None or viewer.sees_all(Permission.VIEW_PARK):
            return NOWHERE
        return Q(lead_official=viewer.cadre_id)

    @staticmethod
    def _held_by(viewer: Viewer) -> Q:
        if viewer.cadre_id is None or not viewer.on_own_record(Permission.VIEW_PARK):
            return NOWHERE
        if viewer.sees_all(Permission.VIEW_PARK):
            return NOWHERE
        return Q(pk__in=_held_ids(viewer.cadre_id, viewer.on))


def _union(reasons: Iterable[Q]) -> "models.QuerySet[Any, Any]":
    """Keys of the tasks that one reason or another shows."""
    parts = [Task.objects.filter(reason).order_by().values("pk") for reason in reasons if reason != NOWHERE]
    if not parts:
        return Task.objects.none().values("pk")
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


def _held_ids(cadre_id: int, on: date) -> "models.QuerySet[Any, Any]":
    from park.models.assignments import Assignment  # the two models name each other

    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=on) | Q(end_reason=AssignmentEnd.CLOSED)
    held = Assignment.objects.filter(lasting, cadre=cadre_id, task__isnull=False)
    return held.order_by().values("task")


@classify(
    plain=(
        "plan item measure parent position no name measures goal recurrence lead_department starts_on due_on "
        "due_text state percent latest_report reported_on is_key extended_times reminded_times "
        "supervised_times issued_at issued_by ended_on source created_at updated_at"
    ),
    personal="lead_official owner",
)
class Task(models.Model):
    """One line of the responsibility list.

    The four responsible fields say who answers today; `Assignment` and `TaskUnit` say who did when.
    `percent`, `latest_report` and the counters repeat what the reports, extensions and supervisions say,
    so that a page of tasks needs no further reads; only services write them. `measure` is the measure of
    the plan under which the task stands in the list, `due_text` the deadline as it was written.
    """

    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="tasks", verbose_name="方案")
    item = models.ForeignKey(
        PlanItem, models.PROTECT, related_name="tasks", null=True, blank=True, verbose_name="方案条目"
    )
    measure = models.ForeignKey(
        PlanItem, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="所属措施"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name="上级任务"
    )
    position = models.PositiveIntegerField("顺序", default=0)
    no = models.CharField("序号", max_length=40, blank=True)
    name = models.CharField("工作任务", max_length=200)
    measures = models.TextField("工作举措", blank=True)
    goal = models.TextField("工作目标", blank=True)
    recurrence = models.CharField("周期", max_length=12, choices=Recurrence, blank=True)
    lead_official = cadre_field("责任领导", related_name="led_tasks", null=True, blank=True)
    lead_department = models.ForeignKey(
        Unit, models.PROTECT, related_name="led_tasks", null=True, blank=True, verbose_name="责任部门"
    )
    owner = cadre_field("责任人", related_name="owned_tasks", null=True, blank=True)
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成时限", null=True, blank=True)
    due_text = models.CharField("完成时限（原文）", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.DRAFT)
    percent = percent_field("完成率", default=0)
    latest_report = models.ForeignKey(
        "ProgressReport", models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="最近反馈"
    )
    reported_on = models.DateField("最近反馈日期", null=True, blank=True)
    is_key = models.BooleanField("重点任务", default=False)
    extended_times = models.PositiveSmallIntegerField("延期次数", default=0)
    reminded_times = models.PositiveSmallIntegerField("催办次数", default=0)
    supervised_times = models.PositiveSmallIntegerField("督办次数", default=0)
    issued_at = models.DateTimeField("交办时间", null=True, blank=True)
    issued_by = user_field("交办人", null=True, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TaskState.DRAFT) | COMPLETE,
                name="task_issued_only_when_complete",
                violation_error_message="责任领导、责任部门、责任人和完成时限填齐后才能交办。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="task_due_after_start",
                violation_error_message="完成时限不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="task_percent_at_most_hundred",
                violation_error_message="完成率在 0 到 100 之间。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, state__in=NOT_ENDED)
                | Q(ended_on__isnull=False, state__in=ENDED_STATES),
                name="task_ended_on_with_state",
                violation_error_message="办结日期与状态不符。",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "position", "id"], name="task_of_plan"),
            models.Index(fields=["plan", "state", "due_on"], name="task_state_of_plan"),
            models.Index(fields=["owner", "state"], name="task_of_owner"),
            models.Index(fields=["lead_official", "state"], name="task_of_official"),
            models.Index(fields=["lead_department", "state", "due_on"], name="task_of_department"),
            models.Index(fields=["state", "due_on"], name="task_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def blanks(self) -> list[str]:
        """The responsible fields that are still empty, by their labels."""
        missing = (name for name in RESPONSIBLE_FIELDS if getattr(self, f"{name}_id", None) is None)
        return [RESPONSIBLE_FIELDS[name] for name in missing if name != "due_on" or self.due_on is None]


class OfTask(models.QuerySet[Any]):
    """Rows that hang on a task are seen with it."""

    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        return self.filter(task__in=Task.objects.visible_to(viewer, permission))


class TaskUnitQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        return self.filter(task__in=Task.objects.visible_to(viewer, permission))


@classify(plain="task unit role starts_on ends_on")
class TaskUnit(Period):
    """Which department led or supported a task when; the present lead is also in `Task.lead_department`."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="units", verbose_name="任务")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="部门")
    role = models.CharField("分工", max_length=8, choices=UnitRole)

    objects: Any = TaskUnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务部门"
        ordering = ["task", "role", "starts_on", "pk"]
        constraints = [
            Period.ends_after_start("task_unit_ends_after_start"),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(role=UnitRole.LEAD, ends_on__isnull=True),
                name="one_lead_department_at_a_time",
                violation_error_message="一项任务同时只能有一个责任部门。",
            ),
            models.UniqueConstraint(
                fields=["task", "unit"],
                condition=Q(ends_on__isnull=True),
                name="unit_once_per_task",
                violation_error_message="该部门已在这项任务中。",
            ),
        ]
        indexes = [models.Index(fields=["unit", "role", "ends_on"], name="task_unit_of_unit")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}：{self.unit}"


@classify(plain="task name due_on done_on note position")
class Milestone(models.Model):
    """A step on the way (节点, 季度形象进度)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones", verbose_name="任务")
    name = models.CharField("节点", max_length=120)
    due_on = models.DateField("计划日期")
    done_on = models.DateField("完成日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)

    objects = OfTask.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务节点"
        ordering = ["task", "due_on", "position", "pk"]

    def __str__(self) -> str:
        return self.name


@classify(
    plain=("task on percent text problems next_steps reported_by unit corrects correction_reason created_at"),
    personal="reporter owner lead_official",
)
class ProgressReport(models.Model):
    """How far a task was on a day. Append-only: a mistake is put right by a later report that `corrects` it.

    `owner`, `lead_official` and `unit` are those of that day: a transfer never rewrites them.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports", verbose_name="任务")
    on = models.DateField("日期")
    percent = percent_field("完成率")
    text = models.TextField("进展情况")
    problems = models.TextField("存在问题", blank=True)
    next_steps = models.TextField("下步打算", blank=True)
    reporter = cadre_field("填报人", related_name="+", null=True, blank=True)
    reported_by = user_field("登记人", null=True, blank=True)
    owner = cadre_field("时任责任人", related_name="+", null=True, blank=True)
    lead_official = cadre_field("时任责任领导", related_name="+", null=True, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任责任部门"
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name="更正"
    )
    correction_reason = models.CharField("更正原因", max_length=300, blank=True, default="")
    created_at = models.DateTimeField("填报时间", default=timezone.now)

    objects = OfTask.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进展反馈"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="report_percent_at_most_hundred"),
        ]
        indexes = [
            models.Index(fields=["task", "-on", "-id"], name="report_of_task"),
            # Hardly any report corrects another. To SQLite's statistics the index of the unique column is
            # one value a million times over, and it would rather read the whole table for a task's page.
            models.Index(fields=["corrects"], condition=Q(corrects__isnull=False), name="report_corrects"),
        ]

    def __str__(self) -> str:
        return f"{self.task}·{self.on:%Y-%m-%d}"


class ReportPhotoQuerySet(models.QuerySet["ReportPhoto"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(report__in=ProgressReport.objects.visible_to(viewer))


@classify(plain="report file")
class ReportPhoto(models.Model):
    """A photo handed in with a report."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="photos", verbose_name="进展反馈")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="照片")

    objects = ReportPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "进展照片"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report}·{self.file}"


@classify(plain="task on from_state to_state by reason created_at", personal="actor")
class TaskEvent(models.Model):
    """A step through the states, kept for good; the state of any past day follows from it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="events", verbose_name="任务")
    on = models.DateField("日期")
    from_state = models.CharField("原状态", max_length=10, choices=TaskState, blank=True)
    to_state = models.CharField("新状态", max_length=10, choices=TaskState)
    actor = cadre_field("经办干部", related_name="+", null=True, blank=True)
    by = user_field("经办人", null=True, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = OfTask.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务流转"
        ordering = ["task", "on", "pk"]
        indexes = [models.Index(fields=["task", "on", "id"], name="task_event_of_task")]

    def __str__(self) -> str:
        return f"{self.task}·{self.get_to_state_display()}"


class SignalRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        known = viewer.can(Permission.VIEW_PARK) or viewer.can(Permission.EDIT_RULES)
        return self if known else self.none()


@classify(plain="due_soon_days behind_margin silent_days source starts_on ends_on")
class SignalRule(Period):
    """How a task's light is set: overdue red, then behind yellow, then due soon blue, else green.

    Behind means that progress is more than `behind_margin` percentage points under the elapsed part of
    the time (序时进度), or, if `silent_days` is set, that nothing was reported for longer than that.
    """

    due_soon_days = models.PositiveSmallIntegerField(
        "临期天数", default=7, validators=[MaxValueValidator(180)]
    )
    behind_margin = models.PositiveSmallIntegerField(
        "滞后容许（百分点）", default=10, validators=[MaxValueValidator(100)]
    )
    silent_days = models.PositiveSmallIntegerField(
        "未反馈天数",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="超过这些天没有反馈也亮黄灯；留空表示不看",
    )
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = SignalRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亮灯规则"
        ordering = ["-starts_on"]
        constraints = [
            Period.ends_after_start("signal_rule_ends_after_start"),
            models.UniqueConstraint(fields=["starts_on"], name="one_signal_rule_per_start"),
        ]

    def __str__(self) -> str:
        return f"亮灯规则（{self.starts_on:%Y-%m-%d} 起）"


@classify(
    plain="task kind year sequence number on text answer_due_on answered_on answer by created_at",
    personal="escalated_to",
)
class Supervision(models.Model):
    """One 催办 or 督办, with its document number; `escalated_to` is the lead official who was told."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="supervisions", verbose_name="任务")
    kind = models.CharField("类别", max_length=10, choices=SupervisionKind)
    year = models.PositiveSmallIntegerField("年度")
    sequence = models.PositiveIntegerField("序号")
    number = models.CharField("文号", max_length=60)
    on = models.DateField("日期")
    text = models.TextField("要求", blank=True)
    escalated_to = cadre_field("抄送责任领导", related_name="+", null=True, blank=True)
    answer_due_on = models.DateField("回复期限", null=True, blank=True)
    answered_on = models.DateField("回复日期", null=True, blank=True)
    answer = models.TextField("回复", blank=True)
    by = user_field("发起人", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OfTask.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "催办督办"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "sequence"],
                name="supervision_number_once",
                violation_error_message="该文号已使用，请重试。",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@classify(
    plain=(
        "task asked_on asked_by old_due_on new_due_on reason state decided_on decided_by decision created_at"
    )
)
class Extension(models.Model):
    """A request for a later due date and what was decided on it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="extensions", verbose_name="任务")
    asked_on = models.DateField("申请日期")
    asked_by = user_field("申请人", null=True, blank=True)
    old_due_on = models.DateField("原完成时限")
    new_due_on = models.DateField("申请延至")
    reason = models.CharField("延期原因", max_length=300)
    state = models.CharField("状态", max_length=8, choices=ExtensionState, default=ExtensionState.ASKED)
    decided_on = models.DateField("审批日期", null=True, blank=True)
    decided_by = user_field("审批人", null=True, blank=True)
    decision = models.CharField("审批意见", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OfTask.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_due_on__gt=F("old_due_on")),
                name="extension_is_later",
                violation_error_message="延期后的时限须晚于现在的完成时限。",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_on__isnull=True)
                | (~Q(state=ExtensionState.ASKED) & Q(decided_on__isnull=False)),
                name="extension_decided_with_date",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(state=ExtensionState.ASKED),
                name="one_extension_asked_at_a_time",
                violation_error_message="这项任务已有一份延期申请等待审批。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}·延至{self.new_due_on:%Y-%m-%d}"
