"""Tasks: what is due, what happened, what speaks against a move, and the figures of the home page."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.access import Permission, Viewer
from core.asking import Ask, asked, asked_all
from park.models import Task
from park.queries.duties import (
    Waiting,
    approved_waiting,
    edited_waiting,
    open_own_tasks,
    overdue_tasks,
    own_waiting,
)
from park.queries.history import closed_between, overdue_key_tasks, sole_key_tasks
from park.queries.tasks import own_rows_only
from people.choices import OccasionCode
from people.contracts import (
    Duty,
    Figure,
    Gauge,
    Link,
    Obstacle,
    Occasion,
    Press,
    Transfer,
    duties,
    home_figures,
    home_gauges,
    obstacles,
    occasions,
)

OWN = (
    ("sign", "{n} 项新任务待签收", "交办的任务签收后才能反馈进展。"),
    ("overdue", "{n} 项任务已逾期", "请反馈进展，完成的申请销号，做不完的申请延期。"),
    ("returned", "{n} 项销号申请被退回", "按退回的意见补充后重新申请。"),
    ("soon", "{n} 项任务即将到期", "临近完成时限。"),
)
STAFF = (
    (
        "blank",
        "{n} 项任务的责任没有填齐",
        "责任领导、责任部门、责任人和完成时限填齐后才能交办。",
        "blank=1&state=draft",
    ),
    ("check", "{n} 项销号申请待审核", "核对完成情况后转责任领导。", "state=closing"),
    ("close", "{n} 项任务待销号", "审核已通过，等待同意销号。", "state=reviewing"),
    ("extend", "{n} 份延期申请待审批", "批准后时限才会改变。", "state=open"),
)


@duties.register("park.own_tasks", order=20, permission=Permission.REPORT_PARK, waits=open_own_tasks)
def own_task_duties(*, viewer: Viewer) -> Iterator[Duty]:
    waiting = yield from own_waiting(viewer)
    for key, title, reason in OWN:
        yield from _duty(f"park.own.{key}", title, reason, waiting[key], cadre_id=viewer.cadre_id)


@duties.register("park.staff_tasks", order=21, permission=Permission.VIEW_PARK)
def edited_task_duties(*, viewer: Viewer) -> Iterator[Duty]:
    if not own_rows_only(viewer):
        yield from _staff_duties((yield from edited_waiting(viewer)))


@duties.register("park.approved_tasks", order=21, permission=Permission.VIEW_PARK)
def approved_task_duties(*, viewer: Viewer) -> Iterator[Duty]:
    if not own_rows_only(viewer):
        yield from _staff_duties((yield from approved_waiting(viewer)))


def _staff_duties(waiting: dict[str, Waiting]) -> Iterator[Duty]:
    for key, title, reason, _ in STAFF:
        if key in waiting:
            yield from _duty(f"park.staff.{key}", title, reason, waiting[key])


def _duty(
    key: str, title: str, reason: str, waiting: Waiting, *, cadre_id: int | None = None
) -> Iterator[Duty]:
    if waiting.count:
        yield Duty(
            key=key,
            title=title.format(n=waiting.count),
            due_on=waiting.first,
            link=Link("park:tasks_waiting", (key.rpartition(".")[2],)),
            cadre_id=cadre_id,
            count=waiting.count,
            reason=reason,
            press=_press(key, waiting),
            on_calendar=False,
        )


def _press(key: str, waiting: Waiting) -> Press | None:
    """A single new task is signed for on the spot; the others ask for a sentence."""
    if key != "park.own.sign" or waiting.sole is None:
        return None
    return Press("签收", Link("park:task_act", (waiting.sole, "accept")))


@home_figures.register("park.red", order=30, permission=Permission.VIEW_PARK)
def red_lights(*, viewer: Viewer) -> Iterator[Figure]:
    if own_rows_only(viewer):
        return
    rows = overdue_tasks(viewer)
    yield Figure("逾期任务", rows, "项", Link("park:tasks"), "plan=all&signal=red", "过时限未销号")


@home_gauges.register("park.tasks", order=40, permission=Permission.VIEW_PARK)
def tasks_in_time(*, viewer: Viewer) -> Iterator[Gauge]:
    """Of the tasks that run, those whose day has not passed."""
    if own_rows_only(viewer):
        return
    open_n, late_n = yield from asked_all(
        Ask(Task.objects.visible_to(viewer).open(), counts=True), Ask(overdue_tasks(viewer), counts=True)
    )
    if open_n:
        link = Link("park:tasks", query="plan=all&signal=red")
        yield Gauge("在办任务按期", open_n - late_n, open_n, "项", link)


@occasions.register("park.tasks", order=40)
def tasks_finished(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for cadre_id, task in closed_between(cadre_ids, since, until):
        late = (task.ended_on - task.due_on).days if task.ended_on and task.due_on else 0
        yield Occasion(
            cadre_id=cadre_id,
            happened_on=task.ended_on or until,
            kind="任务销号",
            title=f"任务销号：{task.name}",
            detail=f"逾期 {late} 天销号" if late > 0 else "按时销号",
            link=Link("park:task", (task.pk,)),
            icon="circle-check",
            key=f"task:{task.pk}:closed",
        )


@occasions.register("park.overdue_key", order=41)
def key_tasks_overdue(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    """The day after its due date a key task that is not over becomes something to talk about."""
    for cadre_id, task, day in overdue_key_tasks(cadre_ids, since, until):
        yield Occasion(
            cadre_id=cadre_id,
            happened_on=day,
            kind="重点任务逾期",
            title=f"重点任务逾期：{task.name}",
            link=Link("park:task", (task.pk,)),
            icon="triangle-alert",
            code=OccasionCode.KEY_TASK_OVERDUE,
            key=f"task:{task.pk}:overdue",
        )


@obstacles.register("park.sole_owner", order=40)
def sole_owner(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    """A key task that nobody else works on has no one to go on with it."""
    for task in (yield from asked(sole_key_tasks([move.cadre.pk for move in moves], on))):
        yield Obstacle(
            cadre_id=task.owner_id or 0,
            severity="consider",
            code="park.sole_owner",
            message=f"独自承担重点任务“{task.name}”，没有协办人，调整前须落实接手人。",
            source=f"任务 {task.pk}，完成时限 {task.due_on:%Y-%m-%d}" if task.due_on else f"任务 {task.pk}",
        )
