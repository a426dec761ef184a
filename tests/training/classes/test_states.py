"""The state machine of a class: whatever anybody does in whatever order, only arrows are followed."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.slots import at
from training.choices import ClassState
from training.class_states import ARROWS, ClassMove, Clock, due_move, moves_from, target

START = at(2026, 11, 16, 9)
CLOCK = Clock(at(2026, 11, 1, 8), at(2026, 11, 10, 18), START, START + timedelta(days=2))
MOMENTS = st.datetimes(at(2026, 10, 20).replace(tzinfo=None), at(2026, 11, 30).replace(tzinfo=None)).map(
    lambda naive: naive.replace(tzinfo=START.tzinfo)
)
CLOCKS = st.builds(
    lambda opens, closes, starts, length: Clock(opens, closes, starts, starts + length),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    MOMENTS,
    st.timedeltas(timedelta(hours=1), timedelta(days=5)),
)
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
OVER = {ClassState.ARCHIVED, ClassState.CANCELLED}


def advanced(state, clock, moment):
    path = [state]
    while (move := due_move(path[-1], clock, moment)) is not None:
        path.append(target(path[-1], move))
    return path


@patiently
@given(st.lists(st.sampled_from(ClassMove)))
def test_a_class_never_leaves_the_archive(moves):
    state = ClassState.DRAFT
    for move in moves:
        goal = target(state, move)
        assert (goal is not None) == (move in moves_from(state))
        assert goal is None or state not in OVER
        state = goal or state


@patiently
@given(st.sampled_from(ClassState), CLOCKS, MOMENTS)
def test_the_clock_stops_and_asks_for_nothing_twice(state, clock, moment):
    path = advanced(state, clock, moment)
    assert len(path) <= 4
    assert None not in path
    assert advanced(path[-1], clock, moment) == [path[-1]]


@patiently
@given(CLOCKS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)))
def test_looking_often_or_once_comes_to_the_same_end(clock, moment, later):
    often = advanced(advanced(ClassState.PUBLISHED, clock, moment)[-1], clock, moment + later)[-1]
    once = advanced(ClassState.PUBLISHED, clock, moment + later)[-1]
    order = list(ClassState)
    # Whoever looks only once may have missed the enrolment, never the class itself.
    assert often == once or {often, once} <= set(order[:4])


def test_every_arrow_has_a_name_and_an_end():
    assert set(ARROWS) == set(ClassMove)
    assert all(label for label in ClassMove.labels)


def test_the_usual_way_by_the_clock():
    days = [at(2026, 10, 31), at(2026, 11, 1, 8), at(2026, 11, 10, 18), START, START + timedelta(days=2)]
    state, seen = ClassState.PUBLISHED, []
    for day in days:
        state = advanced(state, CLOCK, day)[-1]
        seen.append(state)
    assert seen == [
        ClassState.PUBLISHED,
        ClassState.ENROLLING,
        ClassState.CLOSED,
        ClassState.RUNNING,
        ClassState.ASSESSING,
    ]
