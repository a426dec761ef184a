"""培训台账: what each class and each participation would become.

A class is known by name, first day and organiser. People who are in the class already but not in the file
stay as they are; only what the file states changes anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.access import Permission, Viewer
from people.imports.display import change_of
from people.imports.persons import KnownPeople, Person
from people.imports.reading import Findings
from people.imports.report import FieldChange, Outcome, Report, RowReport, report_of
from people.imports.tables import data_rows
from people.imports.workbook import Workbook
from people.models import Cadre
from training.choices import ClassKind, HourRegime, Theme
from training.imports.layout import LEDGER
from training.imports.rows import LedgerReader, LedgerRow
from training.models import Participation, TrainingClass
from training.queries import RuleBook

Identity = tuple[str, date, str]
_SHARED = ("ends_on", "kind", "theme", "place")


@dataclass(slots=True)
class Credit:
    """One participation as the file has it; `stored` is what the database has."""

    person: Person
    values: dict[str, Any]
    stored: Participation | None = None
    different: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ClassPlan:
    """One class of the file: its lines, its values, its people."""

    rows: list[LedgerRow]
    values: dict[str, Any] = field(default_factory=dict)
    stored: TrainingClass | None = None
    different: dict[str, Any] = field(default_factory=dict)
    credits: list[Credit] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(row.reader.refused for row in self.rows)

    @property
    def outcome(self) -> Outcome:
        if self.refused:
            return Outcome.REFUSED
        if self.stored is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def report(self) -> RowReport:
        first = self.rows[0].row
        starts_on = self.values.get("starts_on")
        return RowReport(
            first.table.sheet.name,
            first.number,
            f"{starts_on:%Y.%m.%d}" if starts_on else "",
            str(self.values.get("name", "")),
            self.outcome,
            tuple(self.changes),
            tuple(fault for row in self.rows for fault in row.reader.faults),
        )


@dataclass
class LedgerPlan:
    book: Workbook
    classes: list[ClassPlan]
    findings: Findings

    def report(self) -> Report:
        report = report_of(self.book, "ledger", [found.report() for found in self.classes], self.findings)
        report.summary = {
            "classes": len(self.classes),
            "participants": sum(len(found.credits) for found in self.classes),
            "people": len({credit.person.pk for found in self.classes for credit in found.credits}),
        }
        return report


def plan_ledger(book: Workbook, *, by: Viewer | None, on: date) -> LedgerPlan:
    """Reads the whole file and compares it with the database; writes nothing."""
    findings = Findings()
    rows = data_rows(book, LEDGER, findings)
    reader = LedgerReader(known_people(on), findings, book.filename, on, book.epoch_1904)
    classes = _group(reader.read(row) for row in rows)
    planner = _Planner(_scope(by), by)
    for found in classes:
        planner.settle(found)
    planner.compare(classes)
    return LedgerPlan(book, classes, findings)


def known_people(on: date) -> KnownPeople:
    """Every cadre with the unit of the day; one query."""
    cadres = Cadre.objects.with_position(on).only("name", "staff_no")
    return KnownPeople.of(
        Person(cadre.pk, cadre.name, cadre.staff_no or "", getattr(cadre, "unit_name") or "")  # noqa: B009
        for cadre in cadres
    )


def _scope(by: Viewer | None) -> frozenset[int] | None:
    """Keys of the cadres that the person may credit; None for everyone."""
    if by is None or by.sees_all(Permission.EDIT_TRAINING):
        return None
    return frozenset(Cadre.objects.visible_to(by, Permission.EDIT_TRAINING).values_list("pk", flat=True))


def _group(rows: Iterable[LedgerRow]) -> list[ClassPlan]:
    """Lines of one class together; a line that continues belongs to the class above it."""
    found: dict[Any, ClassPlan] = {}
    last: ClassPlan | None = None
    for row in rows:
        if row.continues and last:
            last.rows.append(row)
            continue
        last = found.setdefault(_identity(row) or id(row), ClassPlan([]))
        last.rows.append(row)
    return list(found.values())


def _identity(row: LedgerRow) -> Identity | None:
    if "name" not in row.values or "starts_on" not in row.values:
        return None
    return row.values["name"], row.values["starts_on"], row.values.get("organiser", "")


@dataclass
class _Planner:
    editable: frozenset[int] | None
    by: Viewer | None
    rules: RuleBook = field(default_factory=RuleBook.load)

    def settle(self, found: ClassPlan) -> None:
        """The class's values and its people, from all of its lines."""
        for row in found.rows:
            _agree(found, row)
        self._complete(found)
        for row in found.rows:
            for person in row.people:
                self._credit(found, row, person)

    def _complete(self, found: ClassPlan) -> None:
        """Days follow from the dates, hours from the days, as when a class is entered by hand."""
        values, reader = found.values, found.rows[0].reader
        if "starts_on" not in values or found.refused:
            return
        if "days" not in values:
            values["days"] = Decimal((values["ends_on"] - values["starts_on"]).days + 1)
        if "hours" not in values:
            terms = self.rules.terms(HourRegime.ANNUAL, values["starts_on"])
            values["hours"] = values["days"] * terms.hours_per_day
            a_day, total = terms.hours_per_day.normalize(), values["hours"].normalize()
            message = f"没有填学时，按每天 {a_day:f} 学时计为 {total:f}；请核对。"
            reader.warn("hours", "hours_assumed", message)
        if "kind" not in values:
            message = "没有培训类别，也看不出来，按“专题培训班”登记；请核对。"
            reader.warn("kind", "kind_assumed", message)
            values["kind"] = ClassKind.TOPICAL.value
        values.setdefault("theme", Theme.OTHER.value)

    def _credit(self, found: ClassPlan, row: LedgerRow, person: Person) -> None:
        reader = row.reader
        if any(credit.person.pk == person.pk for credit in found.credits):
            message = f"“{person.name}”在这个班次里出现了两次；请删去一个。"
            reader.fault("people", "duplicate_person", message)
            return
        if self.by and person.pk == self.by.cadre_id:
            message = "不能为本人登记学时；请从名单中删去本人，由其他经办人登记。"
            reader.fault("people", "self", message)
        elif self.editable is not None and person.pk not in self.editable:
            message = f"{person.label}不在你的管辖范围内；请删去，或请有权限的同事导入。"
            reader.fault("people", "not_in_scope", message)
        values = {"hours": found.values.get("hours"), "days": found.values.get("days")} | row.credit
        if row.note and len(found.rows) > 1:
            values["note"] = row.note
        found.credits.append(Credit(person, values))

    def compare(self, classes: list[ClassPlan]) -> None:
        """With the database: two queries whatever the number of classes."""
        stored = _stored(classes)
        credited = _credited([row.pk for row in stored.values()])
        for found in classes:
            if not found.refused:
                found.stored = _match(found, stored)
                _compare(found, credited.get(found.stored.pk, {}) if found.stored else {})


def _agree(found: ClassPlan, row: LedgerRow) -> None:
    """Later lines of a class add what the first left out and may not contradict it."""
    for name, value in row.values.items():
        known = found.values.setdefault(name, value)
        if name in _SHARED and known != value:
            key = {"ends_on": "period" if row.reader.has("period") else "ends"}.get(name, name)
            first = found.rows[0].row.number
            message = f"与第 {first} 行是同一个班次，{row.reader.title(key)}却不同；请改成一致。"
            row.reader.fault(key, "class_conflict", message)
    if len(found.rows) == 1 and row.note:
        found.values["note"] = row.note


def _stored(classes: list[ClassPlan]) -> dict[Identity, TrainingClass]:
    names = {found.values["name"] for found in classes if "name" in found.values}
    rows = TrainingClass.objects.filter(name__in=names)
    return {(row.name, row.starts_on, row.organiser): row for row in rows}


def _match(found: ClassPlan, stored: Mapping[Identity, TrainingClass]) -> TrainingClass | None:
    """By name, first day and organiser; without an organiser the only class of that name and day."""
    name, starts_on = found.values["name"], found.values["starts_on"]
    organiser = found.values.get("organiser")
    if organiser:
        return stored.get((name, starts_on, organiser))
    same = [row for key, row in stored.items() if key[:2] == (name, starts_on)]
    return same[0] if len(same) == 1 else None


def _credited(keys: list[int]) -> dict[int, dict[int, Participation]]:
    found: dict[int, dict[int, Participation]] = defaultdict(dict)
    for row in Participation.objects.filter(training_class__in=keys):
        found[row.training_class_id][row.cadre_id] = row
    return found


def _compare(found: ClassPlan, credited: Mapping[int, Participation]) -> None:
    found.different = _different(found.stored, found.values)
    stored = found.stored
    found.changes = [
        change_of(TrainingClass, name, getattr(stored, name, None), value)
        for name, value in found.different.items()
    ]
    for credit in found.credits:
        credit.stored = credited.get(credit.person.pk)
        credit.different = _different(credit.stored, credit.values)
        found.changes += _credit_changes(credit)
    missing = len(credited) - sum(1 for credit in found.credits if credit.stored)
    if missing:
        message = f"系统中这个班次还有 {missing} 人不在本文件名单里，他们的记录没有改动。"
        found.rows[0].reader.warn("people", "not_in_file", message)


def _different(stored: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    if stored is None:
        return dict(values)
    return {name: value for name, value in values.items() if getattr(stored, name) != value}


def _credit_changes(credit: Credit) -> list[FieldChange]:
    """A new participant is one line; of a known one each field that changes is."""
    if credit.stored is None:
        hours = Decimal(credit.values.get("hours") or 0)
        return [FieldChange(f"参训人员 {credit.person.label}", "", f"{hours.normalize():f} 学时")]
    prefix = f"{credit.person.label}·"
    return [
        change_of(Participation, name, getattr(credit.stored, name), value, prefix=prefix)
        for name, value in credit.different.items()
    ]
