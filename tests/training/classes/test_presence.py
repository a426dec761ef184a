"""The attended part of a class and the 1/7 that may be missed on leave, by hand and for any history."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.choices import AttendanceState as A
from training.presence import Presence, as_share, presence_of

LIMIT = Decimal("0.1429")
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
ROWS = st.lists(st.tuples(st.sampled_from(A), st.integers(30, 480)), max_size=20)


@pytest.mark.parametrize(
    ("days_on_leave", "light", "enough"),
    [(0, "green", True), (1, "yellow", True), (2, "red", False)],
)
def test_one_day_of_seven_is_allowed(days_on_leave, light, enough):
    rows = [(A.LEAVE, 480)] * days_on_leave + [(A.PRESENT, 480)] * (7 - days_on_leave)
    found = presence_of(rows)
    assert (found.leave_light(LIMIT), found.is_enough(LIMIT)) == (light, enough)


def test_amber_begins_at_eighty_percent_of_what_is_allowed():
    assert Presence(total=7000, leave=799).leave_light(LIMIT) == "green"
    assert Presence(total=7000, leave=800).leave_light(LIMIT) == "yellow"
    assert Presence(total=7000, leave=1000).leave_light(LIMIT) == "yellow"
    assert Presence(total=7000, leave=1001).leave_light(LIMIT) == "red"


def test_the_stored_limit_is_a_seventh():
    assert as_share(LIMIT) == Fraction(1, 7)


@pytest.mark.parametrize(
    ("attended", "hours", "credited"),
    [(480, "16", "8"), (960, "16", "16"), (320, "16", "5.25"), (0, "16", "0")],
)
def test_the_attended_part_is_credited_in_quarters(attended, hours, credited):
    assert Presence(total=960, attended=attended).part_of(Decimal(hours)) == Decimal(credited)


def test_a_class_without_slots_is_attended_whole():
    assert Presence().part_of(Decimal("7.5")) == Decimal("7.5")


def test_who_is_excused_is_measured_by_the_rest():
    found = presence_of([(A.EXCUSED, 240), (A.PRESENT, 240), (A.LATE, 120)])
    assert (found.total, found.attended, found.attended_percent) == (360, 360, 100)


@patiently
@given(ROWS, st.integers(0, 400).map(lambda quarters: Decimal(quarters) / 4))
def test_nobody_is_credited_more_than_the_class_counts(rows, hours):
    found = presence_of(rows)
    assert Decimal(0) <= found.part_of(hours) <= hours
    assert found.part_of(hours) % Decimal("0.25") == 0
    assert found.attended + found.leave + found.absent + found.open == found.total


@patiently
@given(ROWS, st.integers(1, 480))
def test_more_leave_never_looks_better(rows, more):
    order = ["green", "yellow", "red"]
    found = presence_of(rows)
    if found.total:
        assert order.index(found.plus_leave(more).leave_light(LIMIT)) >= order.index(found.leave_light(LIMIT))
