"""The obligation clock against counting by hand, day by day."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.choices import ActivityState, Frequency, GroupKind, StudyKind
from training.hours import Span, year_span
from training.obligations import (
    ZONE,
    Circle,
    Happening,
    Requirement,
    Standing,
    obligations,
    span_of,
    spans,
)

# A busy machine makes drawing slow; what is drawn is small.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
YEAR = year_span(2026)
ON = date(2026, 11, 2)
BRANCH = Circle(7, GroupKind.BRANCH, "第一党支部")
SINCE = date(2026, 1, 1)


def clock(requirement, happenings=(), *, circles=(ZONE,), on=ON, soon_days=10, within=YEAR, working=None):
    return obligations(
        [requirement] if isinstance(requirement, Requirement) else requirement,
        circles,
        happenings,
        within=within,
        on=on,
        soon_days=soon_days,
        is_working=working or (lambda day: day.weekday() < 5),
    )


def learning(on: date, state=ActivityState.HELD) -> Happening:
    return Happening(StudyKind.LEARNING, None, on, state)


SIX = Requirement(StudyKind.LEARNING, Frequency.TWO_MONTHS, SINCE)


def test_a_year_has_six_periods_and_each_says_where_it_stands() -> None:
    found = clock(
        SIX,
        [
            learning(date(2026, 1, 22)),
            learning(date(2026, 3, 5), ActivityState.CANCELLED),
            learning(date(2026, 6, 30)),
            learning(date(2026, 10, 20), ActivityState.PLANNED),
            learning(date(2026, 12, 1), ActivityState.PLANNED),
        ],
    )
    assert [one.standing for one in found] == [
        Standing.HELD,
        Standing.MISSING,
        Standing.HELD,
        Standing.MISSING,
        Standing.UNREGISTERED,
        Standing.PLANNED,
    ]


def test_a_missing_activity_is_due_soon_in_the_last_days_of_its_period() -> None:
    found = [clock(SIX, on=on)[0].standing for on in (date(2026, 2, 18), date(2026, 2, 17))]
    assert found == [Standing.SOON, Standing.OPEN]


def test_a_period_is_judged_by_the_version_in_force_on_its_first_day() -> None:
    monthly = Requirement(StudyKind.LEARNING, Frequency.MONTH, SINCE, date(2026, 5, 10))
    found = clock([monthly, Requirement(StudyKind.LEARNING, Frequency.QUARTER, date(2026, 5, 11))])
    assert [(one.frequency, one.span.first) for one in found] == [
        *((Frequency.MONTH, date(2026, month, 1)) for month in range(1, 6)),
        (Frequency.QUARTER, date(2026, 7, 1)),
        (Frequency.QUARTER, date(2026, 10, 1)),
    ]


def test_a_rule_that_ends_without_a_successor_leaves_its_last_period_alone() -> None:
    found = clock(Requirement(StudyKind.LEARNING, Frequency.MONTH, SINCE, date(2026, 3, 20)))
    assert [one.span.first.month for one in found] == [1, 2]


def test_a_circle_owes_only_whole_periods_of_its_life() -> None:
    young = Circle(7, GroupKind.BRANCH, "新支部", since=date(2026, 2, 10), until=date(2026, 6, 15))
    rule = Requirement(StudyKind.THEME_PARTY_DAY, Frequency.MONTH, SINCE, group_kind=GroupKind.BRANCH)
    assert [one.span.first.month for one in clock(rule, circles=[young, ZONE])] == [3, 4, 5]


def test_activities_of_another_group_do_not_count() -> None:
    rule = Requirement(StudyKind.THEME_PARTY_DAY, Frequency.YEAR, SINCE, group_kind=GroupKind.BRANCH)
    other = Happening(StudyKind.THEME_PARTY_DAY, 8, date(2026, 3, 6), ActivityState.HELD)
    own = Happening(StudyKind.THEME_PARTY_DAY, 7, date(2026, 3, 6), ActivityState.HELD)
    assert [clock(rule, [one], circles=[BRANCH])[0].held for one in (other, own)] == [0, 1]


def test_a_week_without_a_working_day_asks_for_nothing() -> None:
    rule = Requirement(StudyKind.MONDAY, Frequency.WEEK, date(2025, 12, 1))
    festival = span_of(Frequency.WEEK, date(2026, 2, 18))
    free = clock(rule, working=lambda day: not festival.first <= day <= festival.last)
    assert festival not in [one.span for one in free]
    assert len(free) == len(clock(rule)) - 1


@pytest.mark.parametrize(
    ("frequency", "count"),
    [
        (Frequency.WEEK, 52),
        (Frequency.MONTH, 12),
        (Frequency.TWO_MONTHS, 6),
        (Frequency.QUARTER, 4),
        (Frequency.YEAR, 1),
    ],
)
def test_how_many_periods_begin_in_a_year(frequency: Frequency, count: int) -> None:
    assert len(list(spans(frequency, YEAR))) == count


@PATIENT
@given(st.sampled_from(list(Frequency)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_periods_tile_the_days(frequency: Frequency, day: date) -> None:
    span = span_of(frequency, day)
    assert span.first <= day <= span.last
    assert all(span_of(frequency, one) == span for one in (span.first, span.last))
    assert span_of(frequency, span.last + timedelta(days=1)).first == span.last + timedelta(days=1)


def by_hand(
    rule: Requirement, events: list[Happening], on: date, soon: int
) -> Iterator[tuple[date, Standing]]:
    """Walks the days of the year; a period is a run of days with the same label."""
    labels = {
        Frequency.WEEK: lambda day: day.isocalendar()[:2],
        Frequency.MONTH: lambda day: (day.year, day.month),
        Frequency.TWO_MONTHS: lambda day: (day.year, (day.month + 1) // 2),
        Frequency.QUARTER: lambda day: (day.year, (day.month + 2) // 3),
        Frequency.YEAR: lambda day: (day.year,),
    }
    label = labels[rule.frequency]
    days = [date(2025, 12, 1) + timedelta(days=count) for count in range(500)]
    for first in days:
        before = first - timedelta(days=1)
        if first.year != 2026 or label(first) == label(before):
            continue
        run = [day for day in days if label(day) == label(first)]
        if not (rule.starts_on <= first and (rule.ends_on is None or run[-1] <= rule.ends_on)):
            continue
        mine = [event for event in events if event.on in run and event.state != ActivityState.CANCELLED]
        held = [event for event in mine if event.state == ActivityState.HELD]
        future = [event for event in mine if event.state == ActivityState.PLANNED and event.on >= on]
        if len(held) >= rule.times:
            yield first, Standing.HELD
        elif len(held) + len(future) >= rule.times:
            yield first, Standing.PLANNED
        elif len(mine) >= rule.times:
            yield first, Standing.UNREGISTERED
        elif on > run[-1]:
            yield first, Standing.MISSING
        elif on + timedelta(days=soon) >= run[-1]:
            yield first, Standing.SOON
        else:
            yield first, Standing.OPEN


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@PATIENT
@given(
    frequency=st.sampled_from(list(Frequency)),
    times=st.integers(1, 3),
    starts_on=DAYS,
    length=st.none() | st.integers(0, 365),
    events=st.lists(st.tuples(DAYS, st.sampled_from(list(ActivityState))), max_size=30),
    on=DAYS,
    soon=st.integers(1, 30),
)
def test_the_clock_agrees_with_counting_days(
    frequency: Frequency, times, starts_on, length, events, on, soon
) -> None:
    ends_on = None if length is None else starts_on + timedelta(days=length)
    rule = Requirement(StudyKind.LEARNING, frequency, starts_on, ends_on, times)
    happenings = [learning(day, state) for day, state in events]
    found = clock(rule, happenings, on=on, soon_days=soon, working=lambda day: True)
    assert [(one.span.first, one.standing) for one in found] == list(by_hand(rule, happenings, on, soon))


def test_only_periods_that_begin_inside_are_told() -> None:
    spring = Span(date(2026, 2, 10), date(2026, 5, 1))
    assert [one.span.first for one in clock(SIX, within=spring)] == [date(2026, 3, 1), date(2026, 5, 1)]
