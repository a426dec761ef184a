"""Attendance entered by staff: by hand, from a list, or corrected with a reason. Never the own row (R3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import Changes, apply_changes, changes_to
from people.models import Cadre
from training.choices import ActivityState, AttendanceSource, AttendanceState, LeaveReason
from training.models import Attendance, Slot
from training.queries.checkin import THERE, is_cancelled, permission_for
from training.queries.study import units_at
from training.services.study.hours import settle_activity
from training.services.study.leave import grant_marked
from training.services.study.reach import refuse_outside_of

HAPPENED = (*THERE, AttendanceState.ABSENT)
FIELDS = ("state", "source", "leave_reason", "note", "checked_in_at", "checked_out_at", "suspicion")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to stand at each of the rows; `reason` is the why of a correction."""

    state: AttendanceState
    reason: str = ""
    leave_reason: str = ""
    source: AttendanceSource = AttendanceSource.MANUAL


@transaction.atomic
def register(*, slot: Slot, rows: Sequence[Attendance], verdict: Verdict, by: Viewer, at: datetime) -> int:
    """Sets the rows of one slot; returns how many changed.

    What is registered already changes only with a reason.
    """
    _refuse(slot, rows, verdict, by, at)
    changed = [(row, _change(row, verdict, at)) for row in rows]
    changed = [(row, changes) for row, changes in changed if changes]
    if any(before not in ("", AttendanceState.EXPECTED) for before in _states_before(changed)):
        _need_reason(verdict)
    for row, changes in changed:
        _save(row, changes)
    record_many(_entry(row, changes, verdict, by) for row, changes in changed)
    grant_marked((row for row, _ in changed), by=by, at=at)
    follow_in_ledger(slot=slot, by=by, at=at)
    return len(changed)


@transaction.atomic
def register_rest_absent(*, slot: Slot, rows: Iterable[Attendance], by: Viewer, at: datetime) -> int:
    """Whoever of the rows is still unmarked did not come."""
    left = [row for row in rows if row.state == AttendanceState.EXPECTED and row.cadre_id != by.cadre_id]
    return register(slot=slot, rows=left, verdict=Verdict(AttendanceState.ABSENT), by=by, at=at)


@transaction.atomic
def clear_suspicion(*, attendance: Attendance, reason: str, by: Viewer) -> None:
    """Someone has looked at it and found nothing wrong."""
    if attendance.cadre_id == by.cadre_id:
        raise DomainError(OWN, code="own_record")
    if not reason.strip():
        raise DomainError("请写明核实情况。", field="reason", code="reason_missing")
    changes: Changes = {"suspicion": (attendance.suspicion, "")}
    _save(attendance, changes)
    record_many([_entry(attendance, changes, Verdict(AttendanceState.PRESENT, reason), by)])


@transaction.atomic
def expect_more(*, slot: Slot, cadres: Sequence[Cadre], by: Viewer) -> list[Attendance]:
    """People beyond the list (walk-ins), with the unit they belong to on the day."""
    if any(cadre.pk == by.cadre_id for cadre in cadres):
        raise DomainError(OWN, code="own_record")
    units = units_on(cadres, slot)
    present = set(slot.attendances.filter(cadre__in=cadres).values_list("cadre_id", flat=True))
    rows = [
        Attendance(slot=slot, cadre=cadre, unit_id=units.get(cadre.pk), is_extra=True)
        for cadre in cadres
        if cadre.pk not in present
    ]
    created = Attendance.objects.bulk_create(rows, batch_size=BATCH)
    if created:
        names = "、".join(row.cadre.name for row in created)
        label = f"补入应到名单：{slot}，{names}"
        record(action=AuditAction.ATTENDANCE_CHANGED, by=by, subject=slot, label=label[:300])
    return created


def units_on(cadres: Iterable[Cadre], slot: Slot) -> dict[int, int | None]:
    """Cadre → unit on the slot's day."""
    rows = Cadre.objects.filter(pk__in=[cadre.pk for cadre in cadres])
    return units_at(rows.with_position(timezone.localdate(slot.starts_at)))


OWN = "本人的考勤由其他经办人登记，请不要选择自己。"


def _refuse(slot: Slot, rows: Sequence[Attendance], verdict: Verdict, by: Viewer, at: datetime) -> None:
    if not by.paths(permission_for(slot)):
        raise DomainError("你没有登记这场考勤的权限。", code="not_allowed")
    if slot.activity is not None:
        refuse_outside_of(slot.activity, by)
    if any(row.cadre_id == by.cadre_id for row in rows):
        raise DomainError(OWN, code="own_record")
    if is_cancelled(slot):
        raise DomainError("这场活动已取消，不登记考勤。", code="cancelled")
    if verdict.state in HAPPENED and timezone.localdate(at) < timezone.localdate(slot.starts_at):
        raise DomainError("还没有到这一天，目前只能登记请假或免训。", field="state", code="not_begun")
    if verdict.state == AttendanceState.LEAVE and verdict.leave_reason not in LeaveReason.values:
        raise DomainError("请选择请假事由。", field="leave_reason", code="leave_reason_missing")


def _change(row: Attendance, verdict: Verdict, at: datetime) -> Changes:
    """A correction keeps the time someone came; whoever did not come has none."""
    there = verdict.state in THERE
    if row.state == verdict.state and (verdict.state != AttendanceState.LEAVE):
        return {}
    values: dict[str, Any] = {
        "state": verdict.state.value,
        "source": "" if verdict.state == AttendanceState.EXPECTED else verdict.source.value,
        "leave_reason": verdict.leave_reason if verdict.state == AttendanceState.LEAVE else "",
        "note": verdict.reason.strip()[:200],
        "checked_in_at": (row.checked_in_at or at) if there else None,
        "checked_out_at": row.checked_out_at if there else None,
    }
    return changes_to(row, values)


def _states_before(changed: Sequence[tuple[Attendance, Changes]]) -> list[str]:
    return [changes["state"][0] if "state" in changes else row.state for row, changes in changed]


def _need_reason(verdict: Verdict) -> None:
    if not verdict.reason.strip():
        message = "所选人员中有人已经登记过，更正须写明原因。"
        raise DomainError(message, field="reason", code="reason_missing")


def _save(row: Attendance, changes: Changes) -> None:
    """A row that moved in between is not overwritten: whoever corrects must have seen what stands there."""
    seen = Attendance.objects.filter(pk=row.pk, state=row.state, checked_in_at=row.checked_in_at)
    values = {name: new for name, (_, new) in changes.items()}
    if not seen.update(**values, updated_at=timezone.now()):
        message = f"{row.cadre} 的考勤刚刚有变化，请刷新后再登记。"
        raise DomainError(message, code="conflict")
    apply_changes(row, changes)


def _entry(row: Attendance, changes: Changes, verdict: Verdict, by: Viewer) -> Entry:
    return Entry(
        action=AuditAction.ATTENDANCE_CHANGED,
        by=by,
        subject=row,
        label=f"登记考勤：{row}，{row.get_state_display()}",
        changes=changes,
        reason=verdict.reason.strip(),
    )


def follow_in_ledger(*, slot: Slot, by: Viewer | None, at: datetime) -> None:
    """The ledger follows what was corrected after an activity was held."""
    activity = slot.activity
    if activity is not None and activity.state == ActivityState.HELD:
        settle_activity(activity=activity, by=by, at=at, reason="考勤更正")
