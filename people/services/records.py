"""Changes to what hangs on a cadre: resume, family, education, appraisals, honours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import (
    AnnualAppraisal,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    ResumeEntry,
)

Record = AnnualAppraisal | Education | FamilyMember | Honour
R = TypeVar("R", AnnualAppraisal, Education, FamilyMember, Honour)


@dataclass(frozen=True, slots=True)
class ResumeLine:
    """One period of a 简历; `ends_on` None means until now. Interludes stand inside their period."""

    starts_on: date | None
    ends_on: date | None
    text: str
    interludes: tuple["ResumeLine", ...] = ()


@transaction.atomic
def add_record(*, model: type[R], cadre: Cadre, values: Mapping[str, Any], by: Viewer) -> R:
    """A new row of `model` for the cadre."""
    row = model(cadre=cadre, **values)
    save_validated(row)
    record(
        action=AuditAction.CADRE_UPDATED,
        by=by,
        subject=row,
        label=_label(row),
        changes=values_of(row, values),
    )
    return row


@transaction.atomic
def change_record(*, row: Record, values: Mapping[str, Any], by: Viewer) -> None:
    changes = changes_to(row, values)
    if not changes:
        return
    apply_changes(row, changes)
    save_validated(row)
    record(action=AuditAction.CADRE_UPDATED, by=by, subject=row, label=_label(row), changes=changes)


@transaction.atomic
def remove_record(*, row: Record, by: Viewer) -> None:
    names = [field.name for field in row._meta.concrete_fields if field.name not in ("id", "uid", "cadre")]
    changes = {name: (getattr(row, name), None) for name in names}
    record(
        action=AuditAction.CADRE_UPDATED, by=by, subject=row, label=f"{_label(row)}（删除）", changes=changes
    )
    row.delete()


@transaction.atomic
def replace_resume(*, cadre: Cadre, lines: Sequence[ResumeLine], by: Viewer) -> None:
    """The whole 简历 as given, in order. The old lines stay readable in the audit log."""
    for line in lines:
        _check_line(line)
    before = resume_text(cadre)
    cadre.resume.all().delete()
    write_resume(cadre, lines)
    after = resume_text(cadre)
    if before != after:
        changes = {"text": (before, after)}
        subject = ResumeEntry(cadre=cadre)
        record(
            action=AuditAction.CADRE_UPDATED,
            by=by,
            subject=subject,
            label=f"{cadre.name}·简历",
            changes=changes,
        )


def write_resume(cadre: Cadre, lines: Sequence[ResumeLine]) -> None:
    """Stores the lines; interludes need their period's key, so periods go first."""
    periods = [_entry(cadre, line, position) for position, line in enumerate(lines)]
    ResumeEntry.objects.bulk_create(periods)
    interludes = [
        _entry(cadre, inner, number, parent=period)
        for period, line in zip(periods, lines, strict=True)
        for number, inner in enumerate(line.interludes)
    ]
    ResumeEntry.objects.bulk_create(interludes)


def resume_lines(cadre: Cadre) -> list[ResumeLine]:
    """The stored 简历 in order, interludes inside their periods; one query."""
    entries = list(cadre.resume.order_by("position", "pk"))
    inner: dict[int, list[ResumeLine]] = {}
    for entry in entries:
        if entry.parent_id:
            inner.setdefault(entry.parent_id, []).append(
                ResumeLine(entry.starts_on, entry.ends_on, entry.text)
            )
    periods = (entry for entry in entries if entry.parent_id is None)
    return [ResumeLine(e.starts_on, e.ends_on, e.text, tuple(inner.get(e.pk, ()))) for e in periods]


def resume_text(cadre: Cadre) -> str:
    return "\n".join(_line_text(line) for line in resume_lines(cadre))


def _line_text(line: ResumeLine) -> str:
    inner = "".join(f"（其间：{_line_text(interlude)}）" for interlude in line.interludes)
    return f"{_month(line.starts_on)}--{_month(line.ends_on)} {line.text}{inner}"


def _month(value: date | None) -> str:
    return f"{value:%Y.%m}" if value else ""


def _entry(cadre: Cadre, line: ResumeLine, position: int, parent: ResumeEntry | None = None) -> ResumeEntry:
    return ResumeEntry(
        cadre=cadre,
        parent=parent,
        position=position,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        text=line.text,
    )


def _check_line(line: ResumeLine) -> None:
    if not line.text.strip():
        raise DomainError("简历中有一行没有写经历，请补充或删除该行。", field="text", code="missing_text")
    if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
        message = f"简历“{line.text[:20]}”的结束年月早于开始年月，请核对。"
        raise DomainError(message, field="text", code="end_before_start")
    for inner in line.interludes:
        _check_line(inner)


def _label(row: models.Model) -> str:
    return f"{row.cadre.name}·{row._meta.verbose_name}"  # type: ignore[attr-defined]
