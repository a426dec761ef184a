"""节点: the steps on the way, set when a task is planned and ticked off as they are reached."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from park.choices import ENDED_STATES
from park.models import Milestone, Task


@transaction.atomic
def set_milestones(*, task: Task, steps: Sequence[tuple[str, date]], by: Viewer | None) -> None:
    """The steps that are still ahead become exactly these; reached ones stay as they are."""
    if task.state in ENDED_STATES:
        raise DomainError("任务已经办结，不能再改节点。", code="ended")
    before = "；".join(f"{m.name} {m.due_on}" for m in task.milestones.filter(done_on__isnull=True))
    task.milestones.filter(done_on__isnull=True).delete()
    for position, (name, due_on) in enumerate(sorted(steps, key=lambda step: step[1])):
        if task.due_on and due_on > task.due_on:
            message = f"节点“{name}”晚于任务的完成时限 {task.due_on:%Y-%m-%d}，请改早一些。"
            raise DomainError(message, field="steps", code="after_due")
        save_validated(Milestone(task=task, name=name, due_on=due_on, position=position))
    after = "；".join(f"{name} {due_on}" for name, due_on in steps)
    record(
        action=AuditAction.PARK_CHANGED,
        by=by,
        subject=task,
        label=f"设置任务节点：{task}",
        changes={"节点": (before, after)},
    )


@transaction.atomic
def mark_milestone(
    *, milestone: Milestone, done_on: date | None, by: Viewer, today: date, note: str = ""
) -> None:
    """Reached on that day; None takes a tick back."""
    if done_on is not None and done_on > today:
        raise DomainError("节点的完成日期不能晚于今天。", field="done_on", code="future")
    changes = {"done_on": (milestone.done_on, done_on)}
    milestone.done_on, milestone.note = done_on, note or milestone.note
    save_validated(milestone, update_fields=["done_on", "note"])
    record(
        action=AuditAction.PARK_REPORTED,
        by=by,
        subject=milestone,
        label=f"任务节点：{milestone.task}·{milestone}",
        changes=changes,
    )
