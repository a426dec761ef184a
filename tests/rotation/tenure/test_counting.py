"""Tenure counted exactly: merged, interrupted, promoted, at any day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from people.spans import add_months, full_months
from rotation.choices.tenure import TenureBasis, TenureState
from rotation.tenure import Stint, Terms, in_same_post, months_at_level, rule_for, tenure_of

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
RULE = Terms(TenureBasis.SAME_POST, warn_years=4, limit_years=5, hard_years=10, min_years=2)
LEVEL = Terms(TenureBasis.SAME_LEVEL, warn_years=14, limit_years=15, hard_years=15)
CHIEF = "township_chief"


def stint(start: date, end: date | None = None, post: int = 1, level: str = "") -> Stint:
    return Stint(start, end, unit_id=7, post_id=post, title=f"岗位{post}", level=level)


@given(days, st.integers(0, 600))
def test_so_many_months_after_a_day_so_many_full_months_are_over(day: date, months: int) -> None:
    assert full_months(day, add_months(day, months)) == months


@given(days, st.integers(1, 600))
def test_the_day_before_one_month_less_is_over(day: date, months: int) -> None:
    assert full_months(day, add_months(day, months) - timedelta(days=1)) == months - 1


@given(days, st.lists(st.integers(1, 900), min_size=1, max_size=6), st.integers(0, 800))
def test_a_time_cut_into_touching_appointments_counts_as_one(
    start: date, lengths: list[int], later: int
) -> None:
    cuts = [start]
    for length in lengths:
        cuts.append(cuts[-1] + timedelta(days=length))
    parts = [stint(a, b - timedelta(days=1)) for a, b in zip(cuts, cuts[1:], strict=False)]
    parts.append(stint(cuts[-1]))
    on = cuts[-1] + timedelta(days=later)
    found = in_same_post(reversed(parts), on)
    assert found is not None
    assert found[1] == start
    assert months_at_level([stint(start, level=CHIEF)], CHIEF, on) == months_at_level(
        [Stint(p.starts_on, p.ends_on, level=CHIEF) for p in parts], CHIEF, on
    )


@given(days, st.integers(2, 400))
def test_a_day_in_between_begins_the_count_again(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    again = end + timedelta(days=2)
    assert in_same_post([stint(start, end), stint(again)], again) == (stint(again), again)


@given(days, st.integers(0, 6000))
def test_the_state_only_ever_gets_graver(start: date, passed: int) -> None:
    order = list(TenureState)
    on = start + timedelta(days=passed)
    today, tomorrow = (tenure_of(1, [stint(start)], [RULE], day) for day in (on, on + timedelta(days=1)))
    assert today is not None
    assert tomorrow is not None
    assert order.index(today.status) <= order.index(tomorrow.status)


def test_a_promotion_in_the_same_unit_is_another_post() -> None:
    rows = [stint(date(2015, 1, 1), date(2022, 3, 31), post=1), stint(date(2022, 4, 1), post=2)]
    found = tenure_of(1, rows, [RULE], date(2026, 11, 2))
    assert found is not None
    assert (found.since, found.months, found.status) == (date(2022, 4, 1), 55, TenureState.WARN)


def test_posts_outside_the_register_are_the_same_by_unit_and_title() -> None:
    rows = [
        Stint(date(2019, 5, 1), date(2021, 4, 30), unit_id=3, title="副科长"),
        Stint(date(2021, 5, 1), None, unit_id=3, title="副科长"),
    ]
    assert in_same_post(rows, date(2026, 1, 1)) == (rows[1], date(2019, 5, 1))


def test_each_state_begins_on_its_day() -> None:
    start = date(2016, 3, 1)
    expected = {
        date(2020, 2, 29): TenureState.OK,
        date(2020, 3, 1): TenureState.WARN,
        date(2021, 2, 28): TenureState.WARN,
        date(2021, 3, 1): TenureState.OVER,
        date(2026, 2, 28): TenureState.OVER,
        date(2026, 3, 1): TenureState.HARD,
    }
    found = {on: tenure_of(1, [stint(start)], [RULE], on) for on in expected}
    assert {on: tenure.status for on, tenure in found.items() if tenure} == expected
    assert found[date(2026, 3, 1)].due_on == date(2021, 3, 1)  # type: ignore[union-attr]


def test_an_extension_moves_the_limit_but_not_the_hard_one() -> None:
    rows = [stint(date(2016, 3, 1))]
    extended = date(2027, 1, 1)
    states = {
        on: tenure_of(1, rows, [RULE], on, extended).status  # type: ignore[union-attr]
        for on in (date(2021, 3, 1), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert list(states.values()) == [TenureState.WARN, TenureState.WARN, TenureState.HARD]
    short = date(2022, 6, 30)
    assert tenure_of(1, rows, [RULE], short, short).status == TenureState.WARN  # type: ignore[union-attr]
    after = date(2022, 7, 1)
    assert tenure_of(1, rows, [RULE], after, short).status == TenureState.OVER  # type: ignore[union-attr]


def test_years_at_one_level_add_up_over_breaks() -> None:
    rows = [
        stint(date(2006, 1, 1), date(2015, 12, 31), post=1, level=CHIEF),
        stint(date(2016, 1, 1), date(2017, 12, 31), post=2),
        stint(date(2018, 1, 1), date(2023, 1, 15), post=3, level=CHIEF),
        stint(date(2026, 6, 16), None, post=4, level=CHIEF),
    ]
    found = tenure_of(1, rows, [RULE, LEVEL], date(2026, 7, 31))
    assert found is not None
    # ten years, five years and fifteen days, one month and sixteen days
    assert found.level_months == 120 + 60 + 1 + 1
    assert found.status == TenureState.HARD
    assert found.months == 1


def test_nobody_without_a_post_has_a_tenure() -> None:
    assert tenure_of(1, [stint(date(2016, 1, 1), date(2019, 1, 1))], [RULE], date(2020, 1, 1)) is None
    assert tenure_of(1, [stint(date(2030, 1, 1))], [RULE], date(2020, 1, 1)) is None


def test_the_closest_rule_counts() -> None:
    everyone = Terms(TenureBasis.SAME_POST, limit_years=8)
    key = Terms(TenureBasis.SAME_POST, post_class="key", limit_years=5)
    chief = Terms(TenureBasis.SAME_POST, level=CHIEF, limit_years=6)
    both = Terms(TenureBasis.SAME_POST, post_class="key", level=CHIEF, limit_years=3)
    rules = [everyone, key, chief]
    basis = TenureBasis.SAME_POST
    assert rule_for(rules, basis, "general", "") == everyone
    assert rule_for(rules, basis, "key", "") == key
    assert rule_for(rules, basis, "key", CHIEF) == chief
    assert rule_for([*rules, both], basis, "key", CHIEF) == both
    assert rule_for(rules, TenureBasis.SAME_LEVEL, "key", CHIEF) is None
