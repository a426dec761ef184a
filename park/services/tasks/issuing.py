"""交办: a task goes out only when lead official, lead department, owner and due date are filled in."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from park.access import accounts_of
from park.choices import PlanState, TaskState
from park.models import ActionPlan, Task
from park.services.tasks.duties import open_duties
from park.services.tasks.moves import move_all

NAMED_IN_REFUSAL = 5


@transaction.atomic
def publish_plan(*, plan: ActionPlan, by: Viewer | None, on: date, at: datetime) -> int:
    """Issues every draft of the plan, or none while any of them has a blank. Returns how many went out."""
    drafts = list(Task.objects.filter(plan=plan, state=TaskState.DRAFT).select_related("plan"))
    if not drafts and plan.state == PlanState.IN_FORCE:
        raise DomainError("方案里没有待交办的任务。", code="nothing_to_issue")
    if drafts:
        issue_tasks(tasks=drafts, by=by, on=on, at=at)
    if plan.state == PlanState.DRAFT:
        plan.state = PlanState.IN_FORCE
        save_validated(plan, update_fields=["state"])
    record(
        action=AuditAction.PARK_PLAN_CHANGED,
        by=by,
        subject=plan,
        label=f"发布方案：{plan}",
        changes={"交办任务": (None, len(drafts))},
    )
    return len(drafts)


@transaction.atomic
def issue_tasks(*, tasks: Sequence[Task], by: Viewer | None, on: date, at: datetime) -> None:
    """Issues these drafts, or refuses naming the blanks."""
    blanks = [(task, task.blanks) for task in tasks if task.blanks]
    if blanks:
        raise DomainError(_blanks_in_words(blanks), code="blanks")
    late = [task for task in tasks if task.due_on and task.due_on < on]
    if late:
        message = f"“{late[0]}”的完成时限已过，请先改为今天或以后的日期。"
        raise DomainError(message, field="due_on", code="due_past")
    move_all(tasks, TaskState.ISSUED, by=by, on=on, issued_at=at, issued_by_id=by.user_id if by else None)
    open_duties(tasks, on=on, by=by)
    for task in tasks:
        notify(
            recipients=accounts_of(task.owner_id),
            kind="park.issued",
            title=f"新交办任务：{task.name}",
            key=f"park.task:{task.pk}:issued",
            on=on,
            url_name="park:task",
            args=(task.pk,),
            detail=f"请签收。完成时限 {task.due_on:%Y-%m-%d}",
        )


def _blanks_in_words(blanks: list[tuple[Task, list[str]]]) -> str:
    named = [f"“{task}”缺{'、'.join(missing)}" for task, missing in blanks[:NAMED_IN_REFUSAL]]
    more = f"等 {len(blanks)} 项" if len(blanks) > NAMED_IN_REFUSAL else ""
    return f"还有任务没有填齐：{'；'.join(named)}{more}。责任领导、责任部门、责任人和完成时限填齐后才能交办。"
