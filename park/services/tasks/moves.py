"""One step of a task from state to state: taken only from a state that allows it, and written down."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from park.choices import TaskState
from park.models import Task, TaskEvent

_S = TaskState
# What may follow what (domain.md 5). Nothing follows the two ends.
FOLLOWS: dict[TaskState, tuple[TaskState, ...]] = {
    _S.DRAFT: (_S.ISSUED,),
    _S.ISSUED: (_S.ACCEPTED, _S.DRAFT, _S.STOPPED),
    _S.ACCEPTED: (_S.RUNNING, _S.CLOSING, _S.STOPPED),
    _S.RUNNING: (_S.CLOSING, _S.STOPPED),
    _S.CLOSING: (_S.REVIEWING, _S.RETURNED, _S.STOPPED),
    _S.REVIEWING: (_S.CLOSED, _S.RETURNED, _S.STOPPED),
    _S.RETURNED: (_S.RUNNING, _S.CLOSING, _S.STOPPED),
    _S.CLOSED: (),
    _S.STOPPED: (),
}


def move(
    task: Task,
    to: TaskState,
    *,
    by: Viewer | None,
    on: date,
    reason: str = "",
    action: AuditAction = AuditAction.PARK_CHANGED,
    **values: Any,
) -> None:
    """Moves one task; `values` are further fields set in the same statement."""
    move_all([task], to, by=by, on=on, reason=reason, action=action, **values)


def move_all(
    tasks: Sequence[Task],
    to: TaskState,
    *,
    by: Viewer | None,
    on: date,
    reason: str = "",
    action: AuditAction = AuditAction.PARK_CHANGED,
    **values: Any,
) -> None:
    """Moves all of them or refuses: the state is checked in the UPDATE, so two clicks move once."""
    before = {task.pk: TaskState(task.state) for task in tasks}
    for task in tasks:
        if to not in FOLLOWS[before[task.pk]]:
            raise _refusal(task, to)
    allowed = [state for state, following in FOLLOWS.items() if to in following]
    moved = Task.objects.filter(pk__in=before, state__in=allowed).update(state=to, **values)
    if moved != len(before):
        raise DomainError("任务的状态刚被别人改动，请刷新页面后再办。", code="state_changed")
    for task in tasks:
        _take_over(task, to, values)
    TaskEvent.objects.bulk_create(_events(tasks, before, to, by=by, on=on, reason=reason), batch_size=500)
    record_many(_entries(tasks, before, to, by=by, reason=reason, action=action))


def _take_over(task: Task, to: TaskState, values: dict[str, Any]) -> None:
    for name, value in {"state": to, **values}.items():
        setattr(task, name, value)


def _refusal(task: Task, to: TaskState) -> DomainError:
    message = f"“{task}”现在是“{TaskState(task.state).label}”，不能直接转为“{to.label}”。"
    return DomainError(message, code="wrong_state")


def _events(
    tasks: Iterable[Task],
    before: dict[int, TaskState],
    to: TaskState,
    *,
    by: Viewer | None,
    on: date,
    reason: str,
) -> list[TaskEvent]:
    return [
        TaskEvent(
            task=task,
            on=on,
            from_state=before[task.pk],
            to_state=to,
            by_id=by.user_id if by else None,
            actor_id=by.cadre_id if by else None,
            reason=reason[:300],
        )
        for task in tasks
    ]


def _entries(
    tasks: Iterable[Task],
    before: dict[int, TaskState],
    to: TaskState,
    *,
    by: Viewer | None,
    reason: str,
    action: AuditAction,
) -> list[Entry]:
    return [
        Entry(
            action=action,
            by=by,
            subject=task,
            label=f"任务{to.label}：{task}",
            changes={"state": (before[task.pk].label, to.label)},
            reason=reason,
        )
        for task in tasks
    ]
