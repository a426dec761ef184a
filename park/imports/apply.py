"""Writing a responsibility list: the plan, its groups, tasks with their history, and what was reported."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from park.choices import AssignmentRole, ItemKind, PlanState, TaskState, UnitRole
from park.imports.layout import TASKS
from park.imports.plan import Line, TaskPlan, plan_tasks
from park.models import ActionPlan, Assignment, PlanItem, ProgressReport, Task, TaskEvent, TaskUnit
from people.imports.report import Outcome, Report
from people.imports.service import register
from people.imports.workbook import open_workbook
from people.imports.writer import Writer


@dataclass(frozen=True)
class TaskImport:
    plan: TaskPlan

    def report(self) -> Report:
        return self.plan.report()

    def write(self, writer: Writer, *, by: Viewer | None) -> None:
        """Expects a plan without faults, made in the same transaction."""
        _Writing(self.plan, writer, by).run()


@register("tasks", title="任务分解表", suffixes=(".xlsx", ".xls", ".csv"), layout=TASKS)
def tasks_file(data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool) -> TaskImport:
    """`create_units` means nothing here: departments belong to the register of units."""
    return TaskImport(plan_tasks(open_workbook(data, filename), by=by, on=on))


@dataclass
class _Writing:
    found: TaskPlan
    writer: Writer
    by: Viewer | None
    groups: dict[str, PlanItem] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.found.on

    @property
    def at(self) -> datetime:
        """Without the part of a second that a kept change would lose: undo compares to the millisecond."""
        return self.writer.batch.applied_at.replace(microsecond=0)

    def run(self) -> None:
        plan = self._plan()
        self._groups(plan)
        new = [line for line in self.found.lines if line.outcome is Outcome.NEW]
        changed = [line for line in self.found.lines if line.outcome is Outcome.CHANGED]
        self._create(plan, new)
        self.writer.update(
            (line.stored, line.different) for line in changed if line.stored and line.different
        )
        self._report([line for line in new + changed if line.reports and line.stored])
        record_many([self._entry(line) for line in new + changed])

    def _plan(self) -> ActionPlan:
        if self.found.stored is not None:
            return self.found.stored
        plan = ActionPlan(
            title=self.found.title,
            year=self.found.year,
            state=PlanState.IN_FORCE,
            base_on=self.on,
            file_name=self.found.book.filename[-255:],
            applied_at=self.at,
            applied_by_id=self.by.user_id if self.by else None,
        )
        self.writer.create([plan])
        return plan

    def _groups(self, plan: ActionPlan) -> None:
        """The heads of the merged cells as measures of the plan, in the order of the file."""
        known = {item.title: item for item in PlanItem.objects.filter(plan=plan, kind=ItemKind.MEASURE)}
        last = max((item.position for item in PlanItem.objects.filter(plan=plan)), default=0)
        wanted = dict.fromkeys(line.group for line in self.found.lines if line.group)
        rows = [
            PlanItem(plan=plan, position=last + place, level=1, kind=ItemKind.MEASURE, title=name, text=name)
            for place, name in enumerate((name for name in wanted if name not in known), start=1)
        ]
        self.writer.create(rows)
        self.groups = known | {row.title: row for row in rows}

    def _create(self, plan: ActionPlan, lines: list[Line]) -> None:
        first = max(Task.objects.filter(plan=plan).values_list("position", flat=True), default=0)
        for place, line in enumerate(lines, start=first + 1):
            line.stored = self._task(plan, line, place)
        tasks = [line.stored for line in lines if line.stored]
        self.writer.create(tasks)
        issued = [line for line in lines if line.complete and line.stored]
        self.writer.create(
            [self._unit(line, line.values["lead_department_id"], UnitRole.LEAD) for line in issued]
        )
        self.writer.create(
            [self._unit(line, pk, UnitRole.SUPPORT) for line in issued for pk in line.supporting]
        )
        self.writer.create(
            [self._holder(line, line.values["owner_id"], AssignmentRole.OWNER) for line in issued]
        )
        self.writer.create(
            [self._holder(line, pk, AssignmentRole.CO_WORKER) for line in issued for pk in line.co_workers]
        )
        self.writer.create([event for line in issued for event in self._events(line)])

    def _task(self, plan: ActionPlan, line: Line, place: int) -> Task:
        due_on = line.values.get("due_on")
        begin = min(self.on, due_on) if due_on else self.on
        return Task(
            plan=plan,
            measure=self.groups.get(line.group),
            item=self.groups.get(line.group),
            position=place,
            state=self._state(line),
            starts_on=min(begin, max(date(plan.year, 1, 1), date(begin.year, 1, 1))),
            issued_at=self.at if line.complete else None,
            issued_by_id=self.by.user_id if self.by and line.complete else None,
            **line.values,
        )

    def _state(self, line: Line) -> TaskState:
        if not line.complete:
            return TaskState.DRAFT
        return TaskState.RUNNING if line.reports else TaskState.ISSUED

    def _unit(self, line: Line, unit_id: int, role: UnitRole) -> TaskUnit:
        task = _task_of(line)
        return TaskUnit(task=task, unit_id=unit_id, role=role, starts_on=task.starts_on)

    def _holder(self, line: Line, cadre_id: int, role: AssignmentRole) -> Assignment:
        task = _task_of(line)
        return Assignment(
            task=task,
            cadre_id=cadre_id,
            role=role,
            lead_official_id=task.lead_official_id,
            starts_on=task.starts_on,
            assigned_by_id=self.by.user_id if self.by else None,
            created_at=self.at,
        )

    def _events(self, line: Line) -> list[TaskEvent]:
        task = _task_of(line)
        path = [TaskState.DRAFT, TaskState.ISSUED]
        if task.state == TaskState.RUNNING:
            path += [TaskState.ACCEPTED, TaskState.RUNNING]
        by = self.by.user_id if self.by else None
        return [
            TaskEvent(
                task=task,
                on=task.starts_on,
                from_state=before,
                to_state=after,
                by_id=by,
                reason="导入任务分解表",
                created_at=self.at,
            )
            for before, after in pairwise(path)
        ]

    def _report(self, lines: list[Line]) -> None:
        reports = [self._progress(line) for line in lines]
        self.writer.create(reports)
        for report in reports:
            values: dict[str, Any] = {
                "latest_report_id": report.pk,
                "percent": report.percent,
                "reported_on": report.on,
            }
            if report.task.state == TaskState.ISSUED:
                values["state"] = TaskState.RUNNING
            self.writer.update([(report.task, values)])

    def _progress(self, line: Line) -> ProgressReport:
        task = _task_of(line)
        return ProgressReport(
            task=task,
            on=self.on,
            percent=line.percent if line.percent is not None else task.percent,
            text=line.report.get("text", "按任务分解表登记完成率。"),
            problems=line.report.get("problems", ""),
            next_steps=line.report.get("next_steps", ""),
            reported_by_id=self.by.user_id if self.by else None,
            owner_id=task.owner_id,
            lead_official_id=task.lead_official_id,
            unit_id=task.lead_department_id,
            created_at=timezone.localtime(self.at),
        )

    def _entry(self, line: Line) -> Entry:
        return Entry(
            action=AuditAction.PARK_CHANGED,
            by=self.by,
            subject=line.stored,
            label=f"导入任务：{line.stored}",
            changes={change.label: (change.old, change.new) for change in line.changes},
        )


def _task_of(line: Line) -> Task:
    assert line.stored is not None
    return line.stored
