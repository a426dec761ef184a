"""The table of tasks with which the invented assignments were taken in."""

from park.models import Assignment
from people.choices import ImportKind
from people.demo.context import DemoContext
from people.demo.registry import register
from people.demo.trail import Dated, file_trail


@register(order=908)
def trail_of_assignments(context: DemoContext) -> None:
    rows: list[Dated] = [(row, row.starts_on) for row in Assignment.objects.order_by("pk")]
    file_trail(context, ImportKind.TASKS, "任务分解表", rows, clerk="hr")
