"""Budgets and allowances never pass their limits; totals give nobody away."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import given as drawn
from hypothesis import settings as tuned
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from tests.factories.care import clerk, leader, make_budget, make_event, start
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import viewer_of
from wellbeing.choices.care import CareCause, CareKind
from wellbeing.models import CareAllowance, CareBudget, CareCase
from wellbeing.queries.care.totals import totals
from wellbeing.queries.suppression import SMALLEST, TOTAL, hidden_places
from wellbeing.services.care.cases import withdraw_case
from wellbeing.services.care.deciding import approve_case, give_case
from wellbeing.services.care.settings import set_budget
from wellbeing.services.rules import open_care_rule

pytestmark = pytest.mark.django_db
ACTS = st.sampled_from(["start", "approve", "give", "withdraw"])
STEPS = st.lists(st.tuples(ACTS, st.integers(1, 1000), st.integers(0, 9)), max_size=14)


@pytest.mark.django_db(transaction=False)
@tuned(max_examples=25, deadline=None)
@drawn(steps=STEPS, total=st.integers(0, 2500))
def test_money_adds_up_after_any_steps(steps, total):
    """`committed` is approved, `given` given, `used` what is live; no limit is ever passed."""
    with transaction.atomic():
        _walk(steps, total)
        transaction.set_rollback(True)


def _walk(steps, total):
    party, top, cadre = clerk(), leader(), make_cadre(unit=make_unit())
    budget = make_budget(total=total)
    cases: list[CareCase] = []
    for number, (act, amount, place) in enumerate(steps):
        case = cases[place % len(cases)] if cases else None
        try:
            if act == "start":
                day = TODAY - timedelta(days=number)
                cases.append(
                    start(make_event(cadre, happened_on=day), party, amount=Decimal(amount), distinct=True)
                )
            elif case and act == "approve":
                approve_case(case=case, by=viewer_of(top), on=TODAY)
            elif case and act == "give":
                give_case(case=case, giver="某人", given_on=TODAY, by=viewer_of(party), on=TODAY)
            elif case:
                withdraw_case(case=case, by=viewer_of(party))
        except DomainError:
            pass
        _adds_up(budget, cadre)


def _sum(**conditions):
    return sum((case.amount for case in CareCase.objects.filter(**conditions)), Decimal(0))


def _adds_up(budget, cadre):
    budget.refresh_from_db()
    assert budget.committed == _sum(state="approved")
    assert budget.given == _sum(state="given")
    assert budget.used <= budget.total
    used = sum((row.used for row in CareAllowance.objects.filter(cadre=cadre)), Decimal(0))
    assert used == _sum(cadre=cadre) - _sum(cadre=cadre, state="withdrawn") <= Decimal(2000)


def test_the_database_refuses_an_overdrawn_budget(db):
    row = make_budget(total=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareBudget.objects.filter(pk=row.pk).update(committed=F("committed") + 101)


def test_budgets_are_set_by_the_office_and_never_below_their_use(db):
    office = viewer_of(make_account(Role.HR))
    row = set_budget(fund="union", year=2026, total=Decimal(500), by=office)
    CareBudget.objects.update(committed=200, given=200)
    with pytest.raises(DomainError, match="已批已发 400 元"):
        set_budget(fund="union", year=2026, total=Decimal(399), by=office)
    assert set_budget(fund="union", year=2026, total=Decimal(400), by=office).pk == row.pk
    with pytest.raises(DomainError, match="只有全区范围"):
        set_budget(fund="union", year=2026, total=Decimal(1), by=viewer_of(clerk()))


def test_a_new_rule_counts_from_its_day(cadre):
    values = {
        "starts_on": TODAY, "amount": Decimal(500), "yearly_cap": Decimal(500), "form": "cash",
        "fund": "union", "entitled": "本人住院", "within_days": 10, "lead_days": 0, "near_days": 0,
        "source": "本地办法",
    }  # fmt: skip
    office = viewer_of(make_account(Role.HR))
    open_care_rule(kind=CareKind.HOSPITAL, values=values, by=office)
    with pytest.raises(DomainError, match="每次不超过 500 元"):
        start(make_event(cadre), clerk())
    assert start(make_event(cadre, happened_on=TODAY - timedelta(days=60)), clerk()).amount == Decimal(800)
    wrong = values | {"starts_on": TODAY + timedelta(days=9), "yearly_cap": Decimal(1)}
    with pytest.raises(DomainError, match="不能少于每次的金额"):
        open_care_rule(kind=CareKind.HOSPITAL, values=wrong, by=office)


# Totals


COUNTS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), st.integers(0, 12))


@tuned(max_examples=300, deadline=None)
@drawn(counts=COUNTS)
def test_no_hidden_cell_can_be_found_by_subtraction(counts):
    rows, columns = range(4), range(3)
    hidden = hidden_places(counts, rows, columns)
    lines = [[(r, c) for c in (*columns, TOTAL)] for r in (*rows, TOTAL)]
    lines += [[(r, c) for r in (*rows, TOTAL)] for c in (*columns, TOTAL)]
    for place, count in counts.items():
        assert not 0 < count < SMALLEST or place in hidden
    for line in lines:
        gone = [place for place in line if place in hidden]
        assert len(gone) != 1
        if gone and line[-1] not in hidden:
            assert sum(_worth(counts, *place) for place in gone) >= SMALLEST


def _worth(counts, row, column):
    return sum(n for (r, c), n in counts.items() if row in (r, TOTAL) and column in (c, TOTAL))


def test_totals_of_few_people_say_nothing(zone):
    party, top = clerk(), leader()
    make_budget()
    big, small = make_unit("党政办公室", parent=zone), make_unit("财政局", parent=zone)
    for unit, number in ((big, 6), (small, 2)):
        for _ in range(number):
            case = start(make_event(make_cadre(unit=unit), CareCause.MARRIAGE), party,
                         kind=CareKind.MARRIAGE, amount=Decimal(100))  # fmt: skip
            approve_case(case=case, by=viewer_of(top), on=TODAY)
            give_case(case=case, giver="某人", given_on=TODAY, by=viewer_of(party), on=TODAY)
    table = totals(viewer_of(make_account(Role.HR)), year=2026, on=TODAY)
    lines = {line.unit.name: line.cells[0].hidden for line in table.rows}
    assert lines == {"党政办公室": True, "财政局": True} or table.total.cells[0].hidden
    assert lines["财政局"]
