"""What is due on the park side, for whom, and by when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from core.access import Permission, Viewer
from park.choices import ENDED_STATES, ExtensionState, TaskState
from park.models import Extension, Task
from park.queries.tasks import own_rows_only, signal_book

SOON_FALLBACK = 7


def overdue(on: date) -> Q:
    """Condition: issued, not over, and past its day."""
    return ~Q(state__in=(TaskState.DRAFT, *ENDED_STATES)) & Q(due_on__lt=on)


def due_soon(on: date, days: int) -> Q:
    return ~Q(state__in=(TaskState.DRAFT, *ENDED_STATES)) & Q(due_on__range=(on, on + timedelta(days=days)))


def overdue_tasks(viewer: Viewer) -> QuerySet[Task]:
    """Overdue tasks in the viewer's sight: the number beside the menu's line."""
    return Task.objects.visible_to(viewer).filter(overdue(viewer.on))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tasks wait in one way, and the first day among them."""

    count: int
    first: date | None


def _waiting(rows: QuerySet[Any]) -> Waiting:
    found = rows.aggregate(n=Count("pk"), first=Min("due_on"))
    return Waiting(found["n"], found["first"])


def own_tasks(viewer: Viewer) -> QuerySet[Task]:
    """Tasks the viewer answers for; none for an account without a cadre."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.VIEW_PARK):
        return Task.objects.none()
    return Task.objects.filter(owner=viewer.cadre_id).published()


def own_waiting(viewer: Viewer) -> dict[str, Waiting]:
    """Of the own tasks: to sign for, overdue, due soon, sent back; one query each, with an index."""
    on, mine = viewer.on, own_tasks(viewer)
    days = signal_book(viewer).terms(on).due_soon_days
    return {
        "sign": _waiting(mine.filter(state=TaskState.ISSUED)),
        "overdue": _waiting(mine.filter(overdue(on))),
        "soon": _waiting(mine.filter(due_soon(on, days))),
        "returned": _waiting(mine.filter(state=TaskState.RETURNED)),
    }


def staff_waiting(viewer: Viewer) -> dict[str, Waiting]:
    """Of the tasks one looks after: drafts with a blank, applications to check, to close, more time asked."""
    found: dict[str, Waiting] = {}
    if viewer.paths(Permission.EDIT_PARK):
        mine = Task.objects.visible_to(viewer, Permission.EDIT_PARK)
        blank = Q(lead_official=None) | Q(lead_department=None) | Q(owner=None) | Q(due_on=None)
        found["blank"] = _waiting(mine.filter(blank, state=TaskState.DRAFT))
        found["check"] = _waiting(mine.filter(state=TaskState.CLOSING))
    if viewer.paths(Permission.APPROVE_PARK):
        mine = Task.objects.visible_to(viewer, Permission.APPROVE_PARK)
        if viewer.cadre_id is not None:
            mine = mine.exclude(owner=viewer.cadre_id)
        found["close"] = _waiting(mine.filter(state=TaskState.REVIEWING))
        asked = Extension.objects.filter(state=ExtensionState.ASKED, task__in=mine)
        row = asked.aggregate(n=Count("pk"), first=Min("asked_on"))
        found["extend"] = Waiting(row["n"], row["first"])
    if not own_rows_only(viewer):
        found["red"] = Waiting(overdue_tasks(viewer).count(), None)
    return found
