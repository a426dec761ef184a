"""What is due on the park side, for whom, and by when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, reckoned, reckoned_all
from park.choices import OPEN_STATES, ExtensionState, TaskState
from park.models import Extension, Task
from park.queries.tasks import signal_steps
from people.models.cadres import avoided_by


def overdue(on: date) -> Q:
    """Condition: issued, not over, and past its day."""
    return Q(state__in=OPEN_STATES) & Q(due_on__lt=on)


def due_soon(on: date, days: int) -> Q:
    return Q(state__in=OPEN_STATES) & Q(due_on__range=(on, on + timedelta(days=days)))


def overdue_tasks(viewer: Viewer) -> QuerySet[Task]:
    """Overdue tasks in the viewer's sight: the number beside the menu's line."""
    return Task.objects.visible_to(viewer).filter(overdue(viewer.on))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tasks wait in one way, the first day among them, and where it is one alone, which."""

    count: int
    first: date | None
    sole: int | None = None


def _waiting_of(rows: QuerySet[Any], ways: dict[str, Q]) -> Steps[dict[str, Waiting]]:
    """Every way of waiting in one question."""
    asked: dict[str, Any] = {}
    for key, condition in ways.items():
        asked[f"{key}_n"] = Count("pk", filter=condition)
        asked[f"{key}_on"] = Min("due_on", filter=condition)
        asked[f"{key}_pk"] = Min("pk", filter=condition)
    found = yield from reckoned(rows, **asked)
    return {
        key: Waiting(
            found[f"{key}_n"], found[f"{key}_on"], found[f"{key}_pk"] if found[f"{key}_n"] == 1 else None
        )
        for key in ways
    }


def own_tasks(viewer: Viewer) -> QuerySet[Task]:
    """Tasks the viewer answers for; none for an account without a cadre."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.VIEW_PARK):
        return Task.objects.none()
    return Task.objects.filter(owner=viewer.cadre_id).published()


def open_own_tasks(viewer: Viewer) -> QuerySet[Task]:
    """Those of the own tasks about which something may be due."""
    return own_tasks(viewer).filter(state__in=OPEN_STATES)


def own_waiting(viewer: Viewer) -> Steps[dict[str, Waiting]]:
    """Of the own tasks: to sign for, overdue, due soon, sent back."""
    on = viewer.on
    book = yield from signal_steps(viewer)
    ways = {
        "sign": Q(state=TaskState.ISSUED),
        "overdue": overdue(on),
        "soon": due_soon(on, book.terms(on).due_soon_days),
        "returned": Q(state=TaskState.RETURNED),
    }
    return (yield from _waiting_of(own_tasks(viewer), ways))


def edited_waiting(viewer: Viewer) -> Steps[dict[str, Waiting]]:
    """Of the tasks one looks after: drafts with a blank, applications to check."""
    if viewer.paths(Permission.EDIT_PARK):
        blank = Q(lead_official=None) | Q(lead_department=None) | Q(owner=None) | Q(due_on=None)
        ways = {
            "blank": blank & Q(state=TaskState.DRAFT),
            "check": Q(state=TaskState.CLOSING) & ~avoided_by(viewer, "owner"),
        }
        states = Task.objects.visible_to(viewer, Permission.EDIT_PARK).filter(
            state__in=(TaskState.DRAFT, TaskState.CLOSING)
        )
        return (yield from _waiting_of(states, ways))
    return {}


def approved_waiting(viewer: Viewer) -> Steps[dict[str, Waiting]]:
    """Of the tasks one approves: those to close, and where more time is asked for."""
    found: dict[str, Waiting] = {}
    if viewer.can(Permission.APPROVE_PARK):
        mine = Task.objects.visible_to(viewer, Permission.APPROVE_PARK)
        mine = mine.exclude(avoided_by(viewer, "owner"))
        to_close = mine.filter(state=TaskState.REVIEWING)
        more_time = Extension.objects.filter(state=ExtensionState.ASKED, task__in=mine)
        closing, asking = yield from reckoned_all(
            (to_close, {"n": Count("pk"), "first": Min("due_on")}),
            (more_time, {"n": Count("pk"), "first": Min("asked_on")}),
        )
        found["close"] = Waiting(closing["n"], closing["first"])
        found["extend"] = Waiting(asking["n"], asking["first"])
    return found
