"""Attendance by hand: the first entry is free, a correction has a reason, the own row is somebody else's."""

import pytest

from core.access import Role, Viewer
from core.errors import DomainError
from core.models import AuditEvent
from people.models import Cadre
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.slots import expect
from tests.training.checkin.conftest import START, Room, minutes
from training.choices import AttendanceSource, AttendanceState, ClassState, LeaveReason
from training.services.attendance import (
    Verdict,
    clear_suspicion,
    expect_more,
    register,
    register_rest_absent,
)

pytestmark = pytest.mark.django_db
PRESENT = Verdict(AttendanceState.PRESENT)


def enter(room: Room, verdict: Verdict, hr: Viewer, *, at=START) -> int:
    return register(slot=room.slot, rows=[room.row], verdict=verdict, by=hr, at=at)


def test_the_first_entry_needs_no_reason(room: Room, hr: Viewer) -> None:
    assert enter(room, PRESENT, hr) == 1
    assert (room.row.state, room.row.source, room.row.checked_in_at) == (
        AttendanceState.PRESENT,
        AttendanceSource.MANUAL,
        START,
    )


def test_a_correction_needs_a_reason_which_the_audit_log_keeps(room: Room, hr: Viewer) -> None:
    room.type_code(START)
    with pytest.raises(DomainError, match="更正须写明原因"):
        enter(room, Verdict(AttendanceState.ABSENT), hr)
    enter(room, Verdict(AttendanceState.ABSENT, reason="代签"), hr)
    assert (room.row.state, room.row.checked_in_at, room.row.note) == (AttendanceState.ABSENT, None, "代签")
    assert AuditEvent.objects.get(action="attendance.change").reason == "代签"


def test_the_time_of_arrival_survives_a_correction_from_late_to_present(room: Room, hr: Viewer) -> None:
    room.type_code(START + minutes(8))
    enter(room, Verdict(AttendanceState.PRESENT, reason="会议室门禁故障"), hr)
    assert (room.row.state, room.row.checked_in_at) == (AttendanceState.PRESENT, START + minutes(8))


def test_what_stands_already_changes_nothing(room: Room, hr: Viewer) -> None:
    enter(room, PRESENT, hr)
    assert enter(room, PRESENT, hr) == 0


def test_leave_has_a_reason_of_leave(room: Room, hr: Viewer) -> None:
    with pytest.raises(DomainError, match="请选择请假事由"):
        enter(room, Verdict(AttendanceState.LEAVE), hr)
    enter(room, Verdict(AttendanceState.LEAVE, leave_reason=LeaveReason.SICK), hr, at=START - minutes(5000))
    assert (room.row.state, room.row.leave_reason) == (AttendanceState.LEAVE, LeaveReason.SICK)


def test_nobody_came_before_the_day(room: Room, hr: Viewer) -> None:
    with pytest.raises(DomainError, match="还没有到这一天"):
        enter(room, PRESENT, hr, at=START - minutes(24 * 60))


def test_nobody_registers_the_own_attendance(room: Room) -> None:
    clerk = make_cadre("经办人")
    own, both = expect(room.slot, clerk), make_viewer(Role.HR, cadre=clerk)
    with pytest.raises(DomainError, match="其他经办人"):
        register(slot=room.slot, rows=own, verdict=PRESENT, by=both, at=START)
    with pytest.raises(DomainError, match="其他经办人"):
        expect_more(slot=room.slot, cadres=[clerk], by=both)


def test_a_party_specialist_does_not_keep_classes(room: Room) -> None:
    with pytest.raises(DomainError, match="没有登记这场考勤的权限"):
        enter(room, PRESENT, make_viewer(Role.PARTY))


def test_nothing_is_registered_for_what_is_cancelled(room: Room, hr: Viewer) -> None:
    room.slot.training_class.state = ClassState.CANCELLED
    room.slot.training_class.save()
    with pytest.raises(DomainError, match="已取消"):
        enter(room, PRESENT, hr)


def test_a_row_that_moved_meanwhile_is_not_overwritten(room: Room, hr: Viewer) -> None:
    seen = room.row
    room.type_code(START)
    with pytest.raises(DomainError, match="刚刚有变化"):
        register(slot=room.slot, rows=[seen], verdict=Verdict(AttendanceState.ABSENT), by=hr, at=START)


def test_the_rest_did_not_come(room: Room) -> None:
    own = make_cadre("经办人")
    others = [make_cadre() for _ in range(3)]
    expect(room.slot, own, *others)
    room.type_code(START)
    count = register_rest_absent(
        slot=room.slot,
        rows=room.slot.attendances.all(),
        by=make_viewer(Role.HR, cadre=own),
        at=START + minutes(200),
    )
    states = {row.cadre_id: row.state for row in room.slot.attendances.all()}
    assert (count, states[own.pk], states[room.cadre.pk]) == (
        3,
        AttendanceState.EXPECTED,
        AttendanceState.PRESENT,
    )


def test_walk_ins_come_with_their_unit_of_the_day_and_only_once(room: Room, hr: Viewer) -> None:
    unit = make_unit()
    walk_in: Cadre = make_cadre(unit=unit)
    first = expect_more(slot=room.slot, cadres=[walk_in, room.cadre], by=hr)
    second = expect_more(slot=room.slot, cadres=[walk_in], by=hr)
    assert ([(row.cadre, row.unit_id) for row in first], second) == ([(walk_in, unit.pk)], [])


def test_a_suspicion_goes_with_a_word_of_what_was_found(room: Room, hr: Viewer) -> None:
    row = room.row
    row.suspicion = "与赵示例用同一部手机签到"
    row.save()
    with pytest.raises(DomainError, match="核实情况"):
        clear_suspicion(attendance=row, reason=" ", by=hr)
    clear_suspicion(attendance=row, reason="手机没电，当面核实", by=hr)
    assert room.row.suspicion == ""
