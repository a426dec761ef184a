"""How far the talks that are owed were held; a department of fewer than five people shows nothing."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from core.access import Permission, Viewer
from people.models import Unit
from people.statistics.sources import Chapter, report_chapters, statistics
from people.statistics.tables import Cell, Line, StatTable, percent, sum_line
from wellbeing.queries.coverage import SMALLEST, Coverage, coverage

SEES = Permission.VIEW_TALK_COVERAGE
COLUMNS = ("在职人数", "已谈人数", "应谈", "已谈", "逾期未谈", "未到期")


@statistics.register("wellbeing.talks", order=50, permission=SEES, label="谈心谈话")
def talk_table(*, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]:
    """Of the year to today, or of a whole year gone by: day by day the figures would tell who was talked to.

    A talk has no list of names here, so each number opens the page of the coverage.
    """
    whole_year = (on.month, on.day) == (12, 31)
    if not viewer.paths(SEES) or not (whole_year or on == viewer.on):
        return
    rows = coverage(viewer, year=on.year, on=on).rows
    address = f"{reverse('wellbeing:coverage')}?year={on.year}"
    lines = tuple(_line(row, address) for row in rows if _within(row, unit))
    links = [address] * len(COLUMNS)
    yield StatTable(
        "talks",
        f"{on.year}年谈心谈话覆盖",
        COLUMNS,
        lines,
        sum_line(lines, len(COLUMNS), links),
        counter="人次",
        whole=False,
        charted=2,
        note=f"少于{SMALLEST}人的部门不显示，也不计入合计。",
    )


def _within(row: Coverage, unit: Unit) -> bool:
    return row.unit is not None and (row.unit.path or "").startswith(unit.path or "?")


def _line(row: Coverage, address: str) -> Line:
    name = row.unit.name if row.unit else ""
    if row.suppressed:
        return Line(name, remark=f"少于 {SMALLEST} 人，不显示")
    numbers = (row.people, row.talked, row.due, row.done, row.late, row.ahead)
    return Line(name, tuple(Cell(number, address) for number in numbers))


@report_chapters.register("wellbeing.report", order=50, permission=SEES)
def talk_chapter(*, viewer: Viewer, on: date, unit: Unit) -> Chapter | None:
    table = next(talk_table(viewer=viewer, on=on, unit=unit), None)
    if table is None:
        return None
    _, talked, due, done, late, _ = (cell.number or 0 for cell in table.total.cells)
    if not due and not talked:
        return None
    rate = f"，完成率{percent(done, due)}" if due else ""
    tail = f"，逾期未谈{late}人次" if late else ""
    paragraph = f"{on.year}年开展谈心谈话覆盖{talked}人，应谈{due}人次，已谈{done}人次{rate}{tail}。"
    return Chapter("谈心谈话", (paragraph,))
