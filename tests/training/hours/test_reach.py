"""还来得及吗: the fewest classes that close the gap; never a full one, never two at once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import Role
from tests.factories.people import make_cadre, make_viewer
from tests.factories.training import attend, credit, make_class
from training.choices import ClassKind, ClassState, ParticipationState
from training.models import Participation
from training.queries.reach import reach_for, reach_of
from training.reach import Gap, Offer, Person, Verdict, open_to, plan, plan_all, searched

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
QUARTERS = st.integers(0, 160).map(lambda n: Decimal(n) / 4)


def offer(key, hours, days=0, *, at=0, length=1, seats=None):
    begins = START + timedelta(days=at)
    times = ((begins, begins + timedelta(days=length)),)
    return Offer(key, f"班{key}", Decimal(hours), Decimal(days), times, seats)


offers = st.lists(
    st.tuples(
        QUARTERS, st.integers(0, 20), st.integers(0, 12), st.integers(1, 4), st.sampled_from([None, 0, 1])
    ),
    max_size=8,
).map(
    lambda rows: [
        offer(key, hours, Decimal(days) / 4, at=at, length=length, seats=seats)
        for key, (hours, days, at, length, seats) in enumerate(rows)
    ]
)
gaps = st.builds(Gap, QUARTERS, st.one_of(st.none(), st.integers(0, 20).map(lambda n: Decimal(n) / 4)))


def valid(chosen):
    return all(o.seats != 0 for o in chosen) and not any(a.clashes(b) for a, b in combinations(chosen, 2))


def brute_force(gap, rows):
    """The least number of classes that closes the gap, or None."""
    for size in range(len(rows) + 1):
        if any(valid(chosen) and gap.closed_by(chosen) for chosen in combinations(rows, size)):
            return size
    return None


@settings(max_examples=200, deadline=None)
@given(gaps, offers)
def test_the_plan_is_as_short_as_any(gap, rows):
    found, least = plan(gap, rows), brute_force(gap, rows)
    assert (found.verdict == Verdict.SHORT) == (least is None)
    assert valid(found.offers)
    if least is not None:
        assert len(found.offers) == least
        assert gap.is_closed or gap.closed_by(found.offers)


@settings(max_examples=100, deadline=None)
@given(gaps, offers)
def test_the_search_beyond_twelve_never_errs(gap, rows):
    """It may miss the minimum, but what it names closes the gap without a clash, with nothing to spare."""
    useful = [o for o in rows if o.seats != 0 and (o.hours or o.days)]
    found = None if gap.is_closed else searched(gap, useful)
    if found is None:
        return
    assert valid(found)
    assert gap.closed_by(found)
    assert len(found) >= brute_force(gap, useful)
    assert not any(gap.closed_by([o for o in found if o is not one]) for one in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(gaps, max_size=6), offers)
def test_seats_are_shared_out_and_never_twice(people_gaps, rows):
    plans = plan_all([Person(key, gap, tuple(rows)) for key, gap in enumerate(people_gaps)])
    kept = [o.key for p in plans.values() if p.verdict == Verdict.REACHABLE for o in p.offers]
    for one in rows:
        assert one.seats is None or kept.count(one.key) <= one.seats


def test_days_may_stand_in_for_hours():
    rows = [offer(1, 4, 3), offer(2, 8, 1, at=3), offer(3, 8, 1, at=5)]
    assert [o.key for o in plan(Gap(Decimal(16), Decimal(3)), rows).offers] == [1]
    assert [o.key for o in plan(Gap(Decimal(16)), rows).offers] == [2, 3]


def test_of_equally_few_the_one_with_the_least_over_it():
    rows = [offer(1, 40), offer(2, 16, at=9), offer(3, 16, at=5)]
    assert [o.key for o in plan(Gap(Decimal(12)), rows).offers] == [3]


def test_when_it_cannot_be_closed_the_furthest_is_named():
    found = plan(Gap(Decimal(40)), [offer(1, 8), offer(2, 16, length=3), offer(3, 4, at=9)])
    assert (found.verdict, [o.key for o in found.offers], found.short_hours) == (Verdict.SHORT, [2, 3], 20)


def test_many_offers_are_searched():
    rows = [offer(n, 8, 1, at=2 * n) for n in range(1, 15)] + [offer(20, 40, 5, at=40, length=5)]
    assert [o.key for o in plan(Gap(Decimal(40)), rows).offers] == [20]
    assert plan(Gap(Decimal(500)), rows).verdict == Verdict.SHORT


def test_a_person_is_not_sent_where_busy_or_already_in():
    rows = (offer(1, 8), offer(2, 8, at=2), offer(3, 8, at=4))
    busy = ((START, START + timedelta(hours=1)),)
    person = Person(1, Gap(Decimal(8)), rows, busy, frozenset({3}))
    assert [o.key for o in open_to(person)] == [2]


# From the database

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
ON = date(2026, 11, 2)


def upcoming(name, day, hours=8, **values):
    values = {"state": ClassState.ENROLLING, **values}
    return make_class(name, starts_on=date(2026, 11, day), hours=hours, **values)


def test_open_classes_close_the_gap_of_one_cadre():
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 3, 1), 74)
    upcoming("一班", 10)
    upcoming("二班", 12)
    upcoming("已满班", 13, hours=40, capacity=0)
    upcoming("草稿班", 14, hours=40, state=ClassState.DRAFT)
    upcoming("网络班", 15, hours=40, kind=ClassKind.ONLINE)
    upcoming("撞期班", 12, hours=16)
    found = reach_of(cadre.pk, on=ON)
    assert [o.title for o in found.plan.offers] == ["撞期班"]
    assert [o.title for o in found.offers] == ["一班", "二班", "撞期班"]


def test_what_is_confirmed_already_is_expected_and_keeps_busy():
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 3, 1), 74)
    mine = upcoming("已报名班", 10)
    credit(cadre, mine, 0, 0, state=ParticipationState.CONFIRMED)
    upcoming("同日班", 10)
    upcoming("后一班", 12)
    found = reach_of(cadre.pk, on=ON)
    assert (found.expected, [o.title for o in found.plan.offers]) == (8, ["后一班"])
    assert [o.title for o in found.offers] == ["后一班"]


def test_a_class_across_the_year_end_counts_its_part():
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 3, 1), 74)
    first, last = date(2026, 12, 31), date(2027, 1, 3)
    make_class("跨年班", starts_on=first, ends_on=last, hours=32, state=ClassState.PUBLISHED)
    found = reach_of(cadre.pk, on=ON)
    assert (found.is_short, found.plan.short_hours) == (True, 8)


def test_seats_are_shared_and_whoever_lacks_more_comes_first():
    cadres = [make_cadre(rank="一级科员") for _ in range(3)]
    for cadre, hours in zip(cadres, (82, 84, 90), strict=True):
        attend(cadre, date(2026, 3, 1), hours)
    upcoming("末座班", 10, capacity=1)
    found = reach_for([c.pk for c in cadres], on=ON)
    assert {pk: reach.is_short for pk, reach in found.items()} == {cadres[0].pk: False, cadres[1].pk: True}


def test_nobody_without_a_requirement_is_counted():
    viewer = make_viewer(Role.HR, cadre=make_cadre(rank="一级科员"))
    assert reach_for([], on=ON) == {}
    assert reach_of(viewer.cadre_id, on=date(2020, 1, 1)) is None


def test_one_and_three_cost_the_same():
    cadres = [make_cadre(rank="一级科员") for _ in range(3)]
    upcoming("一班", 10)
    counts = []
    for some in (cadres[:1], cadres):
        with CaptureQueriesContext(connection) as queries:
            reach_for([c.pk for c in some], on=ON)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Participation.objects.count() == 0
