"""Plans, tasks and indicators for tests, made the way the product makes them."""

from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from park.choices import PlanState, TaskState
from park.models import ActionPlan, Indicator, PlanItem, Task
from park.services.tasks import accept_task, issue_tasks, report_progress
from people.models import Cadre, Unit
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

_numbers = count(1)


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def make_plan(title: str = "", **values: Any) -> ActionPlan:
    values.setdefault("year", TODAY.year)
    values.setdefault("base_on", date(2026, 1, 5))
    values.setdefault("state", PlanState.IN_FORCE)
    return ActionPlan.objects.create(title=title or f"第{next(_numbers)}号行动方案", **values)


def make_item(plan: ActionPlan, title: str = "集约利用土地", **values: Any) -> PlanItem:
    values.setdefault("position", next(_numbers))
    values.setdefault("level", 3)
    values.setdefault("kind", "measure")
    return PlanItem.objects.create(plan=plan, title=title, text=values.pop("text", title), **values)


def make_draft(name: str = "", *, plan: ActionPlan | None = None, **values: Any) -> Task:
    number = next(_numbers)
    values.setdefault("starts_on", date(2026, 1, 5))
    return Task.objects.create(
        plan=plan or make_plan(), name=name or f"第{number}项任务", position=number, **values
    )


def make_task(
    name: str = "",
    *,
    unit: Unit | None = None,
    owner: Cadre | None = None,
    official: Cadre | None = None,
    due_on: date = date(2026, 12, 31),
    state: TaskState = TaskState.RUNNING,
    percent: int = 0,
    issued_on: date = date(2026, 1, 5),
    **values: Any,
) -> Task:
    """A task as the services leave it in the state asked for: issued, accepted or running."""
    task = make_draft(
        name,
        lead_department=unit or make_unit(),
        owner=owner or make_cadre(),
        lead_official=official or make_cadre(),
        due_on=due_on,
        **values,
    )
    by = make_viewer(cadre=None)
    issue_tasks(tasks=[task], by=by, on=issued_on, at=moment(issued_on))
    if state != TaskState.ISSUED:
        accept_task(task=task, by=by, on=issued_on)
    if state == TaskState.RUNNING:
        report_progress(task=task, percent=percent, text="已启动", by=by, on=issued_on, at=moment(issued_on))
    return task


def make_indicator(plan: ActionPlan | None = None, **values: Any) -> Indicator:
    values.setdefault("name", "盘活低效用地")
    values.setdefault("target", Decimal(300))
    values.setdefault("unit", "亩")
    return Indicator.objects.create(plan=plan or make_plan(), position=next(_numbers), **values)
