"""任务分解表: what each line would become.

A task is known by its words within the plan of the table's title and year. A line whose four responsible
fields are filled is issued, others wait as drafts; what an issued task answers for changes on its page only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

from core.access import Permission, Viewer
from park.choices import Recurrence, TaskState
from park.imports.cells import Due, read_due, read_percent
from park.imports.layout import TASKS
from park.models import ActionPlan, Task
from park.plan_text.deadlines import find_recurrence
from park.plan_text.flat import flatten
from people.imports.display import change_of
from people.imports.persons import KnownPeople, Person, read_people
from people.imports.reading import Findings, RowReader
from people.imports.report import FieldChange, Outcome, Report, RowReport, report_of
from people.imports.rows import Row
from people.imports.tables import data_rows
from people.imports.text import one_line
from people.imports.units import Units
from people.imports.values import as_text, read_text
from people.imports.workbook import CellValue, Workbook
from people.models import Cadre, Unit

LONGEST_NAME = 200
_YEAR = re.compile(r"(20\d{2})\s*(?:年|度)")
_BETWEEN = re.compile(r"[、,，;；\n/]+")
_HELD = ("lead_official_id", "lead_department_id", "owner_id", "due_on")
_LABELS = {
    "lead_official_id": "lead_official",
    "lead_department_id": "lead_department",
    "owner_id": "owner",
}


@dataclass(slots=True)
class Line:
    """One line as the file has it: values of the task, and what was reported of it."""

    reader: RowReader
    group: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    co_workers: list[int] = field(default_factory=list)
    supporting: list[int] = field(default_factory=list)
    percent: int | None = None
    report: dict[str, str] = field(default_factory=dict)
    stored: Task | None = None
    different: dict[str, Any] = field(default_factory=dict)
    reports: bool = False
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    @property
    def complete(self) -> bool:
        return all(self.values.get(name) is not None for name in _HELD)

    @property
    def outcome(self) -> Outcome:
        if self.reader.refused:
            return Outcome.REFUSED
        if self.stored is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def row_report(self) -> RowReport:
        row = self.reader.row
        key = str(self.values.get("no", ""))
        faults = tuple(self.reader.faults)
        return RowReport(
            row.table.sheet.name, row.number, key, self.name, self.outcome, tuple(self.changes), faults
        )


@dataclass
class TaskPlan:
    """Everything a file would do."""

    book: Workbook
    title: str
    year: int
    lines: list[Line]
    findings: Findings
    stored: ActionPlan | None
    on: date

    def report(self) -> Report:
        found = report_of(self.book, "tasks", [line.row_report() for line in self.lines], self.findings)
        drafts = sum(not line.complete for line in self.lines)
        found.summary = {"plan": self.title, "year": self.year, "drafts": drafts}
        return found


def plan_tasks(book: Workbook, *, by: Viewer | None, on: date) -> TaskPlan:
    """Reads the whole file and compares it with the database; writes nothing."""
    findings = Findings()
    rows = data_rows(book, TASKS, findings)
    title, year = _title(rows, book), _year(rows, book, on)
    reader = _LineReader(findings, on, year, _people(on), Units.load(), by, book.epoch_1904)
    lines = [reader.read(row) for row in rows]
    _refuse_twice(lines)
    plan = ActionPlan.objects.filter(title=title, year=year).first()
    _compare(lines, plan)
    return TaskPlan(book, title, year, lines, findings, plan, on)


def _title(rows: list[Row], book: Workbook) -> str:
    """The line above the headings, else the file's name."""
    table = rows[0].table
    above = [v for n in range(1, table.first_row) for v in table.sheet.rows[n - 1] if isinstance(v, str)]
    names = [one_line(text) for text in above if len(one_line(text)) > 3]
    return (names[0] if names else PurePath(book.filename).stem)[:200]


def _year(rows: list[Row], book: Workbook, on: date) -> int:
    """Of the title, the file's name or the deadlines, else this year."""
    texts = [_title(rows, book), rows[0].table.sheet.name, PurePath(book.filename).stem]
    texts += [as_text(row.value("due")) for row in rows if row.value("due") is not None]
    found = (match for text in texts if (match := re.search(r"(?<!\d)(20\d{2})", text)))
    return int(next((match.group(1) for match in found), on.year))


def _people(on: date) -> KnownPeople:
    cadres = Cadre.objects.with_position(on).only("name", "staff_no")
    return KnownPeople.of(
        Person(cadre.pk, cadre.name, cadre.staff_no or "", getattr(cadre, "unit_name") or "")  # noqa: B009
        for cadre in cadres
    )


@dataclass
class _LineReader:
    findings: Findings
    on: date
    year: int
    people: KnownPeople
    units: Units
    by: Viewer | None
    epoch_1904: bool

    def read(self, row: Row) -> Line:
        reader = RowReader(row, self.findings, on=self.on, epoch_1904=self.epoch_1904)
        line = Line(reader)
        self._words(line)
        self._unit(line)
        self._official(line)
        self._owners(line)
        self._due(line)
        self._progress(line)
        self._blanks(line)
        return line

    def _words(self, line: Line) -> None:
        reader = line.reader
        group = reader.get("group", read_text, longest=LONGEST_NAME) or ""
        own = reader.get("name", read_text, longest=2000) if reader.has("name") else None
        text = own or group
        if not text:
            reader.fault("name", "missing_task", "这一行没有写工作任务或举措；请补上，或删去这一行。")
            return
        line.group = group if own else ""
        line.values["name"] = text[:LONGEST_NAME]
        line.values["measures"] = text if len(text) > LONGEST_NAME else ""
        flat = flatten(text)
        if rhythm := find_recurrence(flat, 0, len(flat)):
            line.values["recurrence"] = rhythm.code
        for key, name, longest in (("no", "no", 40), ("goal", "goal", 2000), ("note", "source", 200)):
            if found := reader.get(key, _short, longest=longest):
                line.values[name] = found

    def _unit(self, line: Line) -> None:
        reader = line.reader
        found = reader.get("unit", self._find_units)
        if found:
            line.values["lead_department_id"] = found[0].pk
            line.supporting += [unit.pk for unit in found[1:]]
            self._check_scope(line, found[0])
        line.supporting += [unit.pk for unit in reader.get("support", self._find_units) or []]
        line.supporting = list(
            dict.fromkeys(pk for pk in line.supporting if pk != line.values.get("lead_department_id"))
        )

    def _find_units(self, value: CellValue) -> list[Unit]:
        """The first is the lead; names that are not units of the zone are told."""
        names = [part for part in map(one_line, _BETWEEN.split(as_text(value))) if part]
        found = [self.units.find(name) for name in names]
        return [unit for unit in found if unit is not None]

    def _check_scope(self, line: Line, unit: Unit) -> None:
        if self.by is None or self.by.sees_all(Permission.EDIT_PARK):
            return
        if not any((unit.path or "").startswith(part) for part in self.by.paths(Permission.EDIT_PARK)):
            message = f"“{unit}”不在你的管辖范围内；请删去这一行，或请有权限的同事导入。"
            line.reader.fault("unit", "not_in_scope", message)

    def _official(self, line: Line) -> None:
        found = self._persons(line, "official")
        if found:
            line.values["lead_official_id"] = found[0].pk

    def _owners(self, line: Line) -> None:
        found = self._persons(line, "owner")
        if found:
            line.values["owner_id"] = found[0].pk
            line.co_workers = [person.pk for person in found[1:]]

    def _persons(self, line: Line, key: str) -> list[Person]:
        reader = line.reader
        text = reader.get(key, _raw)
        if not text:
            return []
        unit = reader.get("unit", _short, longest=100) or ""
        found, faults = read_people(text, self.people, unit=unit)
        for fault in faults:
            reader.fault(key, fault.code, fault.message)
        return found

    def _due(self, line: Line) -> None:
        reader = line.reader
        due: Due | None = reader.get("due", read_due, year=self.year, hints=reader.hints("due"))
        if due is None:
            return
        line.values["due_on"], line.values["due_text"] = due.on, due.words[:60]
        if due.standing:
            line.values.setdefault("recurrence", Recurrence.STANDING.value)
            message = f"“{due.words}”没有最后期限，按 {due.on:%Y.%m.%d} 作为本年度的完成时限；请核对。"
            reader.warn("due", "standing_due", message)

    def _progress(self, line: Line) -> None:
        reader = line.reader
        line.percent = reader.get("percent", read_percent)
        for key, longest in (("text", 4000), ("problems", 2000), ("next_steps", 2000)):
            if found := reader.get(key, read_text, longest=longest):
                line.report[key] = found

    def _blanks(self, line: Line) -> None:
        labels = {
            "lead_official_id": "official",
            "lead_department_id": "unit",
            "owner_id": "owner",
            "due_on": "due",
        }
        blank = [key for name, key in labels.items() if line.values.get(name) is None]
        if blank and not line.reader.refused:
            titles = "、".join(TASKS.title_of(key) for key in blank)
            line.reader.warn(blank[0], "blank", f"没有填{titles}，按待交办登记，填齐后再交办。")


def _short(value: CellValue, *, longest: int) -> str:
    return one_line(as_text(value))[:longest]


def _raw(value: CellValue) -> str:
    """Line breaks part names, so they must stay."""
    return value if isinstance(value, str) else as_text(value)


def _refuse_twice(lines: Iterable[Line]) -> None:
    seen: dict[str, int] = {}
    for line in lines:
        if not line.name:
            continue
        first = seen.setdefault(line.name, line.reader.row.number)
        if first != line.reader.row.number:
            message = f"与第 {first} 行是同一项任务；请合并成一行，或把任务写得不同。"
            line.reader.fault("name", "duplicate_task", message)


def _compare(lines: list[Line], plan: ActionPlan | None) -> None:
    """With the database: one query whatever the number of lines."""
    known = (
        {task.name: task for task in Task.objects.filter(plan=plan).select_related("latest_report")}
        if plan
        else {}
    )
    for line in lines:
        line.stored = known.get(line.name)
        if line.reader.refused:
            continue
        if line.stored is None:
            line.reports = line.complete and (bool(line.report) or bool(line.percent))
            continue
        _against(line, line.stored)


def _against(line: Line, task: Task) -> None:
    different = {name: value for name, value in line.values.items() if getattr(task, name) != value}
    issued = task.state != TaskState.DRAFT
    held = [name for name in _HELD if name in different]
    if issued and held:
        title = "、".join(str(task._meta.get_field(_LABELS.get(name, name)).verbose_name) for name in held)  # type: ignore[union-attr]
        message = f"任务已经交办，{title}与系统里的不同；请在任务页面调整责任或申请延期，或把这一行改成一致。"
        line.reader.fault("name", "issued", message)
        return
    line.different = different
    line.changes = [
        change_of(Task, _LABELS.get(name, name), getattr(task, name), value)
        for name, value in different.items()
    ]
    if issued and _reports_anew(line, task):
        line.reports = True
        line.changes.append(FieldChange("进展", f"{task.percent}%", f"{_percent(line, task)}%"))


def _reports_anew(line: Line, task: Task) -> bool:
    latest = task.latest_report
    if latest is None:
        return bool(line.report) or bool(line.percent)
    same = all(getattr(latest, key) == text for key, text in line.report.items())
    return not same or (line.percent is not None and line.percent != task.percent)


def _percent(line: Line, task: Task | None) -> int:
    if line.percent is not None:
        return line.percent
    return task.percent if task else 0
