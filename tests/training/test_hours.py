"""The arithmetic of hours, by examples from the regulation and by properties."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.choices import LeadershipLevel
from people.ranks import RANKS, is_county_level
from training.choices import HourRegime, HoursStatus, Ledger
from training.hours import (
    COUNTY_LEVELS,
    COUNTY_RANKS,
    QUARTER,
    Amounts,
    HoursSummary,
    Span,
    Terms,
    accrued,
    cycle_of,
    in_force,
    part_in,
    regime_of,
    total,
    year_span,
)

ANNUAL = Terms(HourRegime.ANNUAL, Decimal(90), Decimal(12))
FIVE_YEAR = Terms(HourRegime.FIVE_YEAR, Decimal(550), Decimal(90), cycle_years=5)

days = st.dates(date(2018, 1, 1), date(2030, 12, 31))
quarters = st.integers(0, 4 * 300).map(lambda n: n * QUARTER)
hundredths = st.integers(0, 30_000).map(lambda n: Decimal(n) / 100)


@st.composite
def spans(draw):
    first = draw(days)
    return Span(first, first + timedelta(days=draw(st.integers(0, 500))))


# Regimes


@pytest.mark.parametrize(
    ("rank", "level", "regime"),
    [
        ("一级主任科员", "", HourRegime.ANNUAL),
        ("四级调研员", "", HourRegime.FIVE_YEAR),
        ("一级主任科员", LeadershipLevel.COUNTY_DEPUTY, HourRegime.FIVE_YEAR),
        ("二级主任科员", LeadershipLevel.TOWNSHIP_CHIEF, HourRegime.ANNUAL),
        ("管理岗六级", "", HourRegime.FIVE_YEAR),
        ("管理岗七级", "", HourRegime.ANNUAL),
        ("", "", HourRegime.ANNUAL),
    ],
)
def test_regime_follows_rank_and_level(rank, level, regime):
    assert regime_of(rank, level) == regime


@given(st.sampled_from([*RANKS, "", "写法不明"]), st.sampled_from(["", *LeadershipLevel.values]))
def test_the_lists_for_queries_say_the_same_as_the_regime(rank, level):
    assert (rank in COUNTY_RANKS or level in COUNTY_LEVELS) == is_county_level(rank, level)


# Splitting


def test_a_class_across_the_year_end_is_split_by_days():
    first, last = date(2025, 12, 29), date(2026, 1, 2)
    before = part_in(Decimal(40), first, last, year_span(2025))
    after = part_in(Decimal(40), first, last, year_span(2026))
    assert (before, after) == (Decimal(24), Decimal(16))


def test_parts_are_rounded_to_quarters_and_still_add_up():
    first, last = date(2025, 12, 30), date(2026, 1, 1)
    parts = [part_in(Decimal(10), first, last, year_span(year)) for year in (2025, 2026)]
    assert parts == [Decimal("6.50"), Decimal("3.50")]


@given(hundredths, spans(), st.lists(days, max_size=6))
def test_parts_over_any_cuts_add_up_to_the_total(amount, span, cuts):
    inner = sorted({day for day in cuts if span.first < day <= span.last})
    starts = [span.first, *inner]
    ends = [day - timedelta(days=1) for day in inner] + [span.last]
    parts = [part_in(amount, span.first, span.last, Span(a, b)) for a, b in zip(starts, ends, strict=True)]
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)


@given(quarters, spans(), spans())
def test_parts_of_quarters_are_quarters(amount, span, window):
    assert part_in(amount, span.first, span.last, window) % QUARTER == 0


@given(hundredths, spans(), days)
def test_accrual_never_falls_and_never_exceeds_the_total(amount, span, day):
    today = accrued(amount, span.first, span.last, day)
    tomorrow = accrued(amount, span.first, span.last, day + timedelta(days=1))
    assert 0 <= today <= tomorrow <= amount


@given(st.lists(st.tuples(st.sampled_from(Ledger), quarters, quarters), max_size=8), st.randoms())
def test_the_sum_does_not_depend_on_the_order(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert total(Amounts.of(*row) for row in rows) == total(Amounts.of(*row) for row in shuffled)


# Periods and rules


@pytest.mark.parametrize(
    ("on", "first", "last"), [(2022, 2018, 2022), (2023, 2023, 2027), (2027, 2023, 2027), (2028, 2028, 2032)]
)
def test_the_five_year_cycle_follows_the_plan(on, first, last):
    assert cycle_of(FIVE_YEAR, date(on, 6, 1)) == Span(date(first, 1, 1), date(last, 12, 31))


@given(days)
def test_the_cycle_holds_its_day(day):
    for terms in (ANNUAL, FIVE_YEAR):
        span = cycle_of(terms, day)
        assert span.first <= day <= span.last


def test_the_rule_in_force_changes_on_its_first_day():
    old = Terms(HourRegime.ANNUAL, Decimal(90), starts_on=date(2023, 1, 1), ends_on=date(2026, 6, 30))
    new = Terms(HourRegime.ANNUAL, Decimal(100), starts_on=date(2026, 7, 1))
    found = [in_force([new, old], day) for day in (date(2022, 12, 31), date(2026, 6, 30), date(2026, 7, 1))]
    assert found == [None, old, new]


# Standing


def at(on, hours=0, days=0, terms=ANNUAL, online=0):
    return HoursSummary(terms, on, Amounts(Decimal(hours), Decimal(days), Decimal(online)))


@pytest.mark.parametrize(
    ("hours", "days", "status"),
    [
        (90, 0, HoursStatus.MET),
        (0, 12, HoursStatus.MET),
        (89, 11, HoursStatus.ON_PACE),
        (16, 0, HoursStatus.ON_PACE),
        ("15.75", 0, HoursStatus.BEHIND),
        (0, 2, HoursStatus.ON_PACE),
        (0, "1.75", HoursStatus.BEHIND),
        (0, 0, HoursStatus.BEHIND),
    ],
)
def test_hours_or_days_on_the_fifth_of_march(hours, days, status):
    summary = at(date(2026, 3, 5), hours, days)
    assert (summary.pace_hours, summary.pace_days, summary.status) == (16, 2, status)


def test_words_of_the_states():
    march, december = date(2026, 3, 5), date(2026, 12, 31)
    assert [at(march, hours).verdict for hours in (90, 22, 12)] == [
        "学时已达标",
        "达到进度，还差 68 学时",
        "比进度少 4 学时",
    ]
    assert at(march, 0, 12).verdict == "天数已达标"
    assert at(march, 22).pace_words == "今天应达 16 学时"
    over = at(december, 60)
    assert (over.status_words, over.colour, over.verdict) == ("未达标", "red", "未达标，差 30 学时")
    assert over.pace_words == "2026年应完成 90 学时"


def test_the_five_year_pace_counts_the_whole_cycle():
    summary = at(date(2025, 6, 30), 300, 0, FIVE_YEAR)
    assert (summary.pace_hours, summary.pace_days) == (Decimal(275), Decimal(45))
    assert summary.status == HoursStatus.ON_PACE


def test_online_hours_count_only_where_the_rule_says_so():
    counts = Terms(HourRegime.ANNUAL, Decimal(90), Decimal(12), online_counts=True)
    march = date(2026, 3, 5)
    assert (at(march, 10, online=8).hours, at(march, 10, online=8, terms=counts).hours) == (10, 18)


def test_without_a_rule_nothing_is_required():
    summary = at(date(2020, 1, 1), 5, terms=Terms(HourRegime.ANNUAL))
    assert (summary.status, summary.colour, summary.gap_hours, summary.pace_words) == (
        HoursStatus.NO_RULE,
        "grey",
        0,
        "",
    )


@given(days, quarters, quarters, st.sampled_from([ANNUAL, FIVE_YEAR]))
def test_more_hours_never_worsen_the_status(on, hours, more, terms):
    order = [HoursStatus.BEHIND, HoursStatus.ON_PACE, HoursStatus.MET]
    before, after = at(on, hours, terms=terms).status, at(on, hours + more, terms=terms).status
    assert order.index(before) <= order.index(after)


@given(days, quarters, quarters, st.sampled_from([ANNUAL, FIVE_YEAR]))
def test_gaps_are_never_negative_and_vanish_when_met(on, hours, days_done, terms):
    summary = at(on, hours, days_done, terms)
    assert min(summary.gap_hours, summary.gap_days, summary.behind_hours) >= 0
    assert (summary.gap_hours == 0) == (summary.status == HoursStatus.MET)


@pytest.mark.parametrize("terms", [ANNUAL, FIVE_YEAR])
def test_on_the_last_day_all_is_expected(terms):
    last = cycle_of(terms, date(2026, 1, 1)).last
    assert at(last, terms=terms).pace_hours == terms.required_hours
    assert at(last, terms=terms).pace_days == terms.required_days
