"""进展反馈: append-only; the task repeats the latest one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import PHOTOS, keep_file
from core.saving import save_validated
from park.choices import TaskState
from park.models import ProgressReport, ReportPhoto, Task
from park.services.tasks.moves import move

MOST_PHOTOS = 9
STARTS_RUNNING = (TaskState.ACCEPTED, TaskState.RETURNED)
MAY_REPORT = (*STARTS_RUNNING, TaskState.RUNNING, TaskState.CLOSING, TaskState.REVIEWING)


@transaction.atomic
def report_progress(
    *,
    task: Task,
    percent: int,
    text: str,
    by: Viewer | None,
    on: date,
    at: datetime,
    problems: str = "",
    next_steps: str = "",
    photos: Sequence[Any] = (),
) -> ProgressReport:
    """Adds what was done up to the day `on`."""
    _check(task, text, on, at, photos)
    report = ProgressReport(
        task=task,
        on=on,
        percent=percent,
        text=text.strip(),
        problems=problems.strip(),
        next_steps=next_steps.strip(),
        owner_id=task.owner_id,
        lead_official_id=task.lead_official_id,
        unit_id=task.lead_department_id,
    )
    _keep(report, photos, by, at)
    if task.state in STARTS_RUNNING:
        move(task, TaskState.RUNNING, by=by, on=on)
    return report


@transaction.atomic
def correct_report(
    *,
    report: ProgressReport,
    percent: int,
    text: str,
    reason: str,
    by: Viewer,
    at: datetime,
    problems: str = "",
    next_steps: str = "",
    photos: Sequence[Any] = (),
) -> ProgressReport:
    """Puts a report right by a new one for the same day and the people of that day; the old one stays."""
    if ProgressReport.objects.filter(corrects=report).exists():
        raise DomainError("这次填报已经更正过，请更正最新的一次。", code="corrected")
    if not reason.strip():
        raise DomainError("请写明更正的原因。", field="reason", code="no_reason")
    _check(report.task, text, report.on, at, photos)
    row = ProgressReport(
        task=report.task,
        on=report.on,
        percent=percent,
        text=text.strip(),
        problems=problems.strip(),
        next_steps=next_steps.strip(),
        owner_id=report.owner_id,
        lead_official_id=report.lead_official_id,
        unit_id=report.unit_id,
        corrects=report,
        correction_reason=reason.strip(),
    )
    _keep(row, photos, by, at)
    return row


def _keep(report: ProgressReport, photos: Sequence[Any], by: Viewer | None, at: datetime) -> None:
    """The report by whom and when it was written, its photos, and what the task repeats of it."""
    report.created_at = at
    if by is not None:
        report.reporter_id, report.reported_by_id = by.cadre_id, by.user_id
    save_validated(report)
    for upload in photos:
        file = keep_file(upload=upload, by=by, accept=PHOTOS, at=at, field="photos")
        ReportPhoto.objects.create(report=report, file=file)
    _note_latest(report.task)
    _record(report, by)


def _check(task: Task, text: str, on: date, at: datetime, photos: Sequence[Any]) -> None:
    if task.state == TaskState.ISSUED:
        raise DomainError("请先签收任务，再填报进展。", code="not_accepted")
    if task.state not in MAY_REPORT:
        message = f"任务现在是“{TaskState(task.state).label}”，不需要填报进展。"
        raise DomainError(message, code="wrong_state")
    if not text.strip():
        raise DomainError("请写明进展情况。", field="text", code="no_text")
    if on > timezone.localdate(at):
        raise DomainError("进展日期不能晚于今天。", field="on", code="future")
    if on < task.starts_on:
        message = f"进展日期不能早于任务的开始日期 {task.starts_on:%Y-%m-%d}。"
        raise DomainError(message, field="on", code="before_start")
    if len(photos) > MOST_PHOTOS:
        raise DomainError(f"一次最多上传 {MOST_PHOTOS} 张照片。", field="photos", code="too_many_photos")


def _note_latest(task: Task) -> None:
    """The task repeats the latest report that stands; of one day the last one written."""
    standing = ProgressReport.objects.filter(task=task, corrected_by__isnull=True)
    latest = standing.order_by("-on", "-pk").first()
    if latest is None:
        return
    task.latest_report, task.percent, task.reported_on = latest, latest.percent, latest.on
    task.save(update_fields=["latest_report", "percent", "reported_on", "updated_at"])


def _record(report: ProgressReport, by: Viewer | None) -> None:
    before = report.corrects
    record(
        action=AuditAction.PARK_REPORTED,
        by=by,
        subject=report,
        label=f"{'更正' if before else '填报'}进展：{report.task}",
        changes={
            "percent": (before.percent if before else None, report.percent),
            "text": (before.text[:200] if before else None, report.text[:200]),
        },
        reason=report.correction_reason,
    )
