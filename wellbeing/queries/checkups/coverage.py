"""How far a year's checkup is, by department: figures only, and none from which a hidden one can be reckoned.

A department of fewer than SMALLEST people shows nothing. What is hidden must not be the difference between
the total and the rest either, so further departments are hidden, the smallest first, until at least two are
and together they have SMALLEST people; where that cannot be reached, the total is hidden as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from core.access import Permission, Viewer
from people.models import Unit
from people.models.units import under_any
from wellbeing.choices.checkups import EXPECTED, CheckupState
from wellbeing.models import CheckupMember

SMALLEST = 5
DEPARTMENT_DEPTH = 2  # the zone, then the department


@dataclass(slots=True)
class Line:
    """`expected` without those who are put off or taken off the list."""

    unit: Unit | None
    expected: int = 0
    done: int = 0
    hidden: bool = False
    before: int | None = None  # percent of the year before; None: none, or not shown

    @property
    def percent(self) -> int | None:
        return round(100 * self.done / self.expected) if self.expected else None

    @property
    def left(self) -> int:
        return self.expected - self.done


@dataclass(slots=True)
class CoverageTable:
    rows: list[Line] = field(default_factory=list)
    total: Line = field(default_factory=lambda: Line(None))

    @property
    def hidden(self) -> int:
        return sum(row.hidden for row in self.rows)


def checkup_coverage(viewer: Viewer, *, year: int) -> CoverageTable:
    """The departments of the viewer's scope, beside the year before; a constant number of queries."""
    table, before = _year(viewer, year), _year(viewer, year - 1)
    known = {row.unit.pk: row for row in before.rows if row.unit and not row.hidden}
    for row in table.rows:
        earlier = known.get(row.unit.pk) if row.unit else None
        row.before = earlier.percent if earlier and not row.hidden else None
    if not before.total.hidden and not table.total.hidden:
        table.total.before = before.total.percent
    return table


def _year(viewer: Viewer, year: int) -> CoverageTable:
    paths = viewer.paths(Permission.VIEW_CHECKUP_COVERAGE)
    units = {unit.path: unit for unit in Unit.objects.filter(under_any(paths, "path")) if unit.path}
    lines: dict[str, Line] = {}
    for path, expected, done in _counts(paths, year):
        unit = _department(path, units)
        if unit is not None:
            line = lines.setdefault(unit.path or "", Line(unit))
            line.expected += expected
            line.done += done
    rows = sorted(lines.values(), key=_order)
    hide_small(rows)
    return CoverageTable(rows, _total(rows))


def _counts(paths: tuple[str, ...], year: int) -> Iterable[tuple[str, int, int]]:
    rows: Any = CheckupMember.objects.filter(under_any(paths, "unit__path"), campaign__year=year)
    counted = (
        rows.order_by()
        .values("unit__path")
        .annotate(
            expected=Count("pk", filter=Q(state__in=EXPECTED)),
            done=Count("pk", filter=Q(state=CheckupState.DONE)),
        )
    )
    return [(row["unit__path"], row["expected"], row["done"]) for row in counted]


def _department(path: str, units: dict[str, Unit]) -> Unit | None:
    """The department around the unit; where the scope begins below it, the highest unit of the scope."""
    ids = [part for part in path.split("/") if part]
    around = ["/".join(ids[:length]) + "/" for length in range(1, len(ids) + 1)]
    inside = [candidate for candidate in around if candidate in units]
    wanted = [candidate for candidate in inside if candidate.count("/") >= DEPARTMENT_DEPTH] or inside
    return units[wanted[0]] if wanted else None


def hide_small(rows: list[Line]) -> None:
    """Marks what is not shown; see the head of this file."""
    for row in rows:
        row.hidden = row.expected < SMALLEST
    hidden = [row for row in rows if row.hidden]
    shown = sorted((row for row in rows if not row.hidden), key=lambda row: row.expected)
    while hidden and shown and not _safe(hidden):
        shown[0].hidden = True
        hidden.append(shown.pop(0))


def _safe(hidden: list[Line]) -> bool:
    return len(hidden) > 1 and sum(row.expected for row in hidden) >= SMALLEST


def _total(rows: list[Line]) -> Line:
    hidden = [row for row in rows if row.hidden]
    total = Line(None, sum(row.expected for row in rows), sum(row.done for row in rows))
    total.hidden = total.expected < SMALLEST or (bool(hidden) and not _safe(hidden))
    return total


def _order(row: Line) -> tuple[int, str]:
    return (row.unit.display_order, row.unit.path or "") if row.unit else (0, "")
