"""Writing down what a task is: new ones, changes, the blanks filled in bulk."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.access import Viewer
from core.audit import Entry, record, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.choices import ENDED_STATES, TaskState
from park.models import RESPONSIBLE_FIELDS, ActionPlan, Task
from park.services.tasks.duties import DUTY_FIELDS, carry_on

TASK_FIELDS = (
    "no",
    "name",
    "measures",
    "goal",
    "recurrence",
    "is_key",
    "starts_on",
    "due_on",
    "due_text",
    "source",
    "lead_official",
    "lead_department",
    "owner",
)


@transaction.atomic
def create_task(
    *, plan: ActionPlan, values: Mapping[str, Any], by: Viewer | None, on: date, parent: Task | None = None
) -> Task:
    """A draft at the end of the plan, or below `parent`; it is issued on its own."""
    last = Task.objects.filter(plan=plan).aggregate(last=Max("position"))["last"]
    given = {name: value for name, value in values.items() if value is not None}
    given.setdefault("starts_on", on)
    task = Task(plan=plan, parent=parent, position=(last or 0) + 1, **given)
    if parent is not None:
        task.measure_id, task.item_id = parent.measure_id, parent.item_id
    save_validated(task)
    record(
        action=AuditAction.PARK_CHANGED,
        by=by,
        subject=task,
        label=f"分解任务：{task}",
        changes=values_of(task, TASK_FIELDS),
    )
    return task


@transaction.atomic
def update_task(*, task: Task, values: Mapping[str, Any], by: Viewer | None, on: date) -> None:
    """Changes a task. Once issued, the due date moves by an extension and the people by `reassign_task`."""
    changes = changes_to(task, values)
    if not changes:
        return
    if task.state in ENDED_STATES:
        raise DomainError("任务已经办结，不能再修改；需要继续的工作请另建任务。", code="ended")
    if task.state != TaskState.DRAFT and "due_on" in changes:
        message = "任务已经交办，完成时限只能通过延期申请调整。"
        raise DomainError(message, field="due_on", code="due_by_extension")
    apply_changes(task, changes)
    _refuse_blank(task)
    save_validated(task)
    if task.state != TaskState.DRAFT and any(name in changes for name in DUTY_FIELDS):
        carry_on(task, on=on, by=by)
    record(action=AuditAction.PARK_CHANGED, by=by, subject=task, label=f"修改任务：{task}", changes=changes)


def _refuse_blank(task: Task) -> None:
    if task.state != TaskState.DRAFT and task.blanks:
        field = next(name for name, label in RESPONSIBLE_FIELDS.items() if label == task.blanks[0])
        raise DomainError(f"任务已经交办，{task.blanks[0]}不能留空。", field=field, code="blank")


@transaction.atomic
def fill_tasks(
    *, tasks: Sequence[Task], values: Mapping[str, Any], by: Viewer | None, only_blank: bool = True
) -> int:
    """The same responsible fields for many drafts at once; what is filled already stays unless told so.

    Returns how many tasks changed.
    """
    entries = []
    for task in tasks:
        if task.state != TaskState.DRAFT:
            raise DomainError(f"“{task}”已经交办，请打开任务单独调整。", code="issued")
        blank = [name for name in values if getattr(task, name) is None]
        wanted = {name: values[name] for name in (blank if only_blank else values)}
        changes = changes_to(task, {name: value for name, value in wanted.items() if value is not None})
        if changes:
            apply_changes(task, changes)
            save_validated(task)
            label = f"填写任务责任：{task}"
            entries.append(
                Entry(action=AuditAction.PARK_CHANGED, by=by, subject=task, label=label, changes=changes)
            )
    record_many(entries)
    return len(entries)


@transaction.atomic
def drop_task(*, task: Task, by: Viewer | None) -> None:
    """Only a draft can be deleted; an issued task is stopped and stays in the list."""
    if task.state != TaskState.DRAFT:
        message = "任务已经交办，不能删除；不再办理的请“终止任务”，任务和记录会保留。"
        raise DomainError(message, code="issued")
    if task.children.exists() or task.indicators.exists() or task.projects.exists():
        message = "这项任务下还有子任务、指标或项目，请先移走或删除它们。"
        raise DomainError(message, code="not_empty")
    record(
        action=AuditAction.PARK_CHANGED,
        by=by,
        subject=task,
        label=f"删除任务：{task}",
        changes={name: (old, None) for name, (_, old) in values_of(task, TASK_FIELDS).items()},
    )
    task.delete()
