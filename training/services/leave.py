"""Leave from single slots: asked for by the person and decided by staff, or entered by staff at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from training.choices import AttendanceSource, AttendanceState, LeaveReason, LeaveState
from training.enrolment import ACTIVE
from training.models import Attendance, LeaveRequest, Participation, Slot
from training.models.leave import OPEN_LEAVE
from training.queries.presence import presence_in
from training.services.enrolment.queue import tell
from training.services.enrolment.steps import refuse_own

A = AttendanceState


@dataclass(frozen=True, slots=True)
class Wish:
    """From which slots, and why."""

    slots: Sequence[Slot]
    reason: LeaveReason
    note: str = ""


@transaction.atomic
def request_leave(
    *, participation: Participation, wish: Wish, by: Viewer, at: datetime
) -> list[LeaveRequest]:
    """Asks for the own leave from slots that have not begun."""
    if by.cadre_id != participation.cadre_id:
        raise DomainError("只能为本人请假；代人请假由班次经办登记。", code="not_own")
    if any(slot.starts_at <= at for slot in wish.slots):
        raise DomainError("已经开始的时段不能再请假，请联系班次联系人补登记。", field="slots", code="begun")
    return _enter(participation, wish, LeaveState.REQUESTED, by, at)


@transaction.atomic
def enter_leave(*, participation: Participation, wish: Wish, by: Viewer, at: datetime) -> list[LeaveRequest]:
    """Staff enter leave that somebody has been given."""
    refuse_own(participation.cadre_id, by)
    rows = _enter(participation, wish, LeaveState.GRANTED, by, at)
    for row in rows:
        row.decided_at, row.decided_by = at, by.name[:60]
        row.save(update_fields=["decided_at", "decided_by"])
        _mark(row)
    _tell_share(participation, at)
    return rows


@transaction.atomic
def decide_leave(*, leave: LeaveRequest, granted: bool, by: Viewer, at: datetime, answer: str = "") -> None:
    """Grants or refuses; a refusal says why. Granted leave stands in the attendance at once."""
    refuse_own(leave.participation.cadre_id, by)
    if not granted and not answer.strip():
        raise DomainError("不准假请写明原因，本人会看到。", field="answer", code="no_reason")
    state = LeaveState.GRANTED if granted else LeaveState.REFUSED
    _decide(leave, state, by, at, answer)
    if granted:
        _mark(leave)
        _tell_share(leave.participation, at)
    else:
        tell(leave.participation, f"请假未准：{leave.participation.training_class}", answer.strip(), at)
    _record([leave], "准假" if granted else "不准假", by, answer)


@transaction.atomic
def withdraw_leave(*, leave: LeaveRequest, by: Viewer, at: datetime) -> None:
    """The person comes after all."""
    if by.cadre_id != leave.participation.cadre_id:
        raise DomainError("只能撤回本人的请假。", code="not_own")
    if leave.slot.starts_at <= at:
        raise DomainError("时段已经开始，请联系班次联系人更正考勤。", code="begun")
    was_granted = leave.state == LeaveState.GRANTED
    _decide(leave, LeaveState.WITHDRAWN, by, at, "本人撤回")
    if was_granted:
        rows = Attendance.objects.filter(
            slot=leave.slot, cadre_id=leave.participation.cadre_id, state=A.LEAVE
        )
        rows.update(state=A.EXPECTED, leave_reason="", note="", source=AttendanceSource.NONE)
    _record([leave], "撤回请假", by, "")


def _enter(
    participation: Participation, wish: Wish, state: LeaveState, by: Viewer, at: datetime
) -> list[LeaveRequest]:
    if participation.state not in ACTIVE:
        raise DomainError("只有已确认的学员可以请假。", code="not_on_the_list")
    if not wish.slots:
        raise DomainError("请选择请假的时段。", field="slots", code="no_slots")
    rows = [
        LeaveRequest(
            participation=participation,
            slot=slot,
            reason=wish.reason,
            note=wish.note,
            state=state,
            requested_at=at,
            requested_by_id=by.user_id,
            requested_by=by.name[:60],
        )
        for slot in wish.slots
    ]
    for row in rows:
        save_validated(row)
    _record(rows, "请假", by, wish.note)
    return rows


def _decide(leave: LeaveRequest, state: LeaveState, by: Viewer, at: datetime, answer: str) -> None:
    still = LeaveRequest.objects.filter(pk=leave.pk, state=leave.state, state__in=_before(state))
    changed = still.update(state=state, decided_at=at, decided_by=by.name[:60], answer=answer.strip()[:200])
    if not changed:
        raise DomainError("这条请假已经办理过，请刷新页面。", code="conflict")
    leave.state = state


def _before(state: LeaveState) -> Sequence[str]:
    return OPEN_LEAVE if state == LeaveState.WITHDRAWN else (LeaveState.REQUESTED,)


def _mark(leave: LeaveRequest) -> None:
    """Writes the leave into the attendance, unless the person has been there."""
    rows = Attendance.objects.filter(slot=leave.slot, cadre_id=leave.participation.cadre_id)
    marked = rows.filter(state__in=(A.EXPECTED, A.ABSENT, A.LEAVE)).update(
        state=A.LEAVE, leave_reason=leave.reason, note=leave.note, source=AttendanceSource.MANUAL
    )
    if not marked:
        moment = timezone.localtime(leave.slot.starts_at)
        message = f"{moment.month}月{moment.day}日 {moment:%H:%M} 已登记到课，不能再请假。"
        raise DomainError(message, field="slots", code="was_there")


def _tell_share(participation: Participation, at: datetime) -> None:
    """The person hears how much of the class the leave takes, and when it is too much."""
    held = participation.training_class
    presence = presence_in(held, participation.cadre_id)
    light = presence.leave_light(held.leave_limit)
    detail = f"请假累计占总学时的 {presence.leave_percent}%。"
    if light == "red":
        detail += "已超过规定上限，按规定应当退学，请尽快联系班次联系人。"
    elif light == "yellow":
        detail += "已接近规定上限，超过上限将按退学处理。"
    tell(participation, f"请假已登记：{held}", detail, at)


def _record(rows: Sequence[LeaveRequest], act: str, by: Viewer, reason: str) -> None:
    record_many(
        Entry(
            action=AuditAction.LEAVE_CHANGED, by=by, subject=row, label=f"{act}：{row}"[:200], reason=reason
        )
        for row in rows
    )
