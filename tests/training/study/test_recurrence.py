"""Series over holidays: the calendar of 2026 as the State Council announced it."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.choices import AttendanceState, DayKind, HolidayShift
from training.recurrence import Rhythm, turns
from training.streaks import streak_ends
from training.workdays import DayBook, is_working_day, shifted

FESTIVAL = {date(2026, 2, day): DayKind.HOLIDAY for day in range(15, 24)}
WORKED = {date(2026, 2, 14): DayKind.WORKDAY, date(2026, 2, 28): DayKind.WORKDAY}
BOOK = DayBook({**FESTIVAL, **WORKED})
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_working_days_follow_the_week_unless_the_calendar_says_otherwise() -> None:
    days = [date(2026, 2, day) for day in (13, 14, 16, 24, 28)]
    assert [is_working_day(day, BOOK) for day in days] == [True, True, False, True, True]


def test_a_monday_in_the_festival_moves_stays_out_or_comes_forward() -> None:
    monday = date(2026, 2, 16)
    assert {shift: shifted(monday, shift, BOOK) for shift in HolidayShift} == {
        HolidayShift.SKIP: None,
        HolidayShift.NEXT: date(2026, 2, 24),
        HolidayShift.PREVIOUS: date(2026, 2, 14),
    }


def test_two_mondays_that_the_festival_pushes_together_are_held_once() -> None:
    weekly = Rhythm(date(2026, 1, 1), None, weekday=1)
    found = turns(weekly, date(2026, 2, 9), date(2026, 3, 2), BOOK)
    assert [turn.held_on for turn in found] == [date(2026, 2, 9), date(2026, 2, 24), date(2026, 3, 2)]
    assert [turn.planned_for.day for turn in found] == [9, 16, 2]


def test_a_day_of_its_own_comes_before_one_pushed_there() -> None:
    weekly = Rhythm(date(2026, 1, 1), None, weekday=2)  # Tuesdays: the 17th is pushed on to the 24th
    found = turns(weekly, date(2026, 2, 16), date(2026, 2, 27), BOOK)
    assert [turn.planned_for for turn in found] == [date(2026, 2, 24)]


def test_every_other_week_counts_from_the_first_time() -> None:
    rhythm = Rhythm(date(2026, 1, 1), date(2026, 2, 14), weekday=5, weeks=2)
    assert [turn.held_on.day for turn in turns(rhythm, *YEAR, BOOK)] == [2, 16, 30, 13]


def test_the_first_friday_and_the_last_friday_of_a_month() -> None:
    first = turns(Rhythm(date(2026, 3, 1), None, weekday=5, months=1), *YEAR, BOOK)
    last = turns(Rhythm(date(2026, 3, 1), None, weekday=5, months=2, nth=5), *YEAR, BOOK)
    assert [turn.held_on for turn in first][:3] == [date(2026, 3, 6), date(2026, 4, 3), date(2026, 5, 1)]
    assert [turn.held_on for turn in last][:3] == [date(2026, 3, 27), date(2026, 5, 29), date(2026, 7, 31)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dates(*YEAR),
    st.integers(1, 7),
    st.integers(1, 6),
    st.sampled_from(list(HolidayShift)),
    st.integers(0, 400),
)
def test_turns_are_on_working_days_and_each_day_once(start, weekday, weeks, shift, length) -> None:
    rhythm = Rhythm(start, start + timedelta(days=length), weekday=weekday, weeks=weeks, shift=shift)
    found = turns(rhythm, *YEAR, BOOK)
    assert all(is_working_day(turn.held_on, BOOK) for turn in found)
    assert len({turn.held_on for turn in found}) == len(found)
    assert all(turn.planned_for.isoweekday() == weekday for turn in found)


A, P, L, X = AttendanceState.ABSENT, AttendanceState.PRESENT, AttendanceState.LEAVE, AttendanceState.EXCUSED


def ends(states, limit=3) -> list[int]:
    return list(streak_ends(((state, place) for place, state in enumerate(states)), limit))


def test_three_absences_in_a_row_are_told_at_the_third() -> None:
    assert ends([A, A, P, A, A, A, A]) == [5]
    assert ends([A, L, A, X, A]) == [4]
    assert ends([A] * 7) == [2, 5]
    assert ends([A, A, AttendanceState.LATE, A]) == []
