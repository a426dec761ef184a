"""Reading the cells of one row, with every fault put at its cell.

`Findings` gathers faults and warnings of a whole file; `RowReader` reads one row into it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from people.imports.dates import BadValue, DateHints, read_date
from people.imports.faults import Fault
from people.imports.rows import Row
from people.imports.values import is_blank
from people.imports.workbook import CellValue, address
from people.partial_date import PartialDate

T = TypeVar("T")


@dataclass
class Findings:
    """All faults and warnings of a file, each cell and reason once, in the order they were met."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    _seen: set[tuple[str, str, str, str]] = field(default_factory=set)

    def fault(self, fault: Fault) -> None:
        self._add(self.faults, fault)

    def warn(self, warning: Fault) -> None:
        self._add(self.warnings, warning)

    def _add(self, found: list[Fault], fault: Fault) -> None:
        mark = (fault.sheet, fault.cell, fault.code, fault.message)
        if mark not in self._seen:
            self._seen.add(mark)
            found.append(fault)


class Teller:
    """Says what is wrong with one row or one form; `faults` are those of this row alone."""

    def __init__(self, findings: Findings, *, on: date) -> None:
        self.findings = findings
        self.on = on
        self.faults: list[Fault] = []

    @property
    def refused(self) -> bool:
        return bool(self.faults)

    def fault(self, key: str, code: str, message: str) -> None:
        fault = self.place(key, code, message)
        self.faults.append(fault)
        self.findings.fault(fault)

    def warn(self, key: str, code: str, message: str) -> None:
        self.findings.warn(self.place(key, code, message))

    def place(self, key: str, code: str, message: str) -> Fault:
        """The fault at the place where `key` stands in the file."""
        raise NotImplementedError


class RowReader(Teller):
    """Reads the cells of one row."""

    def __init__(self, row: Row, findings: Findings, *, on: date, epoch_1904: bool = False) -> None:
        super().__init__(findings, on=on)
        self.row = row
        self.epoch_1904 = epoch_1904

    def warn(self, key: str, code: str, message: str) -> None:
        """A column that the file lacks is spoken of once, at the headings, not at every row."""
        if self.has(key):
            super().warn(key, code, message)
            return
        table, title = self.row.table, self.title(key)
        _, column = self.row.position(key)
        cell = address(table.last_heading_row, column)
        self.findings.warn(Fault(table.sheet.name, cell, title, code, f"表中没有“{title}”列：{message}"))

    def get(
        self, key: str, read: Callable[..., T], *, own: bool = False, marks: bool = True, **options: Any
    ) -> T | None:
        """The cell's value through `read`; None when blank or faulty.

        `own` leaves merged areas alone; `marks` False takes "无" and the like as text.
        """
        value = self.row.own(key) if own else self.row.value(key)
        if not self._readable(key) or value is None or (marks and is_blank(value)):
            return None
        try:
            return read(value, **options)
        except BadValue as bad:
            self.fault(key, bad.code, bad.message)
            return None

    def date(self, key: str) -> PartialDate | None:
        """A date that is not in the future."""
        found = self.get(key, read_date, hints=self.hints(key))
        if found and found.day > self.on:
            today = f"{self.on.year} 年 {self.on.month} 月 {self.on.day} 日"
            self.fault(
                key, "future_date", f"{self.title(key)} {found} 晚于今天（{today}）；请核对年份和月份。"
            )
            return None
        return found

    def hints(self, key: str) -> DateHints:
        facts, position = self.row.table.sheet.facts, self.origin(key)
        return DateHints(position in facts.two_decimals, position in facts.month_only, self.epoch_1904)

    def _readable(self, key: str) -> bool:
        """A formula's result depends on other cells and an error is no value: both are faults."""
        facts, position = self.row.table.sheet.facts, self.origin(key)
        if self.row.heading(key) is None:
            return False
        if position in facts.formulas:
            message = "单元格里是公式；请复制后用“选择性粘贴—数值”把结果粘贴回原处，再导入。"
            self.fault(key, "formula_cell", message)
            return False
        if position in facts.errors:
            self.fault(key, "error_cell", "单元格里是错误值（如 #N/A）；请改为正确的内容或清空。")
            return False
        return True

    def origin(self, key: str) -> tuple[int, int]:
        """Where the value really stands: the top-left cell of a merged area."""
        row, column = self.row.position(key)
        area = self.row.table.sheet.merge_at(row, column)
        return (area.top, area.left) if area else (row, column)

    def title(self, key: str) -> str:
        heading = self.row.heading(key)
        return heading.text if heading else self.row.table.layout.title_of(key)

    def has(self, key: str) -> bool:
        return self.row.heading(key) is not None

    def shown(self, key: str) -> CellValue:
        return self.row.value(key)

    def place(self, key: str, code: str, message: str) -> Fault:
        return Fault(self.row.table.sheet.name, address(*self.origin(key)), self.title(key), code, message)
