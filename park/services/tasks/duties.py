"""Who answers for a task: today's fields on the task, and the dated rows behind them.

A change closes the old row on the day before and opens a new one; nothing is rewritten, so a report of last
year keeps last year's department and leader.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated
from park.choices import AssignmentEnd, AssignmentRole, TaskState, UnitRole
from park.models import Assignment, Task, TaskUnit
from people.models import Cadre, Unit

DUTY_FIELDS = ("lead_official", "lead_department", "owner")


@transaction.atomic
def reassign_task(
    *,
    task: Task,
    by: Viewer | None,
    on: date,
    lead_official: Cadre | None = None,
    lead_department: Unit | None = None,
    owner: Cadre | None = None,
    reason: str = "",
) -> None:
    """Gives an issued task to others from `on` on; what is left out stays as it is."""
    wanted = {"lead_official": lead_official, "lead_department": lead_department, "owner": owner}
    changes = changes_to(task, {name: value for name, value in wanted.items() if value is not None})
    if not changes:
        return
    if task.state == TaskState.DRAFT:
        raise DomainError("任务还没有交办，请直接修改责任领导、责任部门和责任人。", code="not_issued")
    apply_changes(task, changes)
    save_validated(task, update_fields=[*changes, "updated_at"])
    carry_on(task, on=on, by=by)
    record(
        action=AuditAction.PARK_CHANGED,
        by=by,
        subject=task,
        label=f"调整任务责任：{task}",
        changes=changes,
        reason=reason,
    )


def open_duties(tasks: Sequence[Task], *, on: date, by: Viewer | None) -> None:
    """At issuing: the owner's assignment and the lead department's row begin."""
    for task in tasks:
        carry_on(task, on=on, by=by)


def carry_on(task: Task, *, on: date, by: Viewer | None) -> None:
    """Makes the open rows say what the task's fields say."""
    if task.lead_department_id is not None:
        _carry_department(task, task.lead_department_id, on=on)
    if task.owner_id is not None:
        _carry_owner(task, task.owner_id, on=on, by=by)
    _carry_guides(task, on=on, by=by)


def _carry_department(task: Task, unit_id: int, *, on: date) -> None:
    present = TaskUnit.objects.filter(task=task, role=UnitRole.LEAD, ends_on__isnull=True).first()
    if present and present.unit_id == unit_id:
        return
    if present:
        end_row(present, on)
    for also in TaskUnit.objects.filter(task=task, unit=unit_id, ends_on__isnull=True):
        end_row(also, on)  # a supporting department that now leads
    TaskUnit.objects.create(task=task, unit_id=unit_id, role=UnitRole.LEAD, starts_on=on)


def _carry_owner(task: Task, owner_id: int, *, on: date, by: Viewer | None) -> None:
    held = Assignment.objects.filter(task=task, ends_on__isnull=True)
    present = held.filter(role=AssignmentRole.OWNER).first()
    if present and present.cadre_id == owner_id:
        return
    if present:
        end_row(present, on, end_reason=AssignmentEnd.HANDED_OVER)
    for also in held.filter(cadre=owner_id):
        end_row(also, on, end_reason=AssignmentEnd.HANDED_OVER)  # a co-worker who now answers for it
    _assign(task, owner_id, AssignmentRole.OWNER, on=on, by=by)


def _carry_guides(task: Task, *, on: date, by: Viewer | None) -> None:
    """Whoever works on the task is guided by its lead official from now on."""
    held = Assignment.objects.filter(task=task, ends_on__isnull=True)
    for row in held.exclude(lead_official=task.lead_official_id):
        end_row(row, on, end_reason=AssignmentEnd.HANDED_OVER)
        _assign(task, row.cadre_id, AssignmentRole(row.role), on=on, by=by)


def _assign(task: Task, cadre_id: int, role: AssignmentRole, *, on: date, by: Viewer | None) -> None:
    Assignment.objects.create(
        task=task,
        cadre_id=cadre_id,
        role=role,
        lead_official_id=task.lead_official_id,
        starts_on=on,
        assigned_by_id=by.user_id if by else None,
    )


def end_row(row: Any, on: date, **values: Any) -> None:
    """Closes a dated row the day before `on`; one that would then never have held is removed."""
    last = on - timedelta(days=1)
    if last < row.starts_on:
        row.delete()
        return
    row.ends_on = last
    for name, value in values.items():
        setattr(row, name, value)
    save_validated(row, update_fields=["ends_on", *values])


def close_duties(task: Task, *, on: date, reason: AssignmentEnd = AssignmentEnd.CLOSED) -> None:
    """The task is over: whoever held it held it up to and including this day."""
    Assignment.objects.filter(task=task, ends_on__isnull=True).update(ends_on=on, end_reason=reason)
    TaskUnit.objects.filter(task=task, ends_on__isnull=True).update(ends_on=on)


@transaction.atomic
def set_units(
    *, task: Task, supporting: Iterable[Unit], co_workers: Iterable[Cadre], by: Viewer | None, on: date
) -> None:
    """The supporting departments and co-workers from `on` on: exactly these."""
    added = _set_supporting(task, {unit.pk: unit for unit in supporting}, on)
    added += _set_co_workers(task, {cadre.pk: cadre for cadre in co_workers}, by, on)
    if added:
        record(
            action=AuditAction.PARK_CHANGED,
            by=by,
            subject=task,
            label=f"调整配合单位和协办人：{task}",
            changes={"参与": (None, "、".join(added)[:200])},
        )


def _set_supporting(task: Task, wanted: dict[int, Unit], on: date) -> list[str]:
    changed = []
    wanted.pop(task.lead_department_id or 0, None)
    for row in TaskUnit.objects.filter(task=task, role=UnitRole.SUPPORT, ends_on__isnull=True):
        if wanted.pop(row.unit_id, None) is None:
            changed.append(f"退出 {row.unit}")
            end_row(row, on)
    for unit in wanted.values():
        TaskUnit.objects.create(task=task, unit=unit, role=UnitRole.SUPPORT, starts_on=on)
        changed.append(f"配合 {unit}")
    return changed


def _set_co_workers(task: Task, wanted: dict[int, Cadre], by: Viewer | None, on: date) -> list[str]:
    changed = []
    wanted.pop(task.owner_id or 0, None)
    held = Assignment.objects.filter(task=task, role=AssignmentRole.CO_WORKER, ends_on__isnull=True)
    for row in held.select_related("cadre"):
        if wanted.pop(row.cadre_id, None) is None:
            changed.append(f"退出 {row.cadre}")
            end_row(row, on, end_reason=AssignmentEnd.RELEASED)
    for cadre in wanted.values():
        _assign(task, cadre.pk, AssignmentRole.CO_WORKER, on=on, by=by)
        changed.append(f"协办 {cadre}")
    return changed
