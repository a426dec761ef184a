"""Marking who came. Each person has a row; nobody marks the own (security.md R3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import Changes, apply_changes, changes_to
from training.choices import ActivityState, AttendanceSource, AttendanceState, LeaveReason, MakeUpState
from training.models import Attendance, MakeUp, StudyActivity
from training.services.study.hours import settle_activity, settle_make_up
from training.services.study.leave import grant_marked
from training.services.study.reach import refuse_outside_of
from training.streaks import CAME

HAPPENED = frozenset({*CAME, AttendanceState.ABSENT})
BATCH = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to stand at one person's row."""

    attendance_id: int
    state: AttendanceState
    leave_reason: str = ""
    note: str = ""


@transaction.atomic
def mark_attendance(
    *,
    activity: StudyActivity,
    marks: Sequence[Mark],
    by: Viewer,
    at: datetime,
    rest: AttendanceState | None = None,
) -> int:
    """Sets the rows of `marks`, and with `rest` all that are still unmarked; returns how many changed.

    Rows outside the viewer's reach and the own row are refused. After the activity was held, the ledger
    follows at once.
    """
    _refuse(activity, by)
    reach = Attendance.objects.visible_to(by, Permission.EDIT_STUDY).filter(slot=activity.slot)
    rows = {row.pk: row for row in reach.select_related("cadre").select_for_update(of=("self",))}
    wanted = {mark.attendance_id: mark for mark in marks}
    if set(wanted) - set(rows):
        raise DomainError(
            "名单中有人不在你的管辖范围，或是本人；本人的考勤由其他经办人登记。", code="not_yours"
        )
    if rest is not None:
        open_rows = (pk for pk, row in rows.items() if row.state == AttendanceState.EXPECTED)
        wanted = {pk: Mark(pk, rest) for pk in open_rows} | wanted
    changed = [(rows[pk], _change(rows[pk], mark, activity, at)) for pk, mark in wanted.items()]
    return _save(activity, [(row, changes) for row, changes in changed if changes], by, at)


def _refuse(activity: StudyActivity, by: Viewer) -> None:
    refuse_outside_of(activity, by)
    if activity.state == ActivityState.CANCELLED:
        raise DomainError("活动已取消，不登记考勤。", code="cancelled")


def _change(row: Attendance, mark: Mark, activity: StudyActivity, at: datetime) -> Changes:
    if mark.state in HAPPENED and timezone.localdate(at) < activity.held_on:
        message = f"活动还没有开展，目前只能登记请假或免训（{row.cadre}）。"
        raise DomainError(message, code="not_begun")
    is_leave = mark.state == AttendanceState.LEAVE
    if is_leave and mark.leave_reason not in LeaveReason.values:
        message = f"请选择{row.cadre}的请假事由。"
        raise DomainError(message, field=f"leave-{row.pk}", code="reason_missing")
    values: dict[str, Any] = {
        "state": mark.state.value,
        "leave_reason": mark.leave_reason if is_leave else "",
        "note": mark.note.strip()[:200],
    }
    changes = changes_to(row, values)
    if changes:
        apply_changes(row, changes)
        row.source = (
            AttendanceSource.NONE if mark.state == AttendanceState.EXPECTED else AttendanceSource.MANUAL
        )
        row.updated_at = at
    return changes


def _save(
    activity: StudyActivity, changed: list[tuple[Attendance, Changes]], by: Viewer, at: datetime
) -> int:
    rows = [row for row, _ in changed]
    if not rows:
        return 0
    names = ["state", "leave_reason", "note", "source", "updated_at"]
    Attendance.objects.bulk_update(rows, names, batch_size=BATCH)
    record_many(_entry(row, changes, by) for row, changes in changed)
    grant_marked(rows, by=by, at=at)
    _drop_make_ups([row.pk for row in rows if row.state in CAME], by, at)
    if activity.state == ActivityState.HELD:
        settle_activity(activity=activity, by=by, at=at, reason="考勤更正")
    return len(rows)


def _entry(row: Attendance, changes: Changes, by: Viewer) -> Entry:
    label = f"登记考勤：{row}，{row.get_state_display()}"
    return Entry(action=AuditAction.TRAINING_CHANGED, by=by, subject=row, label=label, changes=changes)


def _drop_make_ups(came: Sequence[int], by: Viewer, at: datetime) -> None:
    """Whoever turns out to have come has nothing to make up."""
    for make_up in MakeUp.objects.filter(attendance__in=came).select_related("attendance__slot__activity"):
        make_up.state = MakeUpState.ASSIGNED
        settle_make_up(make_up=make_up, by=by, at=at, reason="更正为到课，补学取消")
        make_up.delete()
