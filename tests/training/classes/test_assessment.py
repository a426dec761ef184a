"""Results, hours in the ledger, leave, certificates."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from tests.factories.enrolment import NOW, enter, live_class, make_self
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.slots import at
from training.choices import (
    AttendanceState,
    ClassKind,
    ClassState,
    LeaveReason,
    LeaveState,
    ParticipationState,
    ResultGrade,
)
from training.class_states import ClassMove
from training.models import Attendance, Certificate, HourEntry, LeaveRequest
from training.queries.certificates import verify
from training.services.assessment import Verdict, assess
from training.services.certificates import issue_certificates, withdraw_certificate
from training.services.classes import move_class
from training.services.enrolment import drop_out
from training.services.leave import Wish, decide_leave, enter_leave, request_leave, withdraw_leave

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
P, A = ParticipationState, AttendanceState


def over(held, **came):
    """The class is over; who came to everything but the slots given by name of the row."""
    Attendance.objects.filter(slot__training_class=held, state=A.EXPECTED).update(
        state=A.PRESENT, source="qr"
    )
    held.state = ClassState.ASSESSING
    held.save(update_fields=["state"])


def passed(row, grade=ResultGrade.PASSED, **values):
    return Verdict(row.pk, grade, **values)


def archived(*, slots=7, missed=0, days=7):
    held, hr = live_class(slots=slots, days=days, hours=56), make_viewer(Role.HR)
    row = enter(held)
    gone = list(held.slots.all()[:missed])
    Attendance.objects.filter(slot__in=gone).update(state=A.ABSENT, source="manual")
    over(held)
    assess(
        training_class=held, verdicts=[passed(row, reason="带班执勤" if missed > 1 else "")], by=hr, at=NOW
    )
    move_class(training_class=held, to=ClassMove.ARCHIVE, by=hr, at=NOW)
    row.refresh_from_db()
    return row, hr


@pytest.mark.parametrize(("missed", "hours", "days"), [(0, "56", "7"), (1, "48", "6"), (3, "32", "4")])
def test_the_archive_credits_the_attended_part(missed, hours, days):
    row, _ = archived(missed=missed)
    entry = HourEntry.objects.get()
    assert (row.hours, row.days, row.state) == (Decimal(hours), Decimal(days), P.COMPLETED)
    assert (entry.cadre_id, entry.hours, entry.days) == (row.cadre_id, row.hours, row.days)


def test_who_missed_too_much_passes_only_with_a_reason():
    held, hr = live_class(slots=7), make_viewer(Role.HR)
    row = enter(held)
    Attendance.objects.filter(slot__in=list(held.slots.all()[:2])).update(state=A.LEAVE)
    over(held)
    with pytest.raises(DomainError, match="到课 71%"):
        assess(training_class=held, verdicts=[passed(row)], by=hr, at=NOW)
    assess(training_class=held, verdicts=[passed(row, reason="防汛值守")], by=hr, at=NOW)
    assert row.steps.last().reason == "防汛值守"


def test_who_failed_or_dropped_out_earns_nothing():
    held, hr = live_class(slots=1), make_viewer(Role.HR)
    failed, dropped = enter(held), enter(held)
    over(held)
    drop_out(participation=dropped, by=hr, at=NOW, reason="请假超过上限")
    assess(training_class=held, verdicts=[passed(failed, ResultGrade.FAILED)], by=hr, at=NOW)
    move_class(training_class=held, to=ClassMove.ARCHIVE, by=hr, at=NOW)
    assert HourEntry.objects.count() == 0
    assert sorted(held.participations.values_list("state", flat=True)) == ["dropped", "failed"]


def test_a_result_can_be_corrected_until_the_archive():
    held, hr = live_class(), make_viewer(Role.HR)
    row = enter(held)
    over(held)
    assess(training_class=held, verdicts=[passed(row, ResultGrade.FAILED)], by=hr, at=NOW)
    assess(training_class=held, verdicts=[passed(row, ResultGrade.GOOD)], by=hr, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.result) == (P.COMPLETED, ResultGrade.GOOD)
    move_class(training_class=held, to=ClassMove.ARCHIVE, by=hr, at=NOW)
    with pytest.raises(DomainError, match="只有待评定的班次"):
        assess(training_class=held, verdicts=[passed(row)], by=hr, at=NOW)


def test_nobody_assesses_the_own_result():
    held, cadre = live_class(), make_cadre(unit=make_unit())
    both = make_viewer(Role.HR, cadre=cadre)
    row = enter(held, both)
    over(held)
    with pytest.raises(DomainError, match="不能为本人办理"):
        assess(training_class=held, verdicts=[passed(row)], by=both, at=NOW)


# Leave


def test_asked_for_leave_is_granted_shown_in_the_attendance_and_counted():
    held, person, hr = live_class(slots=7), make_self(), make_viewer(Role.HR)
    row = enter(held, person)
    wish = Wish([held.slots.first()], LeaveReason.DUTY, "陪同调研")
    (leave,) = request_leave(participation=row, wish=wish, by=person, at=NOW)
    assert Attendance.objects.filter(state=A.LEAVE).count() == 0
    decide_leave(leave=leave, granted=True, by=hr, at=NOW)
    marked = Attendance.objects.get(state=A.LEAVE)
    assert (marked.leave_reason, marked.note) == (LeaveReason.DUTY, "陪同调研")
    assert "占总学时的 14%" in Notification.objects.get().detail
    assert "已接近规定上限" in Notification.objects.get().detail
    with pytest.raises(DomainError, match="已经请过假"):
        request_leave(participation=row, wish=wish, by=person, at=NOW)
    withdraw_leave(leave=leave, by=person, at=NOW)
    assert Attendance.objects.filter(state=A.EXPECTED).count() == 7


def test_a_refusal_says_why_and_leave_is_nobodys_own_decision():
    held, cadre = live_class(slots=2), make_cadre(unit=make_unit())
    both, hr = make_viewer(Role.HR, cadre=cadre), make_viewer(Role.HR)
    row = enter(held, both)
    wish = Wish(list(held.slots.all()), LeaveReason.PERSONAL)
    leave, _ = request_leave(participation=row, wish=wish, by=both, at=NOW)
    with pytest.raises(DomainError, match="不能为本人办理"):
        decide_leave(leave=leave, granted=True, by=both, at=NOW)
    with pytest.raises(DomainError, match="不准假请写明原因"):
        decide_leave(leave=leave, granted=False, by=hr, at=NOW)
    decide_leave(leave=leave, granted=False, by=hr, at=NOW, answer="全员必训")
    assert LeaveRequest.objects.get(pk=leave.pk).state == LeaveState.REFUSED
    with pytest.raises(DomainError, match="已经办理过"):
        decide_leave(leave=LeaveRequest.objects.get(pk=leave.pk), granted=True, by=hr, at=NOW)


def test_staff_enter_leave_at_once_but_not_over_a_check_in():
    held, hr = live_class(slots=2), make_viewer(Role.HR)
    row = enter(held)
    first, second = held.slots.all()
    enter_leave(participation=row, wish=Wish([first], LeaveReason.SICK), by=hr, at=at(2026, 11, 17))
    assert "按规定应当退学" in Notification.objects.get().detail
    Attendance.objects.filter(slot=second).update(state=A.PRESENT, source="qr")
    with pytest.raises(DomainError, match="已登记到课"):
        enter_leave(participation=row, wish=Wish([second], LeaveReason.SICK), by=hr, at=at(2026, 11, 18))


# Certificates


def test_certificates_are_numbered_by_the_year_and_verified():
    row, hr = archived()
    (one,) = issue_certificates(training_class=row.training_class, by=hr, at=NOW)
    row.refresh_from_db()
    assert (one.number, row.certificate_no) == ("培证〔2026〕第0001号", "培证〔2026〕第0001号")
    typed = f" {one.code[:4].lower()}-{one.code[4:8]}-{one.code[8:]} "
    assert verify(typed) == one
    assert verify("AAAABBBBCCCC") is None
    with pytest.raises(DomainError, match="没有需要发证的学员"):
        issue_certificates(training_class=row.training_class, by=hr, at=NOW)


def test_a_withdrawn_certificate_says_so_and_its_number_is_not_used_again():
    row, hr = archived()
    (one,) = issue_certificates(training_class=row.training_class, by=hr, at=NOW)
    withdraw_certificate(certificate=one, by=hr, at=NOW, reason="姓名有误")
    assert verify(one.code).withdraw_reason == "姓名有误"
    (new,) = issue_certificates(training_class=row.training_class, by=hr, at=NOW)
    assert new.number == "培证〔2026〕第0002号"
    assert Certificate.objects.valid().get() == new


def test_nobody_issues_the_own_certificate_and_dispatched_ones_come_from_elsewhere():
    row, hr = archived()
    own = replace(hr, cadre_id=row.cadre_id)
    with pytest.raises(DomainError, match="没有需要发证的学员"):
        issue_certificates(training_class=row.training_class, by=own, at=NOW)
    row.training_class.kind = ClassKind.DISPATCHED
    row.training_class.save()
    with pytest.raises(DomainError, match="由主办单位发证"):
        issue_certificates(training_class=row.training_class, by=make_viewer(Role.HR), at=NOW)
