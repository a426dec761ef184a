"""外出考察: the itinerary, the report, and the list of what is brought home (取经清单)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, drop_file, keep_file
from core.saving import changes_to, save_validated
from people.models import Cadre, Unit
from training.choices import ClassKind
from training.models import StudyVisit, TrainingClass, VisitLesson, VisitStop


@dataclass(frozen=True, slots=True)
class StopValues:
    day: date
    place: str
    host: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class LessonValues:
    """`pk` names a line that is there already, so that its task stays with it."""

    title: str
    detail: str = ""
    unit: Unit | None = None
    pk: int | None = None


@transaction.atomic
def save_visit(
    *,
    training_class: TrainingClass,
    leader: Cadre | None,
    report_due_on: date | None,
    stops: Sequence[StopValues],
    by: Viewer,
) -> StudyVisit:
    """Itinerary, leader and the day of the report; the first time it makes the visit."""
    if training_class.kind != ClassKind.STUDY_VISIT:
        raise DomainError("只有“外出考察”类别的班次有考察行程。", code="no_visit")
    _check_stops(training_class, stops)
    if report_due_on and report_due_on < training_class.ends_on:
        raise DomainError("考察报告期限不能早于结束日期。", field="report_due_on", code="due_too_early")
    visit = StudyVisit.objects.filter(training_class=training_class).first()
    visit = visit or StudyVisit(training_class=training_class)
    changes = changes_to(visit, {"leader": leader, "report_due_on": report_due_on})
    visit.leader, visit.report_due_on = leader, report_due_on
    save_validated(visit)
    visit.stops.all().delete()
    VisitStop.objects.bulk_create(
        VisitStop(visit=visit, day=one.day, place=one.place, host=one.host, subject=one.subject)
        for one in stops
    )
    _record(visit, f"安排考察行程：{training_class}，{len(stops)} 站", by, changes)
    return visit


@transaction.atomic
def hand_in_report(*, visit: StudyVisit, upload: Any, by: Viewer, at: datetime) -> None:
    """By the leader or by staff; a new report takes the place of the old one."""
    if visit.leader_id != by.cadre_id and not by.paths(Permission.EDIT_TRAINING):
        raise DomainError("考察报告由带队人或培训经办提交。", code="not_leader")
    old = visit.report
    visit.report = keep_file(upload=upload, by=by, accept=DOCUMENTS, at=at, field="upload")
    visit.report_at, visit.report_by = at, by.name[:60]
    save_validated(visit)
    if old is not None:
        drop_file(old)
    _record(visit, f"提交考察报告：{visit.training_class}", by)


@transaction.atomic
def save_lessons(*, visit: StudyVisit, lessons: Sequence[LessonValues], by: Viewer) -> None:
    """The whole list at once; a line that is a task already cannot go."""
    present = {row.pk: row for row in visit.lessons.all()}
    kept = {one.pk for one in lessons if one.pk in present}
    for pk, row in present.items():
        if pk not in kept:
            if row.task_id:
                raise DomainError(f"“{row.title}”已转为园区任务，不能删除。", code="is_a_task")
            row.delete()
    for one in lessons:
        row = present[one.pk] if one.pk in kept else VisitLesson(visit=visit)
        row.title, row.detail, row.unit = one.title, one.detail, one.unit
        save_validated(row)
    _record(visit, f"填写取经清单：{visit.training_class}，{len(lessons)} 项", by)


@transaction.atomic
def link_task(*, lesson: VisitLesson, task_id: int | None, by: Viewer) -> None:
    """Notes which park task the item became; the task itself belongs to the park."""
    lesson.task_id = task_id
    save_validated(lesson)
    _record(lesson.visit, f"关联园区任务：{lesson.title}", by)


def _check_stops(held: TrainingClass, stops: Sequence[StopValues]) -> None:
    for one in stops:
        if not held.starts_on <= one.day <= held.ends_on:
            message = f"{one.day.month}月{one.day.day}日不在班次起止日期内，请核对行程。"
            raise DomainError(message, code="stop_outside")


def _record(visit: StudyVisit, label: str, by: Viewer, changes: Any = None) -> None:
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=visit.training_class,
        label=label,
        changes=changes,
    )
