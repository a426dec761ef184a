"""A table of numbers as every app gives it: lines by department or kind, each number with its list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Cell:
    """`number` None is not shown; `url` "" is a number without a list of its own. `change` is the difference
    to the same cell of the table compared with."""

    number: int | None
    url: str = ""
    change: int | None = None

    @property
    def fall(self) -> int:
        """By how much it is less, without the sign."""
        return max(0, -(self.change or 0))


@dataclass(frozen=True, slots=True)
class Line:
    """`remark` stands in place of the numbers, such as why they are kept back."""

    label: str
    cells: tuple[Cell, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class StatTable:
    """`columns` names the cells of each line.

    `whole`: the first column is the sum of the others, so each of them has a share of it. The chart draws
    the sums of the columns from `charted` on; `corner` names what the lines are.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    corner: str = "部门"
    counter: str = "人"
    whole: bool = True
    charted: int = 1
    note: str = ""

    @property
    def sums(self) -> list[tuple[str, int]]:
        """What the chart draws: (column, sum)."""
        pairs = zip(self.columns, self.total.cells, strict=True)
        return [(label, cell.number or 0) for label, cell in pairs][self.charted :]

    @property
    def shares(self) -> list[str]:
        """The share of each column in the sum, as written under it; "" where there is none to speak of."""
        if not self.whole or not self.total.cells:
            return []
        everyone = self.total.cells[0].number or 0
        return ["", *(percent(cell.number or 0, everyone) for cell in self.total.cells[1:])]


def percent(part: int, whole: int) -> str:
    """71%, and one place behind the point only where it would otherwise read as nothing or as all."""
    if not whole:
        return ""
    value = 100 * part / whole
    return f"{value:.1f}%" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f}%"


def sum_line(lines: Sequence[Line], width: int, urls: Sequence[str] = ()) -> Line:
    """The sums of the columns; lines with a remark are in none of them."""
    links = list(urls) or [""] * width
    counted = [line for line in lines if not line.remark]
    cells = (
        Cell(sum(line.cells[place].number or 0 for line in counted), links[place]) for place in range(width)
    )
    return Line("合计", tuple(cells))


def compared(table: StatTable, earlier: StatTable) -> StatTable:
    """The table with the difference to `earlier` in every cell that both have; a line not there counted 0."""
    known = {line.label: line for line in earlier.lines}
    empty = Line("", tuple(Cell(0) for _ in table.columns))
    lines = tuple(_against(line, known.get(line.label, empty)) for line in table.lines)
    return replace(table, lines=lines, total=_against(table.total, earlier.total))


def _against(line: Line, other: Line) -> Line:
    if line.remark or other.remark:
        return line
    pairs = zip(line.cells, other.cells, strict=True)
    return replace(line, cells=tuple(_difference(cell, before) for cell, before in pairs))


def _difference(cell: Cell, before: Cell) -> Cell:
    if cell.number is None or before.number is None:
        return cell
    return replace(cell, change=cell.number - before.number)
