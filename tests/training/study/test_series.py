"""Series: planning again makes nothing new, holidays move the days, changes leave what was worked on."""

from datetime import date, time, timedelta

import pytest

from core.errors import DomainError
from tests.factories.people import TODAY, make_cadre, make_unit
from tests.factories.study import hold, make_group, make_series, moment, staff, when
from training.choices import ActivityState, HolidayShift, StudyKind
from training.models import AgendaItem, Attendance, CalendarDay, StudyActivity
from training.services.study import (
    create_series,
    end_series,
    keep_planned,
    plan_series,
    postpone_activity,
    take_over_agenda,
    update_series,
)

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 30)


def days() -> list[int]:
    return [day.day for day in StudyActivity.objects.order_by("held_on").values_list("held_on", flat=True)]


def plan(series, until: date = UNTIL) -> int:
    return len(plan_series(series=series, until=until, by=staff(), on=TODAY).made)


def test_planning_makes_activities_with_a_time_and_people_and_is_harmless_again() -> None:
    make_cadre(unit=make_unit())
    series = make_series()
    assert (plan(series), plan(series)) == (5, 0)
    assert days() == [2, 9, 16, 23, 30]
    first = StudyActivity.objects.order_by("held_on").first()
    assert first.slot.starts_at == moment(TODAY, time(8, 30))
    assert first.slot.ends_at - first.slot.starts_at == timedelta(minutes=60)
    assert Attendance.objects.count() == 5


def test_a_holiday_moves_the_day_and_planning_again_knows_it() -> None:
    CalendarDay.objects.create(day=date(2026, 11, 9), kind="holiday")
    series = make_series()
    assert (plan(series), plan(series)) == (5, 0)
    assert days() == [2, 10, 16, 23, 30]


def test_a_holiday_may_leave_the_day_out() -> None:
    CalendarDay.objects.create(day=date(2026, 11, 9), kind="holiday")
    plan(make_series(holiday_shift=HolidayShift.SKIP))
    assert days() == [2, 16, 23, 30]


def test_a_postponed_or_cancelled_turn_is_not_planned_a_second_time() -> None:
    series = make_series()
    plan(series)
    second = StudyActivity.objects.get(held_on=date(2026, 11, 9))
    postpone_activity(activity=second, when=when(date(2026, 11, 12)), reason="迎检", by=staff(), on=TODAY)
    third = StudyActivity.objects.get(held_on=date(2026, 11, 16))
    StudyActivity.objects.filter(pk=third.pk).update(state=ActivityState.CANCELLED, cancel_reason="防汛")
    assert plan(series) == 0


def test_a_new_weekday_replans_what_nobody_has_worked_on() -> None:
    cadre = make_cadre(unit=make_unit())
    series = make_series()
    plan(series)
    first, second, *_ = StudyActivity.objects.order_by("held_on")
    hold(first, came=[cadre])
    AgendaItem.objects.create(activity=second, topic="学习文件")
    done = update_series(series=series, values={"weekday": 2}, by=staff(), on=TODAY)
    assert (len(done.made), done.removed, done.kept) == (4, 3, 1)
    assert days() == [2, 3, 9, 10, 17, 24]


def test_a_new_time_moves_in_place_so_that_calendars_hear_of_it() -> None:
    series = make_series()
    plan(series)
    kept = {one.pk: one.slot.uid for one in StudyActivity.objects.select_related("slot")}
    done = update_series(
        series=series, values={"starts_at": time(9), "place": "报告厅"}, by=staff(), on=TODAY
    )
    assert (done.moved, done.removed) == (5, 0)
    after = StudyActivity.objects.select_related("slot")
    assert {one.pk: one.slot.uid for one in after} == kept
    assert {(one.slot.place, one.slot.sequence) for one in after} == {("报告厅", 1)}


def test_an_ended_series_takes_back_what_lies_after_it() -> None:
    series = make_series()
    plan(series)
    assert end_series(series=series, on=date(2026, 11, 16), by=staff()) == 2
    assert days() == [2, 9, 16]
    assert plan(series) == 0


def test_the_agenda_of_last_time_is_taken_over_without_its_speakers() -> None:
    series = make_series()
    plan(series)
    first, second, *_ = StudyActivity.objects.order_by("held_on")
    AgendaItem.objects.create(activity=first, topic="学习文件", speaker=make_cadre(), minutes=20)
    assert take_over_agenda(activity=second, by=staff()) == 1
    assert list(second.agenda.values_list("topic", "speaker", "minutes")) == [("学习文件", None, 20)]
    with pytest.raises(DomainError, match="已有议程"):
        take_over_agenda(activity=second, by=staff())


def test_the_night_plans_ahead_and_lists_follow_the_roster() -> None:
    group = make_group(make_cadre("甲示例", unit=make_unit()))
    make_series(kind=StudyKind.THEME_PARTY_DAY, group=group, weekday=5, every_months=1)
    make_series(name="已停办", ends_on=TODAY - timedelta(days=1))
    first = keep_planned(until=TODAY + timedelta(days=45), on=TODAY)
    assert (first.made, first.added) == (2, 0)
    group.memberships.create(cadre=make_cadre("乙示例"), starts_on=TODAY)
    second = keep_planned(until=TODAY + timedelta(days=45), on=TODAY)
    assert (second.made, second.added, second.removed) == (0, 2, 0)


@pytest.mark.parametrize(
    ("until", "code"), [(date(2026, 10, 1), "in_the_past"), (date(2028, 1, 1), "too_far")]
)
def test_planning_stays_within_a_year_ahead(until: date, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        plan(make_series(), until)
    assert refused.value.code == code


def test_a_series_of_party_days_needs_a_branch() -> None:
    with pytest.raises(DomainError, match="请选择一个党支部"):
        create_series(
            values={
                "kind": StudyKind.THEME_PARTY_DAY,
                "name": "主题党日",
                "weekday": 5,
                "starts_at": time(15),
                "starts_on": TODAY,
            },
            by=staff(),
        )
