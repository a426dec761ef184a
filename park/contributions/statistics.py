"""How the tasks shine, by department; the lights are of the day, so the past has none."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from core.access import Permission, Viewer
from park.choices import Signal
from park.filters.tasks import ALL_PLANS, SIGNAL_WORDS
from park.queries.tasks import task_rows
from people.models import Unit
from people.statistics.counting import NOTHING, OWN_PART, departments_below
from people.statistics.sources import Chapter, report_chapters, statistics
from people.statistics.tables import Cell, Line, StatTable, sum_line

SEES = Permission.VIEW_PARK
Counts = Counter[tuple[str, str]]  # path of the lead department and light


@statistics.register("park.tasks", order=30, permission=SEES, label="任务")
def task_table(*, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]:
    """Tasks by the light of today and by the department that answers for them."""
    if on != viewer.on or not viewer.paths(SEES):
        return
    counts = _counted(viewer, unit)
    below = departments_below(viewer, unit)
    lines = [_line(part.name, counts, part.path, _links(part)) for part in below]
    lines = [line for line in lines if line.cells[0].number]
    own = Counter({key: n for key, n in counts.items() if key[0] == unit.path})
    if own:
        # The list of tasks knows a department only with those below it.
        links = [""] * (len(SIGNAL_WORDS) + 1) if below else _links(unit)
        lines.insert(0, _line(OWN_PART if below else unit.name, own, unit.path, links))
    yield StatTable(
        "tasks",
        "任务亮灯",
        ("合计", *(words for _, words in SIGNAL_WORDS)),
        tuple(lines),
        sum_line(lines, len(SIGNAL_WORDS) + 1, _links(unit)),
        corner="责任部门",
        counter="项",
        note="按当天亮灯，含全部方案；没有填责任部门的任务不计入。",
    )


def _counted(viewer: Viewer, unit: Unit) -> Counts:
    under = Q(lead_department__path__startswith=unit.path or NOTHING)
    rows: Any = task_rows(viewer).select_related(None).filter(under).order_by()
    grouped = rows.values_list("lead_department__path", "signal").annotate(Count("pk"))
    return Counter({(path, signal): number for path, signal, number in grouped})


def _line(label: str, counts: Counts, path: str | None, links: list[str]) -> Line:
    found: Counter[str] = Counter()
    for (place, signal), number in counts.items():
        if place.startswith(path or NOTHING):
            found[signal] += number
    numbers = [found.total(), *(found[signal.value] for signal, _ in SIGNAL_WORDS)]
    return Line(label, tuple(Cell(n, link) for n, link in zip(numbers, links, strict=True)))


def _links(unit: Unit) -> list[str]:
    asked = {"plan": ALL_PLANS, "department": unit.pk}
    lights = ({}, *({"signal": signal.value} for signal, _ in SIGNAL_WORDS))
    return [f"{reverse('park:tasks')}?{urlencode(asked | light)}" for light in lights]


@report_chapters.register("park.report", order=30, permission=SEES)
def task_chapter(*, viewer: Viewer, on: date, unit: Unit) -> Chapter | None:
    table = next(task_table(viewer=viewer, on=on, unit=unit), None)
    if table is None or not table.total.cells[0].number:
        return None
    numbers = dict(zip((signal for signal, _ in SIGNAL_WORDS), table.total.cells[1:], strict=True))
    late = numbers[Signal.RED].number
    words = "、".join(f"{label}{number}项" for label, number in table.sums if number)
    end = f"对{late}项逾期任务继续催办督办。" if late else "没有逾期任务。"
    paragraph = f"干部承担园区任务{table.total.cells[0].number}项，其中{words}。{end}"
    return Chapter("急难任务锻炼", (paragraph,), (table,))
