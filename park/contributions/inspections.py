"""Tasks that do not get on, offered to those who inspect how the work advances (三类督查)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from core.access import Permission, Viewer
from core.keys import keys_of
from park.choices import OPEN_STATES
from park.models import Task
from people.contracts import Inspectable, Link, inspectables

KEY = "park.task"
MOST = 500  # nobody chooses from more


@inspectables.register("park.tasks", order=40)
def tasks_worth_inspecting(*, viewer: Viewer, keys: Sequence[str] = ()) -> Iterator[Inspectable]:
    rows: QuerySet[Any] = Task.objects.inspected_by(viewer).select_related("lead_department", "owner")
    wanted = list(rows.filter(pk__in=_ids(keys)) if keys else _stuck(rows, viewer))
    seen = _open_to(wanted, viewer)
    for task in wanted:
        yield Inspectable(
            key=f"{KEY}:{task.pk}",
            title=task.name,
            unit=task.lead_department,
            owner=str(task.owner or ""),
            reason=_reason(task, viewer),
            due_on=task.due_on,
            link=Link("park:task", (task.pk,)) if task.pk in seen else None,
        )


def _stuck(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """Past their day, or supervised: the most supervised first, then the longest overdue."""
    stuck = Q(due_on__lt=viewer.on) | Q(supervised_times__gt=0)
    return rows.filter(stuck, state__in=OPEN_STATES).order_by(F("supervised_times").desc(), "due_on", "pk")[
        :MOST
    ]


def _open_to(tasks: Sequence[Task], viewer: Viewer) -> set[int]:
    """Whoever inspects a task need not be among those who see its page."""
    if not viewer.paths(Permission.VIEW_PARK):
        return set()
    rows = Task.objects.visible_to(viewer).filter(pk__in=[task.pk for task in tasks])
    return set(rows.values_list("pk", flat=True))


def _ids(keys: Sequence[str]) -> list[int]:
    parts = (key.partition(":") for key in keys)
    return keys_of(row for kind, _, row in parts if kind == KEY)


def _reason(task: Task, viewer: Viewer) -> str:
    late = (viewer.on - task.due_on).days if task.due_on and task.ended_on is None else 0
    facts = (
        ("逾期 {} 天", late),
        ("督办 {} 次", task.supervised_times),
        ("催办 {} 次", task.reminded_times),
        ("延期 {} 次", task.extended_times),
    )
    said = [words.format(count) for words, count in facts if count > 0]
    return "，".join([task.get_state_display(), *said])
