"""What the park side puts on the calendar: the days on which tasks are due."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet

from core.access import Permission, Viewer
from core.asking import asked, asked_all
from park.models import Task
from park.queries.duties import open_own_tasks
from park.queries.tasks import own_rows_only
from people.choices import CalendarKind
from people.contracts import Entry, Link, calendar_entries

TASK = CalendarKind.TASK


@calendar_entries.register("park.own_tasks", order=20, permission=Permission.REPORT_PARK)
def own_tasks_due(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    rows: Any = open_own_tasks(viewer).filter(due_on__range=(first, last))
    for pk, name, due_on in (
        yield from asked(rows.order_by("due_on", "pk").values_list("pk", "name", "due_on"))
    ):
        yield Entry(TASK, name, due_on, link=Link("park:task", (pk,)), own=True)


@calendar_entries.register("park.tasks", order=21, permission=Permission.VIEW_PARK)
def tasks_due(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    """Of the units one looks after: a task that is due alone by its name, several of a day as a number."""
    if own_rows_only(viewer):
        return
    rows = _of_others(viewer).filter(due_on__range=(first, last)).order_by().values("due_on")
    counted = rows.annotate(number=Count("pk"), first_pk=Min("pk"))
    names = Task.objects.filter(pk__in=counted.filter(number=1).values("first_pk"))
    days, alone = yield from asked_all(counted, names.values_list("pk", "name", "due_on"))
    for pk, name, day in alone:
        yield Entry(TASK, name, day, link=Link("park:task", (pk,)))
    for row in days:
        if row["number"] > 1:
            day, number = row["due_on"], row["number"]
            listed = Link("park:tasks", query=f"plan=all&due_on={day:%Y-%m-%d}")
            yield Entry(TASK, f"{number} 项任务到期", day, link=listed)


def _of_others(viewer: Viewer) -> QuerySet[Any]:
    rows: QuerySet[Any] = Task.objects.visible_to(viewer).open()
    return rows.exclude(owner=viewer.cadre_id) if viewer.cadre_id is not None else rows
