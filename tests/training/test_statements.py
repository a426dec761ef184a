"""Statements against the database: every figure explained, in the same few queries for any number."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import make_cadre
from tests.factories.training import attend, credit, make_class, make_rule
from training.choices import ClassKind, HourRegime, HoursStatus, Ledger
from training.hours import Amounts, total
from training.models import HourRule
from training.queries import (
    hours_by_year,
    hours_for,
    hours_of,
    statements_for,
    yearly_series,
    yearly_series_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
MARCH = date(2026, 3, 5)


def test_a_statement_with_every_kind_of_line():
    cadre = make_cadre("王示例", rank="二级主任科员")
    attend(cadre, date(2025, 6, 1), 8)
    credit(cadre, make_class("跨年班", starts_on=date(2025, 12, 29), ends_on=date(2026, 1, 2)))
    attend(cadre, date(2026, 2, 1), 6, name="网上学", kind=ClassKind.ONLINE)
    credit(cadre, make_class("在办班", starts_on=date(2026, 3, 4), ends_on=date(2026, 3, 7)))
    attend(cadre, date(2026, 5, 1), 8, name="未开班")
    found = hours_of(cadre, on=MARCH)
    assert [(line.name, line.hours, line.days, line.counted, line.why) for line in found.lines] == [
        ("未开班", 0, 0, False, "尚未开班，办完后计入"),
        ("在办班", 16, 2, True, "截至当日已办 2/4 天，按天数折算"),
        ("网上学", 6, 1, False, "网络培训另计，不抵集中培训学时"),
        ("跨年班", 16, 2, True, "跨年班次，本期占 2/5 天，按天数折算"),
    ]
    assert found.summary.earned == Amounts(Decimal(32), Decimal(4), Decimal(6), Decimal(1))
    assert (found.summary.hours, found.summary.required_hours, found.summary.pace_hours) == (32, 90, 16)
    assert found.summary.status == HoursStatus.ON_PACE
    assert found.terms.text == "每年不少于 90 学时或 12 天，满足其一即达标；网络培训另计"
    assert "二级主任科员" in found.basis


def test_seen_at_the_year_end_the_class_across_it_counts_its_days():
    cadre = make_cadre(rank="一级科员")
    credit(cadre, make_class("跨年班", starts_on=date(2025, 12, 29), ends_on=date(2026, 1, 2)))
    line = hours_of(cadre, on=date(2025, 12, 31)).lines[0]
    assert (line.hours, line.why) == (24, "跨年班次，本期占 3/5 天，按天数折算")


def test_county_level_is_counted_over_the_cycle():
    cadre = make_cadre(rank="四级调研员")
    for year in (2022, 2023, 2025, 2026):
        attend(cadre, date(year, 3, 1), 100, 10)
    found = hours_of(cadre, on=MARCH)
    assert (found.regime, found.summary.hours, found.summary.days) == (HourRegime.FIVE_YEAR, 300, 30)
    assert [line.year for line in found.lines] == [2026, 2025, 2023]
    assert found.terms.text == "每 5 年不少于 550 学时或 90 天，满足其一即达标；网络培训另计"


def test_a_rule_changed_within_the_year_holds_for_the_whole_year_and_says_so():
    HourRule.objects.filter(regime=HourRegime.ANNUAL).update(ends_on=date(2026, 6, 30))
    make_rule(required_hours=Decimal(100), online_counts=True, starts_on=date(2026, 7, 1))
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 2, 1), 95)
    attend(cadre, date(2026, 2, 3), 5, kind=ClassKind.ONLINE)
    before, after = (hours_of(cadre, on=date(2026, month, 1)) for month in (6, 8))
    assert (before.summary.hours, before.summary.required_hours, before.rule_note) == (95, 90, "")
    assert (after.summary.hours, after.summary.required_hours) == (100, 100)
    assert after.rule_note == "2026年内规则有调整，2026年7月1日起施行的规则适用于整个周期。"
    assert hours_of(cadre, on=date(2027, 2, 1)).rule_note == ""


def test_lines_add_up_to_the_summary_and_both_reckonings_agree():
    cadres = [make_cadre(rank=rank) for rank in ("一级科员", "二级调研员", "")]
    for number, cadre in enumerate(cadres):
        credit(cadre, make_class(starts_on=date(2025, 12, 30), ends_on=date(2026, 1, 1 + number), hours=10))
        attend(cadre, date(2026, 2, 1), "7.25", "0.5")
        attend(cadre, date(2026, 2, 2), 3, kind=ClassKind.ONLINE)
    statements = statements_for(cadres, on=MARCH)
    for cadre in cadres:
        lines = statements[cadre.pk].lines
        assert (
            total(Amounts.of(x.ledger, x.hours, x.days) for x in lines) == statements[cadre.pk].summary.earned
        )
    assert hours_for([c.pk for c in cadres], on=MARCH) == {pk: s.summary for pk, s in statements.items()}


def test_years_are_split_and_cut_at_the_day():
    cadre = make_cadre()
    credit(cadre, make_class(starts_on=date(2025, 12, 29), ends_on=date(2026, 1, 2)))
    attend(cadre, date(2026, 9, 1), 8)
    table = hours_by_year([cadre.pk], [2025, 2026, 2027])
    assert [table[cadre.pk][year].hours for year in (2025, 2026, 2027)] == [24, 24, 0]
    assert hours_by_year([cadre.pk], [2026], until=MARCH)[cadre.pk][2026].hours == 16


def test_the_series_has_no_gaps_and_the_requirement_of_each_year():
    HourRule.objects.filter(regime=HourRegime.ANNUAL).update(ends_on=date(2025, 12, 31))
    make_rule(required_hours=Decimal(40), starts_on=date(2026, 1, 1))
    cadre = make_cadre(rank="一级科员")
    for year, hours in ((2022, 8), (2024, 90), (2026, 40)):
        attend(cadre, date(year, 2, 1), hours)
    series = yearly_series(cadre, MARCH)
    assert [(f.year, f.amounts.hours, f.required_hours, f.met) for f in series] == [
        (2022, 8, None, None),
        (2023, 0, 90, False),
        (2024, 90, 90, True),
        (2025, 0, 90, False),
        (2026, 40, 40, True),
    ]


def test_the_five_year_regime_requires_nothing_of_a_single_year():
    cadre = make_cadre(rank="一级调研员")
    attend(cadre, date(2026, 2, 1), 8)
    assert [(f.year, f.required_hours, f.met) for f in yearly_series(cadre, MARCH)] == [(2026, None, None)]


def test_a_cadre_without_any_class():
    cadre = make_cadre()
    found = hours_of(cadre, on=MARCH)
    assert (found.lines, found.summary.hours, found.summary.status) == ((), 0, HoursStatus.BEHIND)
    assert [f.year for f in yearly_series(cadre, MARCH)] == [2026]
    assert hours_for([], on=MARCH) == {}


def test_the_online_ledger_is_kept_apart():
    cadre = make_cadre()
    attend(cadre, date(2026, 2, 1), 8, kind=ClassKind.ONLINE)
    assert hours_of(cadre, on=MARCH).lines[0].ledger == Ledger.ONLINE


@pytest.mark.parametrize(
    "read",
    [
        lambda cadres: hours_for([c.pk for c in cadres], on=MARCH),
        lambda cadres: statements_for(cadres, on=MARCH),
        lambda cadres: hours_by_year([c.pk for c in cadres], [2025, 2026]),
        lambda cadres: yearly_series_for(cadres, MARCH),
    ],
)
def test_one_and_three_cadres_cost_the_same(read):
    cadres = [make_cadre(rank=rank) for rank in ("一级科员", "四级调研员", "二级科员")]
    for cadre in cadres:
        attend(cadre, date(2026, 1, 5), 8)
    counts = []
    for some in (cadres[:1], cadres):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(some)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3
