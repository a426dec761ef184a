"""The blanks of a plan's drafts in bulk: the same values, the department's head, the plan's own words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Viewer
from park.models import ActionPlan, Task
from park.plan_text.deadlines import find_deadlines
from park.plan_text.flat import flatten
from park.queries.people import heads_of
from park.services.tasks.editing import fill_tasks


@transaction.atomic
def fill_blanks(
    *,
    plan: ActionPlan,
    tasks: Sequence[Task],
    values: Mapping[str, Any],
    use_head: bool,
    use_text: bool,
    overwrite: bool,
    by: Viewer | None,
    on: date,
) -> int:
    """Returns how many of the drafts changed."""
    changed = set()
    if values:
        before = {task.pk: [getattr(task, name) for name in values] for task in tasks}
        fill_tasks(tasks=tasks, values=values, by=by, only_blank=not overwrite)
        changed |= {task.pk for task in tasks if [getattr(task, n) for n in values] != before[task.pk]}
    if use_head:
        changed |= _fill_heads(tasks, by=by, on=on)
    if use_text:
        changed |= _fill_dues(plan, tasks, by=by, on=on)
    return len(changed)


def _fill_heads(tasks: Sequence[Task], *, by: Viewer | None, on: date) -> set[int]:
    """部门负责人作为该部门第一责任人."""
    empty = [task for task in tasks if task.owner_id is None and task.lead_department_id is not None]
    heads = heads_of({task.lead_department_id for task in empty if task.lead_department_id}, on)
    filled = set()
    for task in empty:
        head = heads.get(task.lead_department_id or 0)
        if head is not None:
            fill_tasks(tasks=[task], values={"owner": head}, by=by)
            filled.add(task.pk)
    return filled


def _fill_dues(plan: ActionPlan, tasks: Sequence[Task], *, by: Viewer | None, on: date) -> set[int]:
    filled = set()
    for task in tasks:
        due_on = suggested_due(task, plan) if task.due_on is None else None
        if due_on is not None and due_on >= max(on, task.starts_on):
            fill_tasks(tasks=[task], values={"due_on": due_on}, by=by)
            filled.add(task.pk)
    return filled


def suggested_due(task: Task, plan: ActionPlan) -> date | None:
    """The day that the plan's words name ("12月底前"), in the plan's year; a standing duty ends with it."""
    flat = flatten(task.due_text)
    days = [found.on for found in find_deadlines(flat, 0, len(flat), year=plan.year) if found.on]
    if days:
        return max(days)
    return date(plan.year, 12, 31) if task.recurrence else None
