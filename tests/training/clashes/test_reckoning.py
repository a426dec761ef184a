"""The radar against the plainest possible reckoning, on random agendas."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from people.contracts import Engagement, Link
from training.clashes import Wanted, engagement_key, find_clashes, thin_departments

START = datetime(2026, 11, 2, tzinfo=UTC)


def moment(hours: int) -> datetime:
    return START + timedelta(hours=hours)


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda s: (moment(s[0]), moment(s[0] + s[1])))
agendas = st.lists(spans, max_size=8).map(lambda rows: [Wanted(key, *row) for key, row in enumerate(rows)])
engagements = st.lists(
    st.tuples(st.integers(1, 6), spans).map(lambda e: Engagement(e[0], *e[1], kind="会议", title="会议")),
    max_size=20,
)
people = st.sets(st.integers(1, 6))


def share_a_moment(one: Wanted, other: Engagement) -> bool:
    return max(one.starts_at, other.starts_at) < min(one.ends_at, other.ends_at)


@settings(deadline=None)  # a busy machine is no fault
@given(agendas, people, engagements)
def test_finds_what_brute_force_finds(wanted, invited, busy) -> None:
    expected = [
        (one.key, id(other))
        for one in wanted
        for other in busy
        if other.cadre_id in invited and share_a_moment(one, other)
    ]
    found = [(clash.wanted.key, id(clash.engagement)) for clash in find_clashes(wanted, invited, busy)]
    assert sorted(found) == sorted(expected)


@settings(deadline=None)  # a busy machine is no fault
@given(agendas, people, engagements, st.integers(0, 100))
def test_thin_departments_by_brute_force(wanted, invited, busy, percent) -> None:
    departments = {cadre: cadre % 2 for cadre in range(1, 7)}
    share = Decimal(percent) / 100
    expected = []
    for one in wanted:
        away = invited | {other.cadre_id for other in busy if share_a_moment(one, other)}
        for unit in (0, 1):
            members = {cadre for cadre in departments if departments[cadre] == unit}
            if members & invited and len(members & away) > share * len(members):
                expected.append((one.key, unit, len(members & away), len(members)))
    found = thin_departments(wanted, invited, busy, departments, share=share, least=1)
    assert sorted((t.wanted.key, t.unit_id, t.away, t.people) for t in found) == sorted(expected)


def test_meetings_back_to_back_do_not_clash() -> None:
    before = Engagement(1, moment(0), moment(2), kind="会议", title="会议")
    after = Engagement(1, moment(4), moment(6), kind="会议", title="会议")
    assert find_clashes([Wanted(1, moment(2), moment(4))], [1], [before, after]) == []


def test_exactly_the_share_is_allowed() -> None:
    wanted = [Wanted(1, moment(0), moment(2))]
    departments = dict.fromkeys(range(10), 7)
    at_the_limit = thin_departments(wanted, range(3), [], departments, share=Decimal("0.3"), least=3)
    above = thin_departments(wanted, range(4), [], departments, share=Decimal("0.3"), least=3)
    assert at_the_limit == []
    assert [(t.unit_id, t.away, t.people, t.percent) for t in above] == [(7, 4, 10, 40)]


def test_small_departments_are_not_looked_at() -> None:
    wanted = [Wanted(1, moment(0), moment(2))]
    assert thin_departments(wanted, [1, 2], [], {1: 7, 2: 7}, share=Decimal("0.3"), least=3) == []


def test_the_key_changes_when_the_thing_moves() -> None:
    link = Link("training:class", (1,))
    one = Engagement(1, moment(0), moment(2), kind="培训", title="安全班", link=link)
    longer = Engagement(1, moment(0), moment(5), kind="培训", title="安全班（改名）", link=link)
    moved = Engagement(1, moment(1), moment(2), kind="培训", title="安全班", link=link)
    assert engagement_key(one) == engagement_key(longer) != engagement_key(moved)
