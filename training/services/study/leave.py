"""Leave from study activities: the person asks, whoever runs the activity decides, the attendance follows.

Granted leave counts as 请假, not as absence; whether the activity is to be made up is decided with the other
absences once it was held.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from core.access import ROLE_PERMISSIONS, Permission, Role, Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify, retract
from core.saving import save_validated
from core.templatetags.ui import cn_date
from people.models import RoleGrant, User
from training.choices import ActivityState, AttendanceSource, AttendanceState, LeaveReason, LeaveState
from training.models import Attendance, StudyActivity, StudyLeave
from training.models.study.leave import OPEN, UNDECIDED
from training.services.study.reach import refuse_outside_of

A = AttendanceState
KIND = "study.leave"
# 挂职在外 is read from the secondment itself, nobody asks for it.
ASKED = (LeaveReason.DUTY, LeaveReason.SICK, LeaveReason.PERSONAL, LeaveReason.OTHER)
LONGEST_NOTE = 200


@transaction.atomic
def ask_leave(
    *, attendance: Attendance, reason: LeaveReason, note: str, by: Viewer, at: datetime
) -> StudyLeave:
    """The own leave from an activity that has not begun."""
    activity = _activity(attendance)
    _refuse_asking(attendance, activity, reason, note, by, at)
    leave = StudyLeave(attendance=attendance, reason=reason, note=note.strip(), requested_at=at)
    save_validated(leave)
    _record([leave], "申请请假", by)
    notify(
        recipients=_deciders(activity, attendance.cadre_id, on=by.on),
        kind=KIND,
        title=f"{attendance.cadre} 请假待批：{activity}",
        detail=f"{cn_date(activity.held_on)}开展",
        key=_asked_key(leave),
        on=by.on,
        url_name="training:study_leave",
        args=(leave.pk,),
    )
    return leave


@transaction.atomic
def decide_study_leave(
    *, leave: StudyLeave, granted: bool, by: Viewer, at: datetime, answer: str = ""
) -> None:
    """Grants or refuses; a refusal says why. Nobody decides about the own leave (security.md R3)."""
    refuse_outside_of(_activity(leave.attendance), by)
    if by.cadre_id == leave.attendance.cadre_id:
        raise DomainError("本人的请假由其他经办人审批。", code="own_record")
    if not granted and not answer.strip():
        raise DomainError("不准假请写明原因，本人会看到。", field="answer", code="no_reason")
    _answer(leave, LeaveState.GRANTED if granted else LeaveState.REFUSED, by, at, answer)
    if granted:
        _mark(leave, at)
    _record([leave], "准假" if granted else "不准假", by, answer)
    _tell_person(leave, by.on)


@transaction.atomic
def withdraw_study_leave(*, leave: StudyLeave, by: Viewer, at: datetime) -> None:
    """The person comes after all."""
    if by.cadre_id != leave.attendance.cadre_id or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("只能撤回本人的请假。", code="not_own")
    if leave.attendance.slot.starts_at <= at:
        raise DomainError("活动已经开始，请联系活动经办人更正考勤。", code="begun")
    was_granted = leave.state == LeaveState.GRANTED
    _answer(leave, LeaveState.WITHDRAWN, by, at, "本人撤回")
    if was_granted:
        rows = Attendance.objects.filter(pk=leave.attendance_id, state=A.LEAVE)
        rows.update(state=A.EXPECTED, leave_reason="", note="", source=AttendanceSource.NONE, updated_at=at)
    retract([_asked_key(leave)])
    _record([leave], "撤回请假", by)


def grant_marked(rows: Iterable[Attendance], *, by: Viewer, at: datetime) -> None:
    """Staff who mark a person as on leave have thereby granted what the person asked for."""
    marked = [row.pk for row in rows if row.state == A.LEAVE]
    asked = StudyLeave.objects.filter(attendance__in=marked, state=LeaveState.REQUESTED)
    for leave in asked.select_related("attendance__slot__activity", "attendance__cadre"):
        _answer(leave, LeaveState.GRANTED, by, at, "登记考勤时准假")
        _record([leave], "准假", by)
        _tell_person(leave, by.on)


def _refuse_asking(
    attendance: Attendance, activity: StudyActivity, reason: str, note: str, by: Viewer, at: datetime
) -> None:
    if by.cadre_id != attendance.cadre_id or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("只能为本人请假；代人请假由活动经办人登记。", code="not_own")
    if activity.state != ActivityState.PLANNED or attendance.slot.starts_at <= at:
        raise DomainError("活动已经开始、结束或取消，不能再请假，请联系活动经办人补登记。", code="begun")
    if attendance.state != A.EXPECTED:
        raise DomainError(f"已登记为{attendance.get_state_display()}，不用请假。", code="registered")
    if reason not in ASKED:
        raise DomainError("请选择请假事由。", field="reason", code="reason_missing")
    if reason == LeaveReason.OTHER and not note.strip():
        raise DomainError("事由选“其他”时，请写明是什么事。", field="note", code="note_missing")


def _activity(attendance: Attendance) -> StudyActivity:
    if attendance.slot.activity is None:
        raise DomainError("班次的请假请在“报名参训”里申请。", code="not_an_activity")
    return attendance.slot.activity


def _answer(leave: StudyLeave, state: LeaveState, by: Viewer, at: datetime, answer: str) -> None:
    """One conditional UPDATE: of two answers at the same moment the first stands."""
    before = OPEN if state == LeaveState.WITHDRAWN else (LeaveState.REQUESTED,)
    still = StudyLeave.objects.filter(pk=leave.pk, state=leave.state, state__in=before)
    kept = answer.strip()[:LONGEST_NOTE]
    if not still.update(state=state, decided_at=at, decided_by=by.name[:60], answer=kept):
        raise DomainError("这条请假已经办理过，请刷新页面。", code="conflict")
    leave.state, leave.decided_at, leave.decided_by, leave.answer = state, at, by.name[:60], kept


def _mark(leave: StudyLeave, at: datetime) -> None:
    """Writes the leave into the attendance, unless the person has been there."""
    rows = Attendance.objects.filter(pk=leave.attendance_id, state__in=(*UNDECIDED, A.LEAVE))
    marked = rows.update(
        state=A.LEAVE,
        leave_reason=leave.reason,
        note=leave.note,
        source=AttendanceSource.MANUAL,
        updated_at=at,
    )
    if not marked:
        state = Attendance.objects.get(pk=leave.attendance_id).get_state_display()
        raise DomainError(f"考勤已登记为{state}，不用再批请假。", code="registered")


def _deciders(activity: StudyActivity, cadre_id: int, *, on: date) -> list[int]:
    """Accounts that run the activity, but for the person's own."""
    roles = [role for role in Role if Permission.EDIT_STUDY in ROLE_PERMISSIONS[role]]
    grants = RoleGrant.objects.covering(on).filter(role__in=roles, user__is_active=True)
    place = activity.group.unit if activity.group else activity.unit
    path = (place.path if place else "") or ""
    rows = grants.values_list("user_id", "user__cadre_id", "unit_id", "unit__path")
    reaching = {
        user for user, own, unit, over in rows if own != cadre_id and (not unit or _covers(over, path))
    }
    return sorted(reaching)


def _covers(over: str | None, path: str) -> bool:
    return bool(over) and path.startswith(over or "")


def _asked_key(leave: StudyLeave) -> str:
    return f"{KIND}:{leave.pk}:asked"


def _tell_person(leave: StudyLeave, on: date) -> None:
    activity = _activity(leave.attendance)
    words = {LeaveState.GRANTED: "已准假", LeaveState.REFUSED: "请假未准"}[LeaveState(leave.state)]
    cadre = leave.attendance.cadre_id
    notify(
        recipients=User.objects.filter(cadre=cadre, is_active=True).values_list("pk", flat=True),
        kind=KIND,
        title=f"{words}：{activity}",
        detail=leave.answer,
        key=f"{KIND}:{leave.pk}:{leave.state}",
        on=on,
        url_name="training:my_study",
    )


def _record(rows: Sequence[StudyLeave], act: str, by: Viewer, reason: str = "") -> None:
    record_many(
        Entry(
            action=AuditAction.LEAVE_CHANGED,
            by=by,
            subject=row,
            label=f"{act}：{row}"[:200],
            reason=reason.strip(),
        )
        for row in rows
    )
