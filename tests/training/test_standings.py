"""SQL says the same as the arithmetic, for any classes and any day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import Role
from people.models import Cadre
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer
from tests.factories.training import attend, credit, make_class
from training.choices import ClassKind, HourRegime, HoursStatus
from training.models import HourEntry, HourRule, TrainingClass
from training.queries import (
    RuleBook,
    count_by_status,
    hours_for,
    hours_gap,
    hours_status,
    ledger_cadres,
    overview_by_unit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

RANKS = ("一级科员", "四级调研员")
attendances = st.tuples(
    st.integers(0, 1),  # which cadre
    st.dates(date(2022, 11, 1), date(2026, 12, 31)),
    st.integers(1, 40),  # length in days
    st.integers(0, 30_000).map(lambda n: Decimal(n) / 100),
    st.integers(0, 30 * 4).map(lambda n: Decimal(n) / 4),
    st.sampled_from([ClassKind.TOPICAL, ClassKind.ONLINE]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(attendances, max_size=8), st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.booleans())
def test_status_and_gap_agree_with_the_statement(rows, on, online_counts):
    TrainingClass.objects.all().delete()
    HourEntry.objects.all().delete()
    HourRule.objects.update(online_counts=online_counts)
    cadres = [Cadre.objects.filter(rank=rank).first() or make_cadre(rank=rank) for rank in RANKS]
    for number, (who, first, length, hours, days, kind) in enumerate(rows):
        last = first + timedelta(days=length - 1)
        found = make_class(f"班{number}", starts_on=first, ends_on=last, kind=kind)
        credit(cadres[who], found, hours, days)
    book = RuleBook.load()
    asked = Cadre.objects.annotate(status_at=hours_status(on, book), gap=hours_gap(on, book))
    answers = {c.pk: (c.status_at, Decimal(c.gap) / 100) for c in asked}
    expected = hours_for([c.pk for c in cadres], on=on)
    assert answers == {pk: (s.status, s.gap_hours) for pk, s in expected.items()}


def test_without_rules_nobody_is_behind():
    HourRule.objects.all().delete()
    make_cadre()
    book = RuleBook.load()
    assert count_by_status(Cadre.objects.all(), TODAY, book)[HoursStatus.NO_RULE] == 1


def test_units_and_who_stands_where():
    first, second = make_unit("甲局", display_order=1), make_unit("乙局", display_order=2)
    met, behind = make_cadre("达", unit=first), make_cadre("滞", unit=first)
    for cadre, hours in ((met, 90), (behind, 8), (make_cadre("乙", unit=second), 80)):
        attend(cadre, date(2026, 3, 1), hours)
    make_cadre("无岗")
    make_cadre("退休", unit=first, status="retired")
    cadres = ledger_cadres(make_viewer(Role.HR))
    found = overview_by_unit(cadres, TODAY, RuleBook.load())
    assert [(str(o.unit or "无"), o.people, o.met, o.on_pace, o.behind) for o in found] == [
        ("甲局", 2, 1, 0, 1),
        ("乙局", 1, 0, 1, 0),
        ("无", 1, 0, 0, 1),
    ]


def test_the_ledger_holds_whom_the_viewer_may_see():
    one, other = make_unit("甲局"), make_unit("乙局")
    make_cadre("甲", unit=one)
    own = make_cadre("乙", unit=other)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=one)
    assert [c.name for c in ledger_cadres(head)] == ["甲"]
    assert [c.name for c in ledger_cadres(make_viewer(cadre=own))] == ["乙"]


def test_both_regimes_stand_side_by_side():
    county, township = make_cadre(rank="二级调研员"), make_cadre(rank="一级科员")
    for cadre in (county, township):
        attend(cadre, date(2026, 3, 1), 90)
    book = RuleBook.load()
    standing = dict(
        Cadre.objects.annotate(status_at=hours_status(TODAY, book)).values_list("rank", "status_at")
    )
    assert standing == {"二级调研员": HoursStatus.BEHIND, "一级科员": HoursStatus.MET}
    assert hours_for([county.pk], on=TODAY)[county.pk].regime == HourRegime.FIVE_YEAR


def test_a_running_class_counts_by_its_days():
    cadre = make_cadre(rank="一级科员")
    credit(cadre, make_class(starts_on=TODAY, ends_on=TODAY + timedelta(days=3), hours=200, days=4))
    assert hours_for([cadre.pk], on=TODAY)[cadre.pk].hours == 50
