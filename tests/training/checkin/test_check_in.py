"""Checking in by code and by scanned ticket: once, in time, from the room."""

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from tests.factories.people import make_cadre, make_viewer
from tests.factories.slots import at, expect, make_meeting, make_slot_rule
from tests.training.checkin.conftest import START, Room, minutes
from training.choices import (
    AttendanceSource,
    AttendanceState,
    CheckInResult,
    ClassState,
    LeaveReason,
)
from training.models import CheckInAttempt
from training.services.checkin import MOST_MISSES, Proof, check_in, scan

pytestmark = pytest.mark.django_db


def test_a_typed_code_checks_in(room: Room) -> None:
    outcome = room.type_code(START)
    row = room.row
    assert (outcome.result, outcome.slot) == (CheckInResult.PRESENT, room.slot)
    assert (row.state, row.source, row.checked_in_at) == (
        AttendanceState.PRESENT,
        AttendanceSource.CODE,
        START,
    )
    event = AuditEvent.objects.get(action="attendance.checkin")
    assert event.label == f"签到成功：{room.slot}"


def test_whoever_comes_late_is_late(room: Room) -> None:
    assert room.type_code(START + minutes(6)).result == CheckInResult.LATE
    assert room.row.state == AttendanceState.LATE


def test_a_scanned_code_checks_in_after_login_and_a_press(room: Room) -> None:
    ticket = room.scan(START)
    pressed = START + minutes(9)
    outcome = check_in(proof=Proof(ticket=ticket), by=room.viewer, at=pressed, device="phone")
    assert (outcome.result, room.row.checked_in_at, room.row.source) == (
        CheckInResult.PRESENT,
        START,
        AttendanceSource.QR,
    )


def test_a_photograph_of_the_code_is_refused_two_windows_later(room: Room) -> None:
    code = room.code(START)
    outcome = check_in(proof=Proof(code=code), by=room.viewer, at=START + timedelta(seconds=30))
    assert (outcome.result, outcome.message[:8]) == (CheckInResult.EXPIRED, "这个码已经过期。")
    assert room.row.state == AttendanceState.EXPECTED
    later = scan(token=room.token(START), device="phone", at=START + timedelta(seconds=30))
    assert (bool(room.scan(START)), later) == (True, "")


def test_a_ticket_is_good_on_the_telephone_that_scanned(room: Room) -> None:
    ticket = room.scan(START, device="phone")
    outcome = check_in(proof=Proof(ticket=ticket), by=room.viewer, at=START, device="another phone")
    assert (outcome.result, room.row.state) == (CheckInResult.UNKNOWN, AttendanceState.EXPECTED)


@pytest.mark.parametrize("ticket", ["", "x", "eyJzIjoxfQ:1abc:def"])
def test_a_forged_ticket_is_refused(room: Room, ticket: str) -> None:
    proof = Proof(ticket=ticket, code="" if ticket else "222222")
    assert check_in(proof=proof, by=room.viewer, at=START).result == CheckInResult.UNKNOWN


def test_twice_is_once(room: Room) -> None:
    first, second = room.type_code(START), room.type_code(START + minutes(3))
    assert (first.result, second.result) == (CheckInResult.PRESENT, CheckInResult.ALREADY)
    assert (second.message, second.settled) == ("你已在 09:00 签到，不用再签。", True)
    assert room.row.checked_in_at == START
    assert list(CheckInAttempt.objects.order_by("pk").values_list("result", flat=True)) == [
        "present",
        "already",
    ]


@pytest.mark.parametrize(
    ("moment", "result", "words"),
    [
        (minutes(-31), CheckInResult.NOT_OPEN, "签到 2026年11月2日 08:30 开始，请到时再签。"),
        (
            minutes(31),
            CheckInResult.CLOSED,
            "签到已于 2026年11月2日 09:30 截止。如已到场，请现场经办人登记。",
        ),
    ],
)
def test_outside_the_windows(room: Room, moment: timedelta, result: CheckInResult, words: str) -> None:
    outcome = room.type_code(START + moment)
    assert (outcome.result, outcome.message, room.row.state) == (result, words, AttendanceState.EXPECTED)


def test_the_slots_own_windows_go_before_the_rule(room: Room) -> None:
    room.slot.checkin_opens_at = START - minutes(90)
    room.slot.late_after = START - minutes(60)
    room.slot.save()
    assert room.type_code(START - minutes(59)).result == CheckInResult.LATE


def test_whoever_is_not_on_the_list_is_told_so(room: Room) -> None:
    stranger = make_viewer(cadre=make_cadre())
    assert room.type_code(START, by=stranger).result == CheckInResult.NOT_EXPECTED


def test_a_cancelled_class_takes_nobody(room: Room) -> None:
    room.slot.training_class.state = ClassState.CANCELLED
    room.slot.training_class.save()
    assert room.type_code(START).result == CheckInResult.CANCELLED


def test_whoever_comes_in_spite_of_leave_is_there(room: Room) -> None:
    row = room.row
    row.state, row.leave_reason = AttendanceState.LEAVE, LeaveReason.DUTY
    row.save()
    room.type_code(START)
    assert (room.row.state, room.row.leave_reason, room.row.note) == (
        AttendanceState.PRESENT,
        "",
        "原登记请假（公务），本人到场签到",
    )


def test_the_own_slot_is_tried_first_where_two_rooms_are_open(room: Room) -> None:
    make_meeting(START)
    assert room.type_code(START).slot == room.slot


def test_signing_out_needs_the_check_in_and_its_time(room: Room) -> None:
    room.slot.needs_sign_out = True
    room.slot.save()
    outcomes = [room.type_code(START + minutes(after)).result for after in (0, 60, 115, 116)]
    assert outcomes == [
        CheckInResult.PRESENT,
        CheckInResult.ALREADY,
        CheckInResult.SIGNED_OUT,
        CheckInResult.ALREADY,
    ]
    assert room.row.checked_out_at == START + minutes(115)


def test_one_telephone_for_two_people_is_flagged_on_both(room: Room) -> None:
    other = make_cadre("赵示例")
    expect(room.slot, other)
    room.type_code(START, device="phone")
    assert room.row.suspicion == ""
    room.type_code(START + minutes(1), by=make_viewer(cadre=other), device="phone")
    found = dict(room.slot.attendances.values_list("cadre__name", "suspicion"))
    assert found == {"李示例": "与赵示例用同一部手机签到", "赵示例": "与李示例用同一部手机签到"}


def test_the_rule_may_leave_telephones_alone(room: Room) -> None:
    make_slot_rule(one_device=False)
    other = make_cadre()
    expect(room.slot, other)
    room.type_code(START, device="phone")
    room.type_code(START, by=make_viewer(cadre=other), device="phone")
    assert set(room.slot.attendances.values_list("suspicion", flat=True)) == {""}


def test_a_telephone_cannot_be_followed_to_another_slot(room: Room) -> None:
    meeting = make_meeting(at(2026, 11, 2, 14), room.cadre)
    room.type_code(START, device="phone")
    Room(meeting, room.cadre, room.viewer).type_code(at(2026, 11, 2, 14), device="phone")
    marks = set(CheckInAttempt.objects.values_list("device", flat=True))
    assert (len(marks), {len(mark) for mark in marks}) == (2, {16})


def test_guessing_stops_after_some_misses(room: Room) -> None:
    for _ in range(MOST_MISSES):
        assert check_in(proof=Proof(code="ZZZZZZ"), by=room.viewer, at=START).result == CheckInResult.UNKNOWN
    assert room.type_code(START).result == CheckInResult.TOO_MANY
    assert room.type_code(START + minutes(5)).result == CheckInResult.PRESENT


def test_an_account_without_a_cadre_checks_nobody_in(room: Room) -> None:
    with pytest.raises(DomainError, match="没有关联干部"):
        room.type_code(START, by=make_viewer(Role.HR))
