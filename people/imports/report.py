"""What an import found and did: every row with its changes, every fault, and the counts of both."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from people.imports.faults import Fault, FileRefused
from people.imports.reading import Findings
from people.imports.workbook import Workbook, position


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Outcome.NEW: "新增",
    Outcome.CHANGED: "修改",
    Outcome.UNCHANGED: "无变化",
    Outcome.REFUSED: "退回",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as people read it: identity and phone numbers are masked here already."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row of the file. `key` identifies it for people: a staff number, or the dates of a class."""

    sheet: str
    row: int
    key: str
    label: str
    outcome: Outcome
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[Fault, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Old and new value per field for what changes; a new row is in the file itself."""
        shown = self.changes if self.outcome is Outcome.CHANGED else ()
        return {
            "sheet": self.sheet,
            "row": self.row,
            "key": self.key,
            "label": self.label,
            "outcome": self.outcome.value,
            "changes": [{"field": c.label, "old": c.old, "new": c.new} for c in shown],
        }


@dataclass(slots=True)
class Report:
    """The answer of a dry run or an apply; `book` is the workbook for the answer in the same file."""

    file: str
    kind: str
    rows: list[RowReport] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    applied: bool = False
    batch: int | None = None
    file_refused: bool = False
    book: Workbook | None = None

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def refused(self) -> bool:
        """Whether anything stands in the way of applying."""
        return self.file_refused or bool(self.faults)

    @property
    def exit_status(self) -> int:
        if self.file_refused:
            return 2
        return 1 if self.refused else 0

    def rows_with(self, outcome: Outcome) -> Sequence[RowReport]:
        return [row for row in self.rows if row.outcome is outcome]

    def as_dict(self) -> dict[str, Any]:
        """The shape that --json prints; see docs/import.md."""
        return {
            "file": self.file,
            "kind": self.kind,
            "applied": self.applied,
            "rows": self.counts,
            "faults": [fault.as_dict() for fault in self.faults],
            "batch": self.batch,
            "warnings": [warning.as_dict() for warning in self.warnings],
            "new_units": self.new_units,
            "summary": self.summary,
            "details": [row.as_dict() for row in self.rows],
        }


def refused_report(kind: str, filename: str, refusal: FileRefused) -> Report:
    """The report of a file that could not be read at all."""
    return Report(filename, kind, faults=[refusal.as_fault()], file_refused=True)


def report_of(book: Workbook, kind: str, rows: list[RowReport], findings: Findings) -> Report:
    faults, warnings = in_order(book, findings.faults), in_order(book, findings.warnings)
    return Report(book.filename, kind, rows, faults, warnings, book=book)


def in_order(book: Workbook, faults: list[Fault]) -> list[Fault]:
    """As they stand in the workbook: by sheet, line and column."""
    sheets = {sheet.name: number for number, sheet in enumerate(book.sheets)}
    return sorted(faults, key=lambda fault: (sheets.get(fault.sheet, len(sheets)), *position(fault.cell)))
