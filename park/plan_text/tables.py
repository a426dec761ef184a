"""Figures that stand in a table: 部门⇥到位资金（亿元）⇥签约项目（个）, a row for each name below.

A table is lines of three cells or more with tabs between them, as they come out of Word, WPS and Excel. Its
unit stands at the head of a column or in a column of its own, so no clause-by-clause reading can find it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from park.plan_text.deadlines import Deadline
from park.plan_text.flat import flatten, trimmed
from park.plan_text.quantities import SAME_UNIT, UNITS, Quantity, find_quantities

FEWEST_CELLS: Final = 3
_LONGEST_NAME: Final = 40
_CELL: Final = re.compile(
    r"(?P<bound>>=?|≥|<=?|≤|不低于|不少于|至少|不超过|约)? ?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf" ?(?P<unit>{UNITS})? ?(?P<after>以上|以下|以内|左右)?"
)
_AT_LEAST: Final = frozenset((">", ">=", "≥", "不低于", "不少于", "至少", "以上"))
_AT_MOST: Final = frozenset(("<", "<=", "≤", "不超过", "以下", "以内"))
_HEAD_UNIT: Final = re.compile(rf"[(/:, ] ?(?:单位[:：]?)?(?P<unit>{UNITS})\)? *$")
_UNIT_COLUMN: Final = re.compile(r"^(?:计量|数量)?单位$")
_BEFORE: Final = re.compile(r"现状|基期|基数|上年|去年|(?<!计划)(?<!应)(?<!拟)完成(?:数|值|情况)?$|实际|实绩")
_NO_FIGURES: Final = re.compile(r"^(?:序号|编号|备注|电话|联系)|(?:时间|时限|日期|年限)$")
_PLAIN_HEAD: Final = re.compile(
    r"^(?:(?:19|20)\d{2}年)?(?:度|年)?(?:计划|年度)?(?:目标|任务|计划|指标)?(?:值|数|任务|量)?$"
)
_TOTAL: Final = re.compile(r"^(?:合 ?计|总 ?计|小 ?计)$")
_YEAR: Final = re.compile(r"((?:19|20)\d{2}) ?年")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words in half width, and where they stand in the text."""

    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, the first of them its head; every cell knows where it stands in the text."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def start(self) -> int:
        return self.rows[0][0].start

    @property
    def end(self) -> int:
        return self.rows[-1][-1].end

    def figures(self) -> Iterator[Quantity]:
        head = self.rows[0]
        units = next((n for n, cell in enumerate(head) if _UNIT_COLUMN.match(cell.words)), None)
        for row in self.rows[1:]:
            if not any(_TOTAL.match(cell.words) for cell in row[:2]):
                yield from _Row(head, row, units).figures()


@dataclass(frozen=True, slots=True)
class _Row:
    head: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    units: int | None

    def figures(self) -> Iterator[Quantity]:
        """The aims of the row; a column of what there was before becomes their value before."""
        counted = list(self._counted())
        before = [value for cell, value in counted if self._is_before(cell)]
        aims = [(place, found) for place, found in counted if not self._is_before(place)]
        baseline = _number(before[0]) if len(before) == 1 and len(aims) == 1 else None
        for place, found in aims:
            if unit := self._unit(place, found):
                yield self._quantity(place, found, unit, baseline)

    def _counted(self) -> Iterator[tuple[int, re.Match[str]]]:
        for place, (head, cell) in enumerate(zip(self.head, self.cells, strict=False)):
            found = _CELL.fullmatch(cell.words)
            if found and not _NO_FIGURES.search(head.words) and place != self.units:
                yield place, found

    def _is_before(self, place: int) -> bool:
        return _BEFORE.search(_without_unit(self.head[place].words)) is not None

    def _unit(self, place: int, found: re.Match[str]) -> str:
        given = found["unit"] or ""
        if not given and self.units is not None and self.units < len(self.cells):
            given = self.cells[self.units].words
        if not given and (head := _HEAD_UNIT.search(self.head[place].words)):
            given = head["unit"]
        if not given and (label := _HEAD_UNIT.search(self._label())):
            given = label["unit"]
        return SAME_UNIT.get(given, given)[:20]

    def _label(self) -> str:
        """What the row is about: its first cells that are words."""
        words = [
            cell.words
            for place, cell in enumerate(self.cells)
            if place != self.units
            and re.search(r"[\u4e00-\u9fff]", cell.words)
            and not _CELL.fullmatch(cell.words)
        ]
        return words[0] if words else ""

    def _quantity(self, place: int, found: re.Match[str], unit: str, baseline: Decimal | None) -> Quantity:
        cell, head = self.cells[place], _without_unit(self.head[place].words)
        label = _without_unit(self._label())
        name = label if label and _PLAIN_HEAD.match(head) else f"{label}{head}"
        return Quantity(
            name=name[:_LONGEST_NAME] or "目标值",
            value=_number(found),
            unit=unit,
            comparison=_comparison(found),
            baseline=baseline,
            deadline=_deadline(self.head[place]),
            rhythm="",
            start=cell.start,
            end=cell.end,
        )


def _number(found: re.Match[str]) -> Decimal:
    return Decimal(found["number"].replace(",", ""))


def _comparison(found: re.Match[str]) -> str:
    bounds = {found["bound"], found["after"]}
    if bounds & _AT_LEAST:
        return "at_least"
    if bounds & _AT_MOST:
        return "at_most"
    return "about" if bounds & {"约", "左右"} else "equal"


def _deadline(head: Cell) -> Deadline | None:
    if not (found := _YEAR.search(head.words)):
        return None
    start = head.start + found.start()
    return Deadline(found.group(), date(int(found[1]), 12, 31), start, start + len(found.group()))


def _without_unit(words: str) -> str:
    return _HEAD_UNIT.sub("", words).strip()


def find_tables(text: str) -> list[Table]:
    """The tables of figures in the text; `text` has still its tabs."""
    return [Table(tuple(rows)) for rows in rows_of(text) if rows_of_figures(rows)]


def rows_of(text: str) -> Iterator[list[tuple[Cell, ...]]]:
    """Every run of two lines or more that are parted by tabs, whatever stands in them."""
    lines: list[tuple[Cell, ...]] = []
    for start, end in (*_lines(text), (len(text), len(text))):
        if cells := _cells(text, start, end):
            lines.append(cells)
            continue
        if len(lines) > 1:
            yield lines
        lines = []


def _lines(text: str) -> Iterator[tuple[int, int]]:
    ends = [-1, *(found.start() for found in re.finditer("\n", text)), len(text)]
    for before, after in pairwise(ends):
        yield before + 1, after


def _cells(text: str, start: int, end: int) -> tuple[Cell, ...]:
    if text.count("\t", start, end) < FEWEST_CELLS - 1:
        return ()
    cells = []
    for words in text[start:end].split("\t"):
        first, last = trimmed(text, start, start + len(words))
        cells.append(Cell(flatten(text[first:last]), first, last))
        start += len(words) + 1
    return tuple(cells)


def rows_of_figures(rows: Sequence[tuple[Cell, ...]]) -> bool:
    return is_of_figures([[cell.words for cell in row] for row in rows])


def is_of_figures(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells behind the first column are figures rather than words, and the head is words."""
    if len(rows) < 2 or any(_CELL.fullmatch(flatten(cell.strip())) for cell in rows[0]):
        return False
    cells = [flatten(cell.strip()) for row in rows[1:] for cell in row[1:] if cell.strip()]
    return 3 * sum(_CELL.fullmatch(cell) is not None for cell in cells) >= len(cells) > 0


class Figures:
    """All figures of a text: those of its sentences, and those of its tables in their own way."""

    def __init__(self, text: str, flat: str, year: int) -> None:
        self.flat, self.year = flat, year
        self.tables = find_tables(text)
        self.starts = [table.start for table in self.tables]

    def between(self, start: int, end: int) -> list[Quantity]:
        told = find_quantities(self.flat, start, end, year=self.year)
        if not self.tables:
            return told
        listed = [
            quantity
            for table in self.tables
            if table.start < end and start < table.end
            for quantity in table.figures()
            if start <= quantity.start < end
        ]
        return sorted([*(each for each in told if not self.inside(each.start)), *listed], key=_place)

    def inside(self, place: int) -> bool:
        """Whether the place lies in a table: no clause is opened there."""
        before = bisect_right(self.starts, place) - 1
        return before >= 0 and place < self.tables[before].end


def _place(quantity: Quantity) -> int:
    return quantity.start
