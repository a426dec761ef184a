"""Lists of tasks: one query for the table, the board and the timeline; sums and group heads beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from core.access import Permission, Viewer
from core.asking import Steps, once, result_of
from core.periods import covers
from park.choices import PlanState, Signal, TaskState, UnitRole
from park.models import ActionPlan, Milestone, Task, TaskUnit
from park.queries.signals import SignalBook, with_signal
from park.signals import signal_words

CARDS_A_LANE = 20
LANES: tuple[tuple[str, tuple[TaskState, ...]], ...] = (
    ("待交办", (TaskState.DRAFT,)),
    ("待签收", (TaskState.ISSUED,)),
    ("办理中", (TaskState.ACCEPTED, TaskState.RUNNING, TaskState.RETURNED)),
    ("待审核", (TaskState.CLOSING, TaskState.REVIEWING)),
    ("已销号", (TaskState.CLOSED, TaskState.STOPPED)),
)
BAR_STATES = {Signal.RED: "bad", Signal.YELLOW: "warn"}
SHOWN = ("lead_official", "lead_department", "owner", "measure", "latest_report")


def known_plans(viewer: Viewer) -> list[ActionPlan]:
    """Plans to choose from, the newest first; asked once a page."""
    rows = ActionPlan.objects.visible_to(viewer).defer("text")
    return viewer.remember("park.plans", lambda: list(rows))


def default_plan(viewer: Viewer) -> ActionPlan | None:
    """The plan a list opens with: the newest in force, else the newest."""
    plans = known_plans(viewer)
    running = (plan for plan in plans if plan.state == PlanState.IN_FORCE)
    return next(running, plans[0] if plans else None)


def signal_book(viewer: Viewer) -> SignalBook:
    return result_of(signal_steps(viewer))


def signal_steps(viewer: Viewer) -> Steps[SignalBook]:
    return (yield from once(viewer, "park.signals", SignalBook.steps))


def task_rows(viewer: Viewer) -> QuerySet[Any]:
    """What the viewer may see, each task with its light of the day."""
    terms = signal_book(viewer).terms(viewer.on)
    return with_signal(Task.objects.visible_to(viewer), viewer.on, terms).select_related(*SHOWN)


def own_rows_only(viewer: Viewer) -> bool:
    """Whoever has no part of the unit tree sees the own tasks of all plans in one list."""
    return not viewer.paths(Permission.VIEW_PARK)


@dataclass(slots=True)
class Sums:
    """How many tasks shine in which light, altogether and under each measure."""

    by_signal: dict[str, int] = field(default_factory=dict)
    by_measure: dict[int | None, dict[str, int]] = field(default_factory=dict)
    by_state: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_signal.values())

    def words_of(self, measure_id: int | None) -> str:
        """18 项·红 1·黄 1"""
        counts = self.by_measure.get(measure_id, {})
        lit = [("逾期", Signal.RED), ("滞后", Signal.YELLOW), ("临期", Signal.BLUE)]
        shown = [f"{word} {counts[light]}" for word, light in lit if counts.get(light)]
        return "·".join([f"{sum(counts.values())} 项", *shown])


def sums_of(rows: QuerySet[Any]) -> Sums:
    """One grouped read of the filtered tasks (with their `signal`)."""
    found = Sums()
    grouped = rows.order_by().values("measure_id", "state", "signal").annotate(n=Count("pk"))
    for row in grouped:
        light, number = row["signal"], row["n"]
        places = (
            found.by_signal,
            found.by_measure.setdefault(row["measure_id"], {}),
            found.by_state.setdefault(row["state"], {}),
        )
        for place in places:
            place[light] = place.get(light, 0) + number
    return found


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board with its first cards."""

    title: str
    count: int
    cards: list[Any]

    @property
    def rest(self) -> int:
        return self.count - len(self.cards)


def board_of(rows: QuerySet[Any], counted: dict[str, int]) -> list[Lane]:
    """The board, most urgent first; `counted` is how many tasks there are in each state.

    The cards are chosen by their keys alone, and only the chosen ones are fetched with all they show.
    """
    numbered = Window(
        RowNumber(), partition_by=[F("state")], order_by=[F("due_on").asc(nulls_last=True), F("pk")]
    )
    chosen = rows.order_by().annotate(place=numbered).filter(place__lte=CARDS_A_LANE)
    cards = list(rows.filter(pk__in=list(chosen.values_list("pk", flat=True))).order_by())
    lanes = []
    for title, states in LANES:
        mine = sorted((card for card in cards if card.state in states), key=_urgency)
        lanes.append(Lane(title, sum(counted.get(state, 0) for state in states), mine[:CARDS_A_LANE]))
    return lanes


def _urgency(task: Any) -> tuple[date, int]:
    return (task.due_on or date.max, task.pk)


def light_up(tasks: Iterable[Any], on: date) -> None:
    """Adds the words beside each task's light."""
    for task in tasks:
        task.light = signal_words(Signal(task.signal), task.state, task.due_on, on)


def decorate(tasks: Sequence[Any], on: date) -> list[Any]:
    """Adds to the tasks of one page: `light` words, and `next_step`, the first open milestone."""
    light_up(tasks, on)
    steps = next_steps([task.pk for task in tasks])
    for task in tasks:
        task.next_step = steps.get(task.pk)
        task.bar_state = BAR_STATES.get(task.signal, "ok")
    return list(tasks)


def next_steps(task_ids: Iterable[int]) -> dict[int, Milestone]:
    """The first open milestone of each task."""
    open_steps = Milestone.objects.filter(task__in=list(task_ids), done_on__isnull=True)
    found: dict[int, Milestone] = {}
    for step in open_steps.order_by("due_on", "position", "pk"):
        found.setdefault(step.task_id, step)
    return found


def with_supporters(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """For paper and export: the supporting departments of the day as `supporters`."""
    supporting = TaskUnit.objects.filter(covers(on), role=UnitRole.SUPPORT).select_related("unit")
    return rows.prefetch_related(Prefetch("units", queryset=supporting, to_attr="supporters"))


def supporters_of(task: Any) -> str:
    return "、".join(row.unit.short_name or row.unit.name for row in getattr(task, "supporters", ()))


def blank_counts(plan: ActionPlan) -> dict[str, int]:
    """How many drafts of the plan lack which responsible field; one query."""
    drafts = Task.objects.filter(plan=plan, state=TaskState.DRAFT)
    return drafts.aggregate(
        责任领导=Count("pk", filter=Q(lead_official__isnull=True)),
        责任部门=Count("pk", filter=Q(lead_department__isnull=True)),
        责任人=Count("pk", filter=Q(owner__isnull=True)),
        完成时限=Count("pk", filter=Q(due_on__isnull=True)),
    )
