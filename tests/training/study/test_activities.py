"""From the plan of an activity to the hours of those who came."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from people.choices import AppointmentKind, CadreStatus, PoliticalStatus
from people.models import Cadre, Unit
from tests.factories.people import make_account, make_appointment, make_cadre, make_unit, make_viewer
from tests.factories.study import hold, make_activity, make_group, mark, moment, staff, when
from training.choices import ActivityState, AttendanceState, GroupKind, HourSource, StudyKind, StudyTheme
from training.models import Attendance, GroupMembership, HourEntry, StudyActivity
from training.queries.study import tally_of
from training.services.study import (
    Mark,
    add_expected,
    cancel_activity,
    hold_activity,
    mark_attendance,
    postpone_activity,
    remove_expected,
    reopen_activity,
    sync_roster,
    update_activity,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)


def expected(activity: StudyActivity) -> dict[str, str]:
    rows = Attendance.objects.filter(slot__activity=activity).select_related("cadre")
    return {row.cadre.name: row.state for row in rows}


@pytest.fixture
def unit() -> Unit:
    return make_unit("经济发展局")


def test_all_staff_are_those_who_hold_a_post_on_the_day(unit: Unit) -> None:
    make_cadre("甲示例", unit=unit)
    make_cadre("乙示例", unit=unit, post_since=DAY + timedelta(days=1))
    make_cadre("丙示例")
    make_cadre("丁示例", unit=unit, status=CadreStatus.RETIRED)
    assert expected(make_activity(DAY)) == {"甲示例": "expected"}


def test_a_unit_is_expected_with_the_units_below_it(unit: Unit) -> None:
    section = make_unit("综合科", parent=unit)
    make_cadre("甲示例", unit=unit)
    make_cadre("乙示例", unit=section)
    make_cadre("丙示例", unit=make_unit("规划建设局"))
    assert sorted(expected(make_activity(DAY, unit=unit))) == ["乙示例", "甲示例"]


def test_a_group_is_expected_as_it_was_on_the_day(unit: Unit) -> None:
    left, stays, comes = (make_cadre(f"{name}示例", unit=unit) for name in "甲乙丙")
    group = make_group(stays)
    GroupMembership.objects.create(
        group=group, cadre=left, starts_on=date(2020, 1, 1), ends_on=DAY - timedelta(days=1)
    )
    GroupMembership.objects.create(group=group, cadre=comes, starts_on=DAY + timedelta(days=1))
    activity = make_activity(DAY, kind=StudyKind.THEME_PARTY_DAY, group=group)
    assert expected(activity) == {"乙示例": "expected"}


def test_whoever_is_on_secondment_is_excused_with_the_place(unit: Unit) -> None:
    away = make_cadre("甲示例", unit=unit)
    make_appointment(
        away,
        kind=AppointmentKind.SECONDMENT,
        organisation="先进示例高新区",
        title="副局长",
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 12, 31),
    )
    activity = make_activity(DAY)
    row = Attendance.objects.get(slot__activity=activity)
    assert (row.state, row.note) == ("excused", "挂职：先进示例高新区副局长")
    assert tally_of(activity).due == 0


def test_the_roster_follows_moves_until_somebody_is_registered(unit: Unit) -> None:
    first, second = make_cadre("甲示例", unit=unit), make_cadre("乙示例", unit=unit)
    group = make_group(first, second)
    activity = make_activity(DAY, kind=StudyKind.THEME_PARTY_DAY, group=group)
    mark(activity, {first: AttendanceState.PRESENT})
    group.memberships.update(ends_on=DAY - timedelta(days=1))
    GroupMembership.objects.create(group=group, cadre=make_cadre("丙示例"), starts_on=DAY)
    synced = sync_roster(activity=activity, by=staff())
    assert (synced.added, synced.removed) == (1, 1)
    assert expected(activity) == {"甲示例": "present", "丙示例": "expected"}


def test_people_named_one_by_one_stay_and_may_be_taken_off_again(unit: Unit) -> None:
    make_cadre("甲示例", unit=unit)
    guest = make_cadre("乙示例")
    activity = make_activity(DAY)
    assert add_expected(activity=activity, cadres=[guest], by=staff()) == 1
    sync_roster(activity=activity, by=staff())
    assert sorted(expected(activity)) == ["乙示例", "甲示例"]
    row = Attendance.objects.get(cadre=guest)
    remove_expected(attendance=row, by=staff())
    assert sorted(expected(activity)) == ["甲示例"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": StudyKind.THEME_PARTY_DAY}, "wrong_group"),
        ({"kind": StudyKind.LEARNING, "theme": StudyTheme.OATH}, "theme_missing"),
        ({"kind": StudyKind.MONDAY, "theme": StudyTheme.OATH}, "wrong_theme"),
    ],
)
def test_audience_and_theme_belong_to_the_kind(values: dict[str, str], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        make_activity(DAY, **values)
    assert refused.value.code == code


def test_a_branch_meeting_is_not_held_by_the_centre_group() -> None:
    with pytest.raises(DomainError, match="请选择一个党支部"):
        make_activity(DAY, kind=StudyKind.BRANCH_ASSEMBLY, group=make_group(kind=GroupKind.CENTRE))


def test_staff_of_a_department_plan_for_their_own_people_only(unit: Unit) -> None:
    by = make_viewer(Role.PARTY, unit=unit)
    make_activity(DAY, unit=unit, by=by)
    for values in ({}, {"unit": make_unit("规划建设局")}):
        with pytest.raises(DomainError, match="不在你的管辖范围"):
            make_activity(DAY, by=by, **values)


def test_a_postponed_activity_keeps_its_first_day_and_tells_everyone(unit: Unit) -> None:
    cadre = make_cadre("甲示例", unit=unit)
    account = make_account(cadre=cadre)
    activity = make_activity(DAY)
    for days in (1, 2):
        postpone_activity(
            activity=activity, when=when(DAY + timedelta(days=days)), reason="迎检", by=staff(), on=DAY
        )
    activity.refresh_from_db()
    assert (activity.held_on, activity.postponed_from) == (date(2026, 10, 14), DAY)
    assert activity.slot.sequence == 2
    titles = Notification.objects.filter(recipient=account).values_list("title", flat=True)
    assert [
        title.endswith(day) for title, day in zip(titles.order_by("pk"), ("13日", "14日"), strict=True)
    ] == [
        True,
        True,
    ]


def test_cancelling_needs_a_reason_and_ends_everything_else() -> None:
    activity = make_activity(DAY)
    with pytest.raises(DomainError, match="取消原因"):
        cancel_activity(activity=activity, reason=" ", by=staff(), at=moment(DAY))
    cancel_activity(activity=activity, reason="防汛值守", by=staff(), at=moment(DAY))
    assert (activity.state, activity.slot.cancelled_at) == (ActivityState.CANCELLED, moment(DAY))
    with pytest.raises(DomainError, match="已取消"):
        update_activity(activity=activity, values={"title": "别的"}, by=staff())


def hours(cadre: Cadre) -> dict[str, Decimal]:
    rows = HourEntry.objects.in_force().filter(cadre=cadre, source=HourSource.ACTIVITY)
    return dict(rows.values_list("ledger", "hours"))


@pytest.fixture
def people(unit: Unit) -> list[Cadre]:
    return [
        make_cadre(f"{name}示例", unit=unit, political_status=PoliticalStatus.PARTY_MEMBER)
        for name in "甲乙丙丁"
    ]


def test_holding_posts_hours_for_those_who_came(people: list[Cadre]) -> None:
    first, second, third, fourth = people
    activity = make_activity(DAY, kind=StudyKind.LEARNING, minutes=120)
    hold(activity, came=[first], late=[second], leave=[third])
    assert [hours(cadre) for cadre in people] == [
        {"concentrated": Decimal(2), "party": Decimal(2)},
        {"concentrated": Decimal(2), "party": Decimal(2)},
        {},
        {},
    ]
    tally = tally_of(activity)
    assert (tally.due, tally.came, tally.late, tally.leave, tally.absent) == (4, 2, 1, 1, 1)
    assert tally.percent == 50


def test_a_correction_after_holding_moves_the_hours(people: list[Cadre]) -> None:
    first, second, *_ = people
    activity = hold(make_activity(DAY, kind=StudyKind.LEARNING), came=[first])
    mark(activity, {first: AttendanceState.ABSENT, second: AttendanceState.PRESENT})
    assert (hours(first), hours(second)) == ({}, {"concentrated": Decimal(2), "party": Decimal(2)})
    reversed_rows = HourEntry.objects.filter(cadre=first, reversed_at__isnull=False)
    assert {row.reversal_reason for row in reversed_rows} == {"考勤更正"}


def test_taking_the_registration_back_reverses_everything(people: list[Cadre]) -> None:
    activity = hold(make_activity(DAY, kind=StudyKind.LEARNING), came=people)
    reopen_activity(activity=activity, reason="登记错了日期", by=staff(), at=moment(DAY, time(19)))
    assert [hours(cadre) for cadre in people] == [{}] * 4
    hold_activity(activity=activity, by=staff(), at=moment(DAY, time(20)))
    assert hours(people[0]) == {"concentrated": Decimal(2), "party": Decimal(2)}


def test_the_rest_are_marked_in_one_stroke_and_only_the_unmarked(people: list[Cadre]) -> None:
    activity = make_activity(DAY)
    mark(activity, {people[0]: AttendanceState.LEAVE})
    changed = mark_attendance(
        activity=activity, marks=[], by=staff(), at=moment(DAY), rest=AttendanceState.PRESENT
    )
    assert changed == 3
    assert sorted(expected(activity).values()) == ["leave", "present", "present", "present"]


def test_nobody_marks_the_own_row_nor_is_it_swept_along(people: list[Cadre]) -> None:
    own = people[0]
    by = staff(cadre=own)
    activity = make_activity(DAY)
    row = Attendance.objects.get(slot__activity=activity, cadre=own)
    with pytest.raises(DomainError, match="本人的考勤由其他经办人登记"):
        mark_attendance(
            activity=activity, marks=[Mark(row.pk, AttendanceState.PRESENT)], by=by, at=moment(DAY)
        )
    mark_attendance(activity=activity, marks=[], by=by, at=moment(DAY), rest=AttendanceState.PRESENT)
    hold_activity(activity=activity, by=by, at=moment(DAY, time(18)))
    assert expected(activity)[own.name] == "expected"
    assert hours(own) == {}


def test_before_its_day_only_leave_can_be_registered(people: list[Cadre]) -> None:
    activity = make_activity(DAY)
    row = Attendance.objects.filter(slot__activity=activity).first()
    early = moment(DAY - timedelta(days=1))
    mark_attendance(
        activity=activity, marks=[Mark(row.pk, AttendanceState.LEAVE, "sick")], by=staff(), at=early
    )
    with pytest.raises(DomainError, match="还没有开展"):
        mark_attendance(
            activity=activity, marks=[Mark(row.pk, AttendanceState.PRESENT)], by=staff(), at=early
        )


def test_leave_needs_a_reason(people: list[Cadre]) -> None:
    activity = make_activity(DAY)
    row = Attendance.objects.filter(slot__activity=activity).first()
    with pytest.raises(DomainError, match="请假事由"):
        mark_attendance(
            activity=activity, marks=[Mark(row.pk, AttendanceState.LEAVE)], by=staff(), at=moment(DAY)
        )


@pytest.mark.usefixtures("people")
def test_an_activity_without_any_mark_or_still_ahead_is_not_held() -> None:
    activity = make_activity(DAY)
    with pytest.raises(DomainError, match="还没有登记任何人"):
        hold_activity(activity=activity, by=staff(), at=moment(DAY, time(18)))
    with pytest.raises(DomainError, match="还没有开始"):
        hold_activity(activity=activity, by=staff(), at=moment(DAY, time(8)))
