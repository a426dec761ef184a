"""The one door to every import: dry_run, apply, undo. Each kind of file registers how it is planned.

A plan is made from the file and the database and writes nothing; applying makes it again inside the
transaction that writes, so what was shown and what is written cannot drift apart unnoticed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.imports.faults import FileRefused
from people.imports.headers import Layout, find_tables
from people.imports.report import Report, refused_report
from people.imports.workbook import Workbook, open_workbook
from people.imports.writer import Writer, take_turn, undo_batch
from people.models import ImportBatch


class Plan(Protocol):
    """What a file would do: its report, and the writing of it (only when nothing is refused)."""

    def report(self) -> Report: ...

    def write(self, writer: Writer, *, by: Viewer | None) -> None: ...


class Planner(Protocol):
    """Raises FileRefused when the file as a whole cannot be read."""

    def __call__(
        self, data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool
    ) -> Plan: ...


class Undone(Protocol):
    """Called in the transaction that took a batch back, for what an app derives from the rows."""

    def __call__(self, batch: ImportBatch, *, by: Viewer | None, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    title: str
    suffixes: tuple[str, ...]
    plan: Planner
    layout: Layout | None = None
    undone: Undone | None = None


_KINDS: dict[str, Kind] = {}


def register(
    key: str,
    *,
    title: str,
    suffixes: tuple[str, ...],
    layout: Layout | None = None,
    undone: Undone | None = None,
) -> Callable[[Planner], Planner]:
    """Adds a kind of file (again: replaces it). By its layout a workbook is known to be of this kind."""

    def decorate(planner: Planner) -> Planner:
        _KINDS[key] = Kind(key, title, suffixes, planner, layout, undone)
        return planner

    return decorate


def kinds() -> list[Kind]:
    return list(_KINDS.values())


def kind_of(key: str) -> Kind:
    if key not in _KINDS:
        raise DomainError("没有这一种导入；请从导入页面重新选择。", field="kind", code="unknown_kind")
    return _KINDS[key]


def dry_run(
    kind: str, data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool = False
) -> Report:
    """What the file would do and everything that is wrong with it; writes nothing."""
    try:
        return kind_of(kind).plan(data, filename, by=by, on=on, create_units=create_units).report()
    except FileRefused as refusal:
        return refused_report(kind, filename, _with_hint(refusal, kind, data, filename))


def apply(
    kind: str,
    data: bytes,
    filename: str,
    *,
    by: Viewer | None,
    on: date,
    create_units: bool = False,
    at: datetime | None = None,
) -> Report:
    """Writes the whole file, or nothing when anything in it is refused.

    A second apply of the same file finds nothing to change and makes no batch.
    """
    try:
        return _apply(kind_of(kind), data, filename, by=by, on=on, create_units=create_units, at=at)
    except FileRefused as refusal:
        return refused_report(kind, filename, _with_hint(refusal, kind, data, filename))


@transaction.atomic
def _apply(
    kind: Kind,
    data: bytes,
    filename: str,
    *,
    by: Viewer | None,
    on: date,
    create_units: bool,
    at: datetime | None,
) -> Report:
    take_turn()
    plan = kind.plan(data, filename, by=by, on=on, create_units=create_units)
    report = plan.report()
    if report.refused:
        return report
    report.applied = True
    if report.counts["new"] or report.counts["changed"]:
        batch = _new_batch(kind, data, filename, by=by, at=at or timezone.now())
        writer = Writer(batch)
        plan.write(writer, by=by)
        writer.finish(report.counts)
        record(action=AuditAction.IMPORT_APPLIED, by=by, subject=batch, changes=_counted(report))
        report.batch = batch.pk
    return report


def _with_hint(refusal: FileRefused, kind: str, data: bytes, filename: str) -> FileRefused:
    """A workbook without the table asked for may be one of another kind: then say which."""
    if refusal.code not in ("no_header", "missing_column"):
        return refusal
    book = open_workbook(data, filename)
    for other in kinds():
        if other.key != kind and other.layout and _holds(book, other.layout):
            message = f"{refusal.message}这个文件看来是{other.title}，请按“{other.title}”导入。"
            return FileRefused(message, code=refusal.code, sheet=refusal.sheet, cell=refusal.cell)
    return refusal


def _holds(book: Workbook, layout: Layout) -> bool:
    try:
        return bool(find_tables(book, layout))
    except FileRefused:
        return False


def _new_batch(kind: Kind, data: bytes, filename: str, *, by: Viewer | None, at: datetime) -> ImportBatch:
    return ImportBatch.objects.create(
        kind=kind.key,
        file_name=filename[-255:],
        file_digest=hashlib.sha256(data).hexdigest(),
        applied_at=at,
        applied_by_id=by.user_id if by else None,
    )


def _counted(report: Report) -> dict[str, tuple[object, object]]:
    return {"counts": (None, "，".join(f"{name} {count}" for name, count in report.counts.items()))}


@transaction.atomic
def undo(batch: ImportBatch, *, by: Viewer | None, at: datetime | None = None) -> None:
    """Takes a whole batch back while nothing else has touched its rows; else DomainError."""
    moment = at or timezone.now()
    undo_batch(batch=batch, by=by, at=moment)
    kind = _KINDS.get(batch.kind)
    if kind and kind.undone:
        kind.undone(batch, by=by, at=moment)
