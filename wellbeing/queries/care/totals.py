"""慰问 by department and group: people and money, with nobody to be recognised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.access import Permission, Viewer
from people.models import Unit
from people.models.units import under_any
from wellbeing.choices.care import CareGroup, CareState, group_of
from wellbeing.models import CareCase
from wellbeing.queries.suppression import TOTAL, Place, hidden_places

SEERS = (Permission.EDIT_CARE, Permission.APPROVE_CARE, Permission.EDIT_RULES)
GIVEN = (CareState.GIVEN, CareState.CLOSED)


@dataclass(frozen=True, slots=True)
class Cell:
    """People who were given something, and how much; hidden ones hold neither."""

    people: int
    amount: Decimal
    hidden: bool


@dataclass(frozen=True, slots=True)
class Line:
    unit: Unit | None
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Totals:
    groups: tuple[CareGroup, ...]
    rows: tuple[Line, ...]
    total: Line
    hidden: int


Key = tuple[int | None, CareGroup | None]


def totals(viewer: Viewer, *, year: int, on: date) -> Totals:
    """What was given in the year up to the day, in the units the viewer looks after."""
    units, people, money = _gathered(viewer, year, on)
    counts = {place: len(ids) for place, ids in people.items()}
    ids = sorted(units, key=lambda pk: (units[pk].display_order, units[pk].path or ""))
    hidden = hidden_places(counts, ids, list(CareGroup))
    rows = tuple(_line(units[pk], pk, counts, money, hidden) for pk in ids)
    return Totals(
        tuple(CareGroup),
        rows,
        _line(None, TOTAL, counts, money, hidden),
        len([place for place in hidden if counts.get(place)]),
    )


def _gathered(
    viewer: Viewer, year: int, on: date
) -> tuple[dict[int, Unit], dict[Key, set[int]], dict[Key, Decimal]]:
    """Departments, and by department and group who was given how much."""
    paths = tuple(sorted({path for one in SEERS for path in viewer.paths(one)}))
    all_units = {unit.pk: unit for unit in Unit.objects.filter(under_any(paths, "path"))}
    rows = CareCase.objects.filter(
        state__in=GIVEN, given_on__range=(date(year, 1, 1), min(on, date(year, 12, 31)))
    ).filter(unit_id__in=list(all_units))
    units: dict[int, Unit] = {}
    people: dict[Key, set[int]] = {}
    money: dict[Key, Decimal] = {}
    for unit_id, cadre_id, kind, amount in rows.values_list("unit_id", "cadre_id", "kind", "amount"):
        unit = _department(all_units, all_units[unit_id])
        units[unit.pk] = unit
        place = (unit.pk, group_of(kind))
        people.setdefault(place, set()).add(cadre_id)
        money[place] = money.get(place, Decimal(0)) + amount
    return units, people, money


def _department(units: dict[int, Unit], unit: Unit) -> Unit:
    """The ancestor right below the zone, or the unit itself at the top."""
    ids = [int(part) for part in (unit.path or "").split("/") if part]
    return units.get(ids[1], unit) if len(ids) > 1 else unit


def _line(
    unit: Unit | None,
    row: int | None,
    counts: dict[Key, int],
    money: dict[Key, Decimal],
    hidden: set[Place],
) -> Line:
    cells = tuple(_cell(row, group, counts, money, hidden) for group in CareGroup)
    return Line(unit, cells, _cell(row, TOTAL, counts, money, hidden))


def _cell(
    row: int | None,
    group: CareGroup | None,
    counts: dict[Key, int],
    money: dict[Key, Decimal],
    hidden: set[Place],
) -> Cell:
    if (row, group) in hidden:
        return Cell(0, Decimal(0), True)
    places = [(r, g) for r, g in counts if row in (r, TOTAL) and group in (g, TOTAL)]
    amount = sum((money[place] for place in places), Decimal(0))
    return Cell(sum(counts[place] for place in places), amount, False)


def years_known(on: date) -> Sequence[int]:
    return range(on.year, on.year - 5, -1)
