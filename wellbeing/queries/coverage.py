"""How far the talks that are owed were held, by department: figures only, small departments left out.

A duty belongs to the department of its own day. A department with fewer people than SMALLEST shows nothing,
and is in no total either, so that no difference gives it away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked, asked_all, result_of
from people.choices import CadreStatus
from people.models import Cadre, Unit
from people.models.units import under_any
from wellbeing.choices.talks import HELD_STATES
from wellbeing.choices.triggers import UNMET_STATES, DutyState
from wellbeing.models import Talk, TalkDuty

SMALLEST = 5


@dataclass(slots=True)
class Coverage:
    """`due`: owed by the day or already held; `done`, `late` (overdue or lapsed) and `open` add up to it
    with what is open and not yet due left out."""

    unit: Unit | None
    people: int = 0
    talked: int = 0
    due: int = 0
    done: int = 0
    late: int = 0
    ahead: int = 0

    @property
    def suppressed(self) -> bool:
        return self.people < SMALLEST

    @property
    def percent(self) -> int | None:
        return round(100 * self.done / self.due) if self.due else None


@dataclass(slots=True)
class CoverageTable:
    rows: list[Coverage] = field(default_factory=list)
    total: Coverage = field(default_factory=lambda: Coverage(None))

    @property
    def hidden(self) -> int:
        return sum(row.suppressed for row in self.rows)


def coverage(viewer: Viewer, *, year: int, on: date) -> CoverageTable:
    """The departments of the viewer's scope in a year up to the day; a constant number of queries."""
    return result_of(coverage_steps(viewer, year=year, on=on))


def coverage_steps(viewer: Viewer, *, year: int, on: date) -> Steps[CoverageTable]:
    """As `coverage`, together with what others ask."""
    paths = viewer.paths(Permission.VIEW_TALK_COVERAGE)
    first, last = date(year, 1, 1), min(on, date(year, 12, 31))
    units = {unit.pk: unit for unit in (yield from asked(Unit.objects.filter(under_any(paths, "path"))))}
    departments = _Departments(units.values())
    people, talked, duties = yield from asked_all(
        _people(paths, last),
        _talked(list(units), first, last),
        _duties(list(units), first, date(year, 12, 31), last),
    )
    _count_people(departments, people)
    _count_talked(departments, units, talked)
    _count_duties(departments, units, duties)
    rows = sorted(departments.rows.values(), key=lambda row: _order(row.unit))
    return CoverageTable(rows, _total(rows))


class _Departments:
    """Which line a unit counts in: its ancestor right below the zone, or itself at the top."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.rows: dict[int, Coverage] = {}
        self._by_path = {unit.path or "": unit for unit in units}

    def of(self, unit: Unit | None) -> Coverage | None:
        if unit is None or not unit.path:
            return None
        ids = [part for part in unit.path.split("/") if part]
        tops = ["/".join(ids[:count]) + "/" for count in (2, 1, *range(3, len(ids) + 1))]
        found = next((self._by_path[path] for path in tops if path in self._by_path), unit)
        return self.rows.setdefault(found.pk, Coverage(found))


def _people(paths: tuple[str, ...], on: date) -> QuerySet[Any, Any]:
    placed: Any = Cadre.objects.with_position(on).filter(status=CadreStatus.ACTIVE)
    counts = placed.filter(under_any(paths, "unit_path")).order_by().values("unit_id_at", "unit_path")
    return counts.annotate(number=Count("pk"))  # type: ignore[no-any-return]


def _count_people(departments: _Departments, counts: Iterable[Any]) -> None:
    for row in counts:
        line = departments.of(Unit(pk=row["unit_id_at"], path=row["unit_path"]))
        if line is not None:
            line.people += row["number"]


def _talked(unit_ids: list[int], first: date, last: date) -> QuerySet[Any, Any]:
    held = Talk.objects.filter(
        unit_id__in=unit_ids, state__in=HELD_STATES, held_on__gte=first, held_on__lte=last
    )
    return held.order_by().values_list("unit_id", "cadre_id").distinct()


def _count_talked(departments: _Departments, units: dict[int, Unit], talked: Iterable[Any]) -> None:
    people: dict[int, set[int]] = {}
    for unit_id, cadre_id in talked:
        line = departments.of(units[unit_id])
        if line is not None and line.unit is not None:
            people.setdefault(line.unit.pk, set()).add(cadre_id)
    for pk, cadres in people.items():
        departments.rows[pk].talked = len(cadres)


def _duties(unit_ids: list[int], first: date, last: date, on: date) -> QuerySet[Any, Any]:
    rows = TalkDuty.objects.filter(unit_id__in=unit_ids, due_on__gte=first, due_on__lte=last)
    late = Q(state=DutyState.LAPSED) | Q(state__in=UNMET_STATES, due_on__lt=on)
    return (
        rows.order_by()
        .values("unit_id")
        .annotate(
            done=Count("pk", filter=Q(state=DutyState.DONE)),
            late=Count("pk", filter=late),
            ahead=Count("pk", filter=Q(state__in=UNMET_STATES, due_on__gte=on)),
        )
    )


def _count_duties(departments: _Departments, units: dict[int, Unit], counts: Iterable[Any]) -> None:
    for row in counts:
        line = departments.of(units[row["unit_id"]])
        if line is not None:
            line.done += row["done"]
            line.late += row["late"]
            line.ahead += row["ahead"]
            line.due = line.done + line.late


def _total(rows: Iterable[Coverage]) -> Coverage:
    total = Coverage(None)
    for row in rows:
        if not row.suppressed:
            for name in ("people", "talked", "due", "done", "late", "ahead"):
                setattr(total, name, getattr(total, name) + getattr(row, name))
    return total


def _order(unit: Unit | None) -> tuple[int, str]:
    return (unit.display_order, unit.path or "") if unit else (0, "")
