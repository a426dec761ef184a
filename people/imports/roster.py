"""干部花名册: what each row would change.

Only filled cells change anything. The main post is an Appointment: a later 任现职时间 is a move that ends
the post held before, the same or an earlier one is a correction.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from core.access import Permission, Viewer
from people.consistency import Facts
from people.identity import Identity, IdentityError, read_identity
from people.imports.checks import check_person
from people.imports.dates import BadValue
from people.imports.display import as_shown, cadre_changes, education_changes
from people.imports.matching import KnownCadres
from people.imports.reading import Findings
from people.imports.report import FieldChange, Outcome, Report, RowReport, report_of
from people.imports.roster_layout import ROSTER
from people.imports.roster_rows import RosterRow, check_duplicates, read_row
from people.imports.tables import data_rows
from people.imports.text import squeeze
from people.imports.units import Units
from people.imports.workbook import Workbook
from people.models import Appointment, Cadre, Education, Unit
from people.partial_date import PartialDate


@dataclass(slots=True)
class PositionPlan:
    """The main post after the import. `ends` is the post that a move ends; `corrects` the one set right."""

    unit: Unit | None
    new_unit: str
    title: str
    starts_on: date
    ends: Appointment | None = None
    corrects: Appointment | None = None

    @property
    def place(self) -> str:
        return self.unit.name if self.unit else self.new_unit


@dataclass(slots=True)
class RowPlan:
    """What one row writes; empty parts mean nothing to write."""

    found: RosterRow
    cadre: Cadre | None = None
    values: dict[str, Any] = field(default_factory=dict)
    education: dict[str, tuple[Education | None, dict[str, str]]] = field(default_factory=dict)
    position: PositionPlan | None = None
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.found.reader.refused:
            return Outcome.REFUSED
        if self.cadre is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def report(self) -> RowReport:
        row = self.found.row
        key = self.found.staff_no or (self.cadre.staff_no if self.cadre else "") or ""
        reader = self.found.reader
        return RowReport(
            row.table.sheet.name,
            row.number,
            key,
            self.found.name,
            self.outcome,
            tuple(self.changes),
            tuple(reader.faults),
        )


@dataclass
class RosterPlan:
    book: Workbook
    rows: list[RowPlan]
    units: Units
    findings: Findings
    on: date

    def report(self) -> Report:
        report = report_of(self.book, "roster", [row.report() for row in self.rows], self.findings)
        report.new_units = self.new_units
        return report

    @property
    def new_units(self) -> list[str]:
        """Units that applying would create, the zone itself first when it is missing."""
        names = list(self.units.new_names)
        needs_root = bool(names) or any(_at_root(row) for row in self.rows)
        if needs_root and self.units.root is None and settings.ZONE_NAME not in names:
            names.insert(0, settings.ZONE_NAME)
        return names


def _at_root(plan: RowPlan) -> bool:
    return plan.position is not None and plan.position.place == settings.ZONE_NAME


def plan_roster(book: Workbook, *, by: Viewer | None, on: date, create_units: bool = False) -> RosterPlan:
    """Reads the whole file and compares it with the database; writes nothing."""
    findings = Findings()
    rows = data_rows(book, ROSTER, findings)
    read = [read_row(row, findings, on=on, epoch_1904=book.epoch_1904) for row in rows]
    check_duplicates(read)
    units = Units.load(may_create=create_units)
    units.accept_if_all_unknown(row.unit for row in read)
    planner = _Planner(KnownCadres.load(read, by=by), units, by, on)
    plans = [planner.plan(row) for row in read]
    planner.refuse_shared(plans)
    return RosterPlan(book, plans, units, findings, on)


@dataclass
class _Planner:
    known: KnownCadres
    units: Units
    by: Viewer | None
    on: date

    def plan(self, found: RosterRow) -> RowPlan:
        plan = RowPlan(found, self.known.match(found, by=self.by))
        _fill_from_identity(plan)
        check_person(found.reader, _facts(plan), found.values)
        plan.values = _differences(plan.cadre, found)
        plan.changes = cadre_changes(plan.cadre, plan.values)
        self._plan_education(plan)
        self._plan_position(plan)
        return plan

    def refuse_shared(self, plans: Sequence[RowPlan]) -> None:
        """Two rows that mean one cadre, one by number and one by identity."""
        by_cadre: dict[int, list[RowPlan]] = defaultdict(list)
        for plan in plans:
            if plan.cadre:
                by_cadre[plan.cadre.pk].append(plan)
        for group in by_cadre.values():
            if len(group) > 1 and not any(plan.found.reader.refused for plan in group):
                numbers = "、".join(str(plan.found.row.number) for plan in group)
                for plan in group:
                    message = f"第 {numbers} 行是同一名干部；请合并为一行。"
                    plan.found.reader.fault("name", "duplicate_row", message)

    def _plan_education(self, plan: RowPlan) -> None:
        for mode, values in plan.found.education.items():
            row = self.known.education.get((plan.cadre.pk, mode)) if plan.cadre else None
            different = {name: text for name, text in values.items() if getattr(row, name, "") != text}
            if different:
                plan.education[mode] = (row, different)
                plan.changes += education_changes(mode, row, different)

    def _plan_position(self, plan: RowPlan) -> None:
        found = plan.found
        if not (found.unit or found.title or found.since):
            return
        try:
            unit = self.units.find(found.unit) if found.unit else None
        except BadValue as bad:
            found.reader.fault("unit", bad.code, bad.message)
            return
        self._check_unit_scope(found, unit)
        current = self.known.current_post(plan.cadre, self.on) if plan.cadre else None
        if current is None:
            plan.position = self._first_post(found, unit)
        else:
            plan.position = self._next_post(found, unit, current)
        if plan.position:
            self._check_overlap(plan)
            plan.changes += _position_changes(current, plan.position)

    def _check_unit_scope(self, found: RosterRow, unit: Unit | None) -> None:
        """A person may place cadres only in the units they manage."""
        if self.by is None or self.by.sees_all(Permission.IMPORT):
            return
        paths = self.by.paths(Permission.IMPORT)
        if unit is None or not any((unit.path or "").startswith(path) for path in paths):
            message = (
                f"“{found.unit or '（空）'}”不在你的管辖范围内；请改为你管辖的机构，或请有权限的同事导入。"
            )
            found.reader.fault("unit", "not_in_scope", message)

    def _first_post(self, found: RosterRow, unit: Unit | None) -> PositionPlan:
        if not found.unit:
            message = f"没有填所在部门，职务登记在“{settings.ZONE_NAME}”名下；如有部门请补上。"
            found.reader.warn("unit", "missing_unit", message)
            unit = self.units.root
        if found.since is None:
            message = f"没有填任现职时间，按导入日期 {self.on:%Y.%m.%d} 登记；请补上实际时间。"
            found.reader.warn("post_since", "missing_post_since", message)
        starts_on = found.since.day if found.since else self.on
        return PositionPlan(unit, found.unit or settings.ZONE_NAME, found.title, starts_on)

    def _next_post(self, found: RosterRow, unit: Unit | None, held: Appointment) -> PositionPlan | None:
        place = unit if found.unit else held.unit
        title = found.title or held.title
        same_place = (place == held.unit if place else not found.unit) and squeeze(title) == squeeze(
            held.title
        )
        since = found.since
        if same_place and (since is None or same_date(since, held.starts_on)):
            return None
        new_unit = found.unit if place is None else ""
        later = since is None or since.month > held.starts_on.replace(day=1)
        if same_place or not later or held.starts_on == self.on:
            starts_on = held.starts_on if since is None or same_date(since, held.starts_on) else since.day
            return PositionPlan(place, new_unit, title, starts_on, corrects=held)
        if since is None:
            message = (
                f"部门或职务有变动而没有填任现职时间，按导入日期 {self.on:%Y.%m.%d} 起任；请补上实际时间。"
            )
            found.reader.warn("post_since", "missing_post_since", message)
        return PositionPlan(place, new_unit, title, since.day if since else self.on, ends=held)

    def _check_overlap(self, plan: RowPlan) -> None:
        """One main post at a time: the import may not lay a post over an earlier or a later one."""
        position = plan.position
        if plan.cadre is None or position is None:
            return
        own = position.corrects or position.ends
        for other in self.known.posts.get(plan.cadre.pk, ()):
            if other != own and (other.ends_on is None or other.ends_on >= position.starts_on):
                message = (
                    f"任现职时间与已登记的“{other}”（{as_shown(other.starts_on)} 起）重叠；"
                    "请核对任现职时间，或先在任职记录中改正。"
                )
                plan.found.reader.fault("post_since", "overlap", message)
                return


def same_date(stated: PartialDate, stored: date) -> bool:
    """A month stated agrees with any day of that month."""
    return stated.day == stored if stated.exact else stated.month == stored.replace(day=1)


def _fill_from_identity(plan: RowPlan) -> None:
    """Sex and birth month follow from the identity number where nobody stated them."""
    identity, values = plan.found.identity, plan.found.values
    if identity is None:
        return
    if "sex" not in values and not (plan.cadre and plan.cadre.sex) and not _faulty(plan.found, "sex"):
        values["sex"] = identity.sex.value
    if "birth_month" not in values and not (plan.cadre and plan.cadre.birth_month):
        values["birth_month"] = identity.born_on.replace(day=1)


def _faulty(found: RosterRow, key: str) -> bool:
    heading = found.row.heading(key)
    return heading is not None and any(fault.column == heading.text for fault in found.reader.faults)


def _facts(plan: RowPlan) -> Facts:
    """What the record would hold about sex, birth and work: the file's values over the stored ones."""
    found, cadre = plan.found, plan.cadre
    month = found.values.get("birth_month") or (cadre.birth_month if cadre else None)
    stored_work = cadre.work_started_on if cadre else None
    return Facts(
        identity=found.identity or stored_identity(cadre),
        sex=found.values.get("sex") or (cadre.sex if cadre else ""),
        birth=found.exact.get("birth_month") or (PartialDate(month) if month else None),
        work_started_on=found.values.get("work_started_on") or stored_work,
        party_joined_on=found.values.get("party_joined_on"),
        post_since=found.since,
        rank_since=found.values.get("rank_since"),
    )


def stored_identity(cadre: Cadre | None) -> Identity | None:
    if cadre is None or not cadre.id_number:
        return None
    try:
        return read_identity(str(cadre.id_number), on=date.max)
    except IdentityError:
        return None


def _differences(cadre: Cadre | None, found: RosterRow) -> dict[str, Any]:
    if cadre is None:
        return dict(found.values)
    different: dict[str, Any] = {}
    for name, value in found.values.items():
        stored = getattr(cadre, name)
        stated = found.exact.get(name)
        same = same_date(stated, stored) if stated and stored else stored == value
        if name == "staff_no" and stored:
            same = stored.upper() == value.upper()
        if not same:
            different[name] = value
    return different


def _position_changes(held: Appointment | None, position: PositionPlan) -> list[FieldChange]:
    old = ("", "", "")
    if held:
        old = (held.place, held.title, as_shown(held.starts_on))
    new = (position.place, position.title, as_shown(position.starts_on))
    labels = ("所在部门", "现任职务", "任现职时间")
    return [FieldChange(*parts) for parts in zip(labels, old, new, strict=True) if parts[1] != parts[2]]


def day_before(day: date) -> date:
    return day - timedelta(days=1)
