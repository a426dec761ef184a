"""Seats, the queue and the roster that follows from them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from tests.factories.enrolment import NOW, enter, live_class, make_self
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.slots import at
from training.choices import SEATED_STATES, ClassState, EnrolmentWay, ParticipationState
from training.enrolment import ARROWS, BEGINNINGS, may_follow, seat_change
from training.models import Attendance, Participation, ParticipationStep
from training.services.classes import change_plan
from training.services.enrolment import (
    approve,
    drop_out,
    enrol_people,
    reject,
    sign_off,
    withdraw,
    withdraw_own,
)

pytestmark = pytest.mark.django_db
P = ParticipationState


def states(held):
    return list(held.participations.order_by("created_at", "pk").values_list("state", flat=True))


def seats(held):
    held.refresh_from_db()
    return held.seats_taken


@given(st.lists(st.sampled_from(P), max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_seats_are_the_people_who_hold_one(wanted):
    state, taken = None, 0
    for goal in wanted:
        if may_follow(state, goal):
            taken += seat_change(state, goal)
            state = goal
    assert taken == (state in SEATED_STATES)


def test_every_state_but_the_last_leads_on():
    assert {state for state, goals in ARROWS.items() if not goals} == {P.DROPPED}
    assert BEGINNINGS.isdisjoint({P.COMPLETED, P.DROPPED})


def test_who_comes_first_sits_and_the_others_wait():
    held = live_class(capacity=2)
    for minute in range(4):
        enter(held, moment=NOW.replace(minute=minute))
    assert states(held) == [P.CONFIRMED, P.CONFIRMED, P.WAITING, P.WAITING]
    assert seats(held) == 2


def test_a_freed_seat_goes_to_the_head_of_the_queue_who_is_told():
    held, first = live_class(capacity=1, slots=2), make_self()
    row = enter(held, first)
    second, third = make_self(), make_self()
    enter(held, second, NOW.replace(minute=1))
    enter(held, third, NOW.replace(minute=2))
    (promoted,) = withdraw_own(participation=row, by=first, at=NOW)
    assert promoted.cadre_id == second.cadre_id
    assert states(held) == [P.WITHDRAWN, P.CONFIRMED, P.WAITING]
    assert seats(held) == 1
    (told,) = Notification.objects.all()
    assert (told.recipient_id, told.title) == (second.user_id, f"候补递补成功：{held}")
    assert set(Attendance.objects.values_list("cadre_id", flat=True)) == {second.cadre_id}


def test_nobody_overtakes_the_queue():
    held = live_class(capacity=1)
    enter(held)
    enter(held, moment=NOW.replace(minute=1))
    change_plan(training_class=held, values={"capacity": 3}, by=make_viewer(Role.HR), at=NOW)
    enter(held, moment=NOW.replace(minute=2))
    enter(held, moment=NOW.replace(minute=3))
    assert states(held) == [P.CONFIRMED, P.CONFIRMED, P.CONFIRMED, P.WAITING]


def test_the_capacity_does_not_fall_below_the_seats():
    held = live_class(capacity=2)
    enter(held), enter(held)
    with pytest.raises(DomainError, match="已确认 2 人"):
        change_plan(training_class=held, values={"capacity": 1}, by=make_viewer(Role.HR), at=NOW)


def test_a_full_class_without_a_waiting_list_refuses():
    held = live_class(capacity=1, has_waiting_list=False)
    enter(held)
    with pytest.raises(DomainError, match="名额已满"):
        enter(held)


def test_applying_twice_is_refused_and_coming_back_is_not():
    held, person = live_class(), make_self()
    row = enter(held, person)
    with pytest.raises(DomainError, match="已在本班次名单中"):
        enter(held, person)
    withdraw_own(participation=row, by=person, at=NOW)
    assert enter(held, person).pk == row.pk
    steps = ParticipationStep.objects.values_list("state", flat=True)
    assert list(steps) == [P.CONFIRMED, P.WITHDRAWN, P.CONFIRMED]


@pytest.mark.parametrize(
    ("values", "moment"),
    [
        ({"state": ClassState.PUBLISHED}, NOW),
        ({"state": ClassState.CLOSED}, NOW),
        ({"enrolment_way": EnrolmentWay.NOMINATED}, NOW),
        ({}, at(2026, 11, 10, 18)),
    ],
)
def test_only_an_open_class_takes_applications(values, moment):
    with pytest.raises(DomainError):
        enter(live_class(**values), moment=moment)


def test_an_application_waits_for_the_office_and_beyond_the_seats_in_the_queue():
    held, hr = live_class(capacity=1, enrolment_way=EnrolmentWay.APPROVED), make_viewer(Role.HR)
    rows = [enter(held, moment=NOW.replace(minute=minute)) for minute in range(3)]
    assert states(held) == [P.APPLIED] * 3
    approve(participations=list(reversed(rows[:2])), by=hr, at=NOW)
    reject(participations=rows[2:], by=hr, at=NOW, reason="专题不符")
    assert states(held) == [P.CONFIRMED, P.WAITING, P.REJECTED]
    assert AuditEvent.objects.filter(action="enrolment.change").count() == 6
    with pytest.raises(DomainError, match="不用审批"):
        approve(participations=rows[:1], by=hr, at=NOW)


def test_the_department_agrees_first_where_it_is_asked():
    held, hr = live_class(enrolment_way=EnrolmentWay.SIGNED), make_viewer(Role.HR)
    row = enter(held)
    with pytest.raises(DomainError, match="还没有部门意见"):
        approve(participations=[row], by=hr, at=NOW)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=row.unit)
    sign_off(participation=row, by=head, at=NOW)
    approve(participations=[row], by=hr, at=NOW)
    assert states(held) == [P.CONFIRMED]


def test_nobody_decides_about_the_own_place():
    held, cadre = live_class(enrolment_way=EnrolmentWay.APPROVED), make_cadre(unit=make_unit())
    both = make_viewer(Role.HR, cadre=cadre)
    row = enter(held, both)
    for act in (
        lambda: approve(participations=[row], by=both, at=NOW),
        lambda: reject(participations=[row], by=both, at=NOW, reason="不去"),
        lambda: withdraw(participation=row, by=both, at=NOW, reason="不去"),
        lambda: enrol_people(training_class=live_class(), cadres=[cadre], by=both, at=NOW),
    ):
        with pytest.raises(DomainError, match="不能为本人办理"):
            act()


def test_a_seat_brings_the_attendance_of_all_slots_and_takes_the_coming_ones_along():
    held, hr = live_class(slots=3), make_viewer(Role.HR)
    cadre = make_cadre(unit=make_unit())
    (row,) = enrol_people(training_class=held, cadres=[cadre], by=hr, at=NOW)
    rows = Attendance.objects.filter(cadre=cadre)
    assert [(one.state, one.unit_id) for one in rows] == [("expected", row.unit_id)] * 3
    held.state = ClassState.RUNNING
    held.save(update_fields=["state"])
    drop_out(participation=row, by=hr, at=at(2026, 11, 17, 9), reason="请假超过上限")
    assert rows.all().count() == 2
    assert seats(held) == 1


def test_after_the_beginning_nobody_leaves_alone_and_no_seat_is_given_away():
    held, hr, person = live_class(capacity=1), make_viewer(Role.HR), make_self()
    row = enter(held, person)
    enter(held, moment=NOW.replace(minute=1))
    held.state = ClassState.RUNNING
    held.save(update_fields=["state"])
    with pytest.raises(DomainError, match="已经开班"):
        withdraw_own(participation=row, by=person, at=NOW)
    withdraw(participation=row, by=hr, at=NOW, reason="工作原因")
    assert sorted(states(held)) == sorted([P.WITHDRAWN, P.WAITING])


def test_a_stale_page_does_not_move_anybody_twice():
    held, hr = live_class(enrolment_way=EnrolmentWay.APPROVED), make_viewer(Role.HR)
    row = enter(held)
    stale = Participation.objects.get(pk=row.pk)
    reject(participations=[row], by=hr, at=NOW, reason="专题不符")
    with pytest.raises(DomainError):
        approve(participations=[stale], by=hr, at=NOW)
