"""Tasks of people over time: who held what when, how it ended, and what a task was on an earlier day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.asking import Steps, asked_all, result_of
from core.periods import covers
from park.choices import AssignmentRole, ExtensionState, Signal, TaskState, UnitRole
from park.models import Assignment, Extension, ProgressReport, SignalRule, Task, TaskEvent, TaskUnit
from park.queries.signals import SignalBook
from park.signals import Standing, signal_of
from people.models import Cadre, Unit


def task_assignments(cadre_ids: Sequence[int], on: date) -> QuerySet[Any]:
    """What these cadres held of tasks up to the day, the latest first."""
    rows = Assignment.objects.filter(cadre__in=list(cadre_ids), task__isnull=False, starts_on__lte=on)
    return rows.select_related("task", "lead_official", "task__plan").order_by("-starts_on", "-pk")


def closed_between(cadre_ids: Sequence[int], since: date, until: date) -> Iterator[tuple[int, Task]]:
    """(cadre, task) for tasks closed in the period while the cadre answered for them or worked on them."""
    rows = Assignment.objects.filter(
        cadre__in=list(cadre_ids), task__state=TaskState.CLOSED, task__ended_on__range=(since, until)
    )
    for row in rows.select_related("task"):
        ended = row.task.ended_on
        if row.ends_on is None or (ended is not None and row.ends_on >= ended):
            yield row.cadre_id, row.task


def overdue_key_tasks(cadre_ids: Sequence[int], since: date, until: date) -> Iterator[tuple[int, Task, date]]:
    """Key tasks whose first day past the due date fell into the period while they were not over."""
    first, last = since - timedelta(days=1), until - timedelta(days=1)
    tasks = Task.objects.filter(
        owner__in=list(cadre_ids), is_key=True, due_on__range=(first, last)
    ).published()
    for task in tasks.select_related("owner"):
        if task.due_on and (task.ended_on is None or task.ended_on > task.due_on):
            yield task.owner_id or 0, task, task.due_on + timedelta(days=1)


def sole_key_tasks(cadre_ids: Sequence[int], on: date) -> QuerySet[Task]:
    """Open key tasks of the cadres on which nobody but the owner works that day."""
    others = Assignment.objects.filter(covers(on), task=OuterRef("pk")).exclude(cadre=OuterRef("owner"))
    mine = Task.objects.filter(owner__in=cadre_ids, is_key=True).open()
    return mine.filter(~Exists(others))


# -- as of a day --


@dataclass(frozen=True, slots=True)
class TaskThen:
    """A task as it stood at the end of a day."""

    task: Task
    on: date
    state: TaskState
    percent: int
    report: ProgressReport | None
    owner: Cadre | None
    lead_official: Cadre | None
    department: Unit | None
    signal: Signal

    @property
    def state_label(self) -> str:
        return self.state.label


def tasks_as_of(tasks: Sequence[Task], on: date) -> list[TaskThen]:
    """Progress, owner and department of that day, not of today; one round whatever the number."""
    return result_of(then_steps(tasks, on))


def then_steps(tasks: Sequence[Task], on: date) -> Steps[list[TaskThen]]:
    """As `tasks_as_of`, together with what others ask."""
    keys = [task.pk for task in tasks]
    went, told, held_by, led_by, granted, rules = yield from asked_all(
        _states(keys, on),
        _reports(keys, on),
        _owners(keys, on),
        _units(keys, on),
        _granted_later(keys, on),
        SignalRule.objects.order_by("-starts_on"),
    )
    states = {task_id: TaskState(state) for task_id, state in went}
    reports = {row.task_id: row for row in told}
    owners = {row.task_id: row for row in held_by}
    units = {row.task_id: row.unit for row in led_by}
    due = _due_then(tasks, granted)
    terms = SignalBook(tuple(rules)).terms(on)
    found = []
    for task in tasks:
        state = states.get(task.pk, TaskState.DRAFT)
        report = reports.get(task.pk)
        held = owners.get(task.pk)
        percent = report.percent if report else 0
        standing = Standing(state, task.starts_on, due[task.pk], percent, report.on if report else None)
        found.append(
            TaskThen(
                task=task,
                on=on,
                state=state,
                percent=percent,
                report=report,
                owner=held.cadre if held else None,
                lead_official=held.lead_official if held else None,
                department=units.get(task.pk),
                signal=signal_of(standing, on, terms),
            )
        )
    return found


def due_then(task: Task, on: date) -> date | None:
    """The due date of that day: extensions granted later are taken back, the latest first."""
    return _due_then([task], _granted_later([task.pk], on))[task.pk]


def _due_then(tasks: Iterable[Task], granted: Iterable[Any]) -> dict[int, date | None]:
    due = {task.pk: task.due_on for task in tasks}
    for extension in granted:
        due[extension.task_id] = extension.old_due_on
    return due


def _granted_later(keys: list[int], on: date) -> QuerySet[Any]:
    """The latest first."""
    rows = Extension.objects.filter(task__in=keys, state=ExtensionState.GRANTED, decided_on__gt=on)
    found: QuerySet[Any] = rows.order_by("-decided_on", "-pk").only("task_id", "old_due_on")
    return found


def _states(keys: list[int], on: date) -> QuerySet[Any, Any]:
    events = TaskEvent.objects.filter(task__in=keys, on__lte=on).order_by("on", "pk")
    return events.values_list("task_id", "to_state")


def _reports(keys: list[int], on: date) -> QuerySet[ProgressReport]:
    rows = ProgressReport.objects.filter(task__in=keys, on__lte=on, corrected_by__isnull=True)
    return rows.order_by("on", "pk")


def _owners(keys: list[int], on: date) -> QuerySet[Any]:
    rows = Assignment.objects.filter(covers(on), task__in=keys, role=AssignmentRole.OWNER)
    found: QuerySet[Any] = rows.select_related("cadre", "lead_official")
    return found


def _units(keys: list[int], on: date) -> QuerySet[Any]:
    rows = TaskUnit.objects.filter(covers(on), task__in=keys, role=UnitRole.LEAD)
    found: QuerySet[Any] = rows.select_related("unit")
    return found


def led_by_unit_as_of(unit_path: str, on: date) -> QuerySet[Task]:
    """Tasks that a department led on a day, wherever they went since."""
    led = TaskUnit.objects.filter(covers(on), role=UnitRole.LEAD, unit__path__startswith=unit_path)
    return Task.objects.filter(pk__in=led.values("task")).prefetch_related("extensions")


def late_between(since: date, until: date) -> list[tuple[Task, int | None]]:
    """Tasks whose first late day lies in the period, each with the department that led it then."""
    one = timedelta(days=1)
    late = Task.objects.published().filter(due_on__range=(since - one, until - one))
    late = late.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=F("due_on"))).exclude(
        state=TaskState.STOPPED
    )
    tasks = list(late.order_by("due_on", "pk"))
    led = TaskUnit.objects.filter(task__in=tasks, role=UnitRole.LEAD).order_by("starts_on")
    units: dict[int, list[TaskUnit]] = {}
    for row in led:
        units.setdefault(row.task_id, []).append(row)
    return [(task, _unit_of_day(units.get(task.pk, []), task)) for task in tasks]


def _unit_of_day(rows: list[TaskUnit], task: Task) -> int | None:
    late_on = task.due_on + timedelta(days=1) if task.due_on else None
    held = (row.unit_id for row in rows if late_on and row.holds(late_on))
    return next(held, task.lead_department_id)
