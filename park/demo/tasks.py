"""A plan a third of the way through its year: drafts, work in time and behind it, what is done."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from django.conf import settings
from django.utils import timezone

from park.choices import AssignmentRole, PlanState, TaskState, UnitRole
from park.demo.plan import DEPARTMENTS, NEXT_STEPS, PROBLEMS, PROGRESS, TEXT
from park.models import (
    ActionPlan,
    Assignment,
    Indicator,
    IndicatorReading,
    Milestone,
    ProgressReport,
    Task,
    TaskEvent,
    TaskUnit,
)
from park.plan_text import read_plan
from park.proposals import entries_of
from park.services.plans import write_plan
from people.choices import CadreStatus
from people.demo.context import DemoContext
from people.demo.registry import register
from people.demo.shapes import Grade, Person

DRAFTS = 2  # the last tasks of the plan still wait for someone to answer for them
ENDED = (TaskState.CLOSED,)


@register(order=200)
def seed_tasks(context: DemoContext) -> None:
    context.say("行动方案、任务和指标……")
    if not context.people:
        return
    plan = _plan(context)
    tasks = list(Task.objects.filter(plan=plan).order_by("position"))
    Staffing(context).give(tasks[:-DRAFTS])
    Task.objects.bulk_update(tasks, TASK_COLUMNS)
    _store(context, [task for task in tasks if task.state != TaskState.DRAFT])
    _readings(context, plan)


TASK_COLUMNS = (
    "lead_official",
    "lead_department",
    "owner",
    "starts_on",
    "due_on",
    "state",
    "percent",
    "reported_on",
    "is_key",
    "issued_at",
    "ended_on",
)


def _plan(context: DemoContext) -> ActionPlan:
    text = TEXT.format(zone=settings.ZONE_NAME, year=context.on.year)
    reading = read_plan(text, year=context.on.year)
    begin = _start_of_year(context.on)
    plan = write_plan(
        title=reading.title,
        year=context.on.year,
        text=text,
        file_name="行动方案.txt",
        entries=entries_of(reading, text),
        by=None,
        on=begin,
        at=_moment(begin),
    )
    plan.state = PlanState.IN_FORCE
    plan.save(update_fields=["state"])
    context.counts["actionplan"] = 1
    return plan


def _start_of_year(on: date) -> date:
    """Work begins early in the year, and never on a day that is still to come."""
    return min(on, date(on.year, 1, 8))


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))


class Staffing:
    """Gives tasks to people of the fitting department, and a history that fits their light."""

    def __init__(self, context: DemoContext) -> None:
        self.context, self.random = context, context.random("park.tasks")
        active = [p for p in context.people if p.cadre.status == CadreStatus.ACTIVE]
        self.leaders = [p for p in active if p.place.grade.leads_the_zone] or active
        self.by_unit: dict[str, list[Person]] = {}
        for person in active:
            self.by_unit.setdefault(person.place.unit[:4], []).append(person)

    def give(self, tasks: list[Task]) -> None:
        for number, task in enumerate(tasks):
            self._people(task)
            self._times(task, number, len(tasks))

    def _people(self, task: Task) -> None:
        words = f"{task.name}{task.measures}"
        code = next((code for pattern, code in DEPARTMENTS if re.search(pattern, words)), "YX03")
        staff = self.by_unit.get(code) or self.by_unit[next(iter(self.by_unit))]
        heads = [p for p in staff if p.place.grade <= Grade.DEPUTY]
        owner = self.random.choice(heads or staff)
        unit = self.context.units.get(code) or next(iter(self.context.units.values()))
        task.lead_department, task.owner = unit, owner.cadre
        guides = [leader for leader in self.leaders if leader is not owner]
        task.lead_official = self.random.choice(guides or self.leaders).cadre
        task.is_key = "亩" in task.measures or "产业园" in task.measures

    def _times(self, task: Task, number: int, of: int) -> None:
        on = self.context.on
        task.starts_on = _start_of_year(on)
        task.issued_at = _moment(task.starts_on)
        elapsed = (on - task.starts_on).days
        story = (number * 7) % 10
        if story == 0 and elapsed > 40:  # overdue
            task.due_on = on - timedelta(days=self.random.randint(2, 20))
            task.state, task.percent = TaskState.RUNNING, self.random.choice((60, 70, 85))
        elif story == 3 and elapsed > 40:  # done
            task.due_on = on - timedelta(days=self.random.randint(5, 25))
            task.ended_on = task.due_on - timedelta(days=self.random.randint(0, 4))
            task.state, task.percent = TaskState.CLOSED, 100
        elif story == 6:  # due soon
            task.due_on = on + timedelta(days=self.random.randint(1, 6))
            task.state, task.percent = TaskState.RUNNING, 95
        elif story == 8:
            task.due_on = max(date(on.year, 12, 31), on + timedelta(days=30))
            task.state, task.percent = TaskState.ISSUED, 0
            task.starts_on = on
        else:
            task.due_on = max(date(on.year, 12, 31), on + timedelta(days=45))
            task.state = TaskState.RUNNING
            pace = 100 * elapsed // max(1, (task.due_on - task.starts_on).days)
            task.percent = max(0, min(98, pace + self.random.choice((-25, -5, 2, 8))))


def _store(context: DemoContext, tasks: list[Task]) -> None:
    """The rows behind the tasks: who held them, how they went, what was reported."""
    random = context.random("park.reports")
    context.insert(TaskUnit, [_unit(task) for task in tasks])
    context.insert(Assignment, [_assignment(task) for task in tasks])
    context.insert(TaskEvent, [event for task in tasks for event in _events(task)])
    context.insert(Milestone, [step for task in tasks for step in _steps(task, context.on)])
    reports = [report for task in tasks for report in _reports(random, task, context.on)]
    _latest(context.insert(ProgressReport, reports))


def _unit(task: Task) -> TaskUnit:
    row = TaskUnit(task=task, unit=task.lead_department, role=UnitRole.LEAD, starts_on=task.starts_on)
    row.ends_on = task.ended_on
    return row


def _assignment(task: Task) -> Assignment:
    return Assignment(
        task=task,
        cadre=task.owner,
        lead_official=task.lead_official,
        role=AssignmentRole.OWNER,
        starts_on=task.starts_on,
        ends_on=task.ended_on,
        end_reason="closed" if task.ended_on else "",
    )


def _events(task: Task) -> Iterator[TaskEvent]:
    path = [TaskState.DRAFT, TaskState.ISSUED]
    if task.state != TaskState.ISSUED:
        path += [TaskState.ACCEPTED, TaskState.RUNNING]
    if task.ended_on:
        path += [TaskState.CLOSING, TaskState.REVIEWING, TaskState.CLOSED]
    for place, (before, after) in enumerate(pairwise(path)):
        ending = after in (TaskState.CLOSING, TaskState.REVIEWING, TaskState.CLOSED)
        day = (task.ended_on or task.starts_on) if ending else task.starts_on
        yield TaskEvent(
            task=task,
            on=day,
            from_state=before,
            to_state=after,
            created_at=_moment(day) + timedelta(minutes=place),
        )


def _steps(task: Task, on: date) -> Iterator[Milestone]:
    if task.due_on is None or not task.is_key:
        return
    span = (task.due_on - task.starts_on).days
    for place, (name, share) in enumerate((("制定方案", 20), ("过半推进", 55), ("全面完成", 100))):
        day = task.starts_on + timedelta(days=span * share // 100)
        done = day if day < on and task.percent >= share else None
        yield Milestone(task=task, name=name, due_on=day, done_on=done, position=place)


def _reports(random: Random, task: Task, on: date) -> Iterator[ProgressReport]:
    if task.state == TaskState.ISSUED or task.percent == 0:
        return
    last = task.ended_on or on
    times = max(1, min(len(PROGRESS), (last - task.starts_on).days // 25))
    for number in range(times):
        back = (times - 1 - number) * 21 + random.randint(1, 6)
        day = max(task.starts_on, last - timedelta(days=back))
        yield ProgressReport(
            task=task,
            on=day,
            percent=task.percent * (number + 1) // times,
            text=PROGRESS[min(len(PROGRESS) - 1, number + (5 - times))],
            problems=random.choice(PROBLEMS),
            next_steps=random.choice(NEXT_STEPS),
            reporter=task.owner,
            owner=task.owner,
            lead_official=task.lead_official,
            unit=task.lead_department,
            created_at=_moment(day),
        )


def _latest(reports: list[ProgressReport]) -> None:
    latest = {report.task_id: report for report in reports}
    for report in latest.values():
        report.task.latest_report, report.task.reported_on = report, report.on
    Task.objects.bulk_update([r.task for r in latest.values()], ["latest_report", "reported_on"])


def _readings(context: DemoContext, plan: ActionPlan) -> None:
    """Two quarters of figures for most indicators."""
    random = context.random("park.readings")
    rows = []
    indicators = list(Indicator.objects.filter(plan=plan).order_by("position"))
    for indicator in indicators:
        if random.random() < 0.75:
            rows += list(_of_indicator(random, indicator, context.on))
    context.insert(IndicatorReading, rows)
    latest = {row.indicator_id: row for row in rows}
    for row in latest.values():
        row.indicator.latest, row.indicator.latest_on = row.value, row.on
    Indicator.objects.bulk_update([r.indicator for r in latest.values()], ["latest", "latest_on"])


def _of_indicator(random: Random, indicator: Indicator, on: date) -> Iterator[IndicatorReading]:
    base = indicator.baseline or Decimal(0)
    first = _start_of_year(on)
    for share, days in ((30, 60), (random.randint(45, 90), 15)):
        value = base + (indicator.target - base) * share / 100
        whole = indicator.target == indicator.target.to_integral_value()
        day = max(first, on - timedelta(days=days))
        yield IndicatorReading(
            indicator=indicator,
            on=day,
            value=value.quantize(Decimal(1) if whole else Decimal("0.01")),
            note="月度统计",
            created_at=_moment(day),
        )
