"""任职回避, relation by relation and place by place (domain.md 2.4)."""

from dataclasses import replace
from datetime import date

import pytest

from people.choices import KinRelation, LeadershipLevel, PostClass
from rotation.checks import kinship
from rotation.choices.plans import Verdict
from rotation.facts import Facts, Known, Layout, Person, PostFacts, Seat, Tie, UnitFacts, Wanted

ZONE, FINANCE, TRADE, SECTION = 1, 2, 3, 4
LEADER, FINANCE_HEAD, FINANCE_CLERK, TRADE_HEAD, TRADE_DEPUTY, TRADE_CLERK, SECTION_HEAD = range(11, 18)
MOVER = 1
L = LeadershipLevel


def place(pk: int, unit: int, title: str, level: str = "") -> PostFacts:
    names = {ZONE: "管委会", FINANCE: "财政金融局", TRADE: "招商局", SECTION: "招商一科"}
    return PostFacts(pk, title, unit, names[unit], PostClass.GENERAL, level)


POSTS = {
    post.id: post
    for post in (
        place(LEADER, ZONE, "管委会副主任", L.COUNTY_DEPUTY),
        place(FINANCE_HEAD, FINANCE, "局长", L.TOWNSHIP_CHIEF),
        place(FINANCE_CLERK, FINANCE, "财务管理岗"),
        place(TRADE_HEAD, TRADE, "局长", L.TOWNSHIP_CHIEF),
        place(TRADE_DEPUTY, TRADE, "副局长", L.TOWNSHIP_DEPUTY),
        place(TRADE_CLERK, TRADE, "招商专员"),
        place(SECTION_HEAD, SECTION, "科长"),
    )
}
UNITS = {
    ZONE: UnitFacts(ZONE, "管委会"),
    FINANCE: UnitFacts(FINANCE, "财政金融局", parent_id=ZONE),
    TRADE: UnitFacts(TRADE, "招商局", parent_id=ZONE),
    SECTION: UnitFacts(SECTION, "招商一科", parent_id=TRADE),
}
# Who sits where besides the mover: holder 100 + post.
HOLDERS = {100 + pk: pk for pk in POSTS}


def found(target: int, relative_on: int, relation=KinRelation.SPOUSE, *, confirmed=True, units=UNITS):
    """Codes and verdicts for the mover to `target`, the relative being the holder of a post."""
    relative = 100 + relative_on
    seats = [Seat(pk, POSTS[on].unit_id, on, POSTS[on].title, POSTS[on].level) for pk, on in HOLDERS.items()]
    facts = Facts(
        on=date(2026, 11, 2),
        people={MOVER: Person(MOVER, "张三")},
        known={pk: Known(f"李{pk}") for pk in HOLDERS},
        seats=seats,
        posts=POSTS,
        units=units,
        ties=[Tie(MOVER, relative, relation, confirmed, ("张三", f"李{relative}"))],
    )
    moves = [Wanted(MOVER, target)]
    checks = kinship.checks(facts, Layout(facts), Layout(facts, moves), moves)
    return [(check.code, check.verdict) for check in checks]


CLEAR = [("kinship.none", Verdict.MEETS)]
LINE = [("kinship.direct_line", Verdict.FAILS)]
SAME = [("kinship.same_leader", Verdict.FAILS)]
WORK = [("kinship.sensitive_work", Verdict.FAILS)]
BODY = [("kinship.same_body", Verdict.ATTENTION)]


@pytest.mark.parametrize("relation", KinRelation)
def test_every_relation_of_the_law_counts(relation):
    assert found(TRADE_CLERK, TRADE_HEAD, relation) == LINE


@pytest.mark.parametrize(
    ("target", "relative_on", "expected"),
    [
        (TRADE_CLERK, TRADE_HEAD, LINE),  # 正职 over staff
        (TRADE_CLERK, TRADE_DEPUTY, LINE),  # 副职 over staff
        (TRADE_DEPUTY, TRADE_HEAD, LINE),  # 正职 over 副职
        (TRADE_HEAD, TRADE_CLERK, LINE),  # the other way round
        (TRADE_HEAD, LEADER, LINE),  # 上一级正副职 over 下一级正职
        (TRADE_DEPUTY, LEADER, LINE),  # and over 下一级副职
        (SECTION_HEAD, TRADE_DEPUTY, LINE),
        (TRADE_CLERK, LEADER, CLEAR),  # two levels up: not directly
        (SECTION_HEAD, LEADER, CLEAR),
        (TRADE_CLERK, TRADE_CLERK, SAME),  # under one leader
        (TRADE_DEPUTY, TRADE_DEPUTY, SAME),
        (TRADE_HEAD, FINANCE_HEAD, BODY),  # under one leading body, with other fields
        (TRADE_CLERK, FINANCE_HEAD, CLEAR),  # another department
        (TRADE_CLERK, FINANCE_CLERK, CLEAR),
        (FINANCE_CLERK, LEADER, WORK),  # the books of an organ that the other leads
        (LEADER, FINANCE_CLERK, WORK),
        (FINANCE_CLERK, TRADE_HEAD, CLEAR),  # who leads another department
    ],
)
def test_each_place(target, relative_on, expected):
    assert found(target, relative_on) == expected


def test_heads_in_the_field_of_one_leader_have_the_same_leader():
    fields = dict(UNITS)
    for pk in (FINANCE, TRADE):
        fields[pk] = replace(UNITS[pk], in_charge=frozenset({100 + LEADER}))
    assert found(TRADE_HEAD, FINANCE_HEAD, units=fields) == SAME


def test_a_tie_that_nobody_confirmed_is_for_somebody_to_look_at():
    assert found(TRADE_CLERK, TRADE_HEAD, confirmed=False) == [("kinship.direct_line", Verdict.ATTENTION)]


def test_the_law_groups_the_relations():
    groups = {relation: kinship.group_of(relation) for relation in KinRelation}
    assert groups[KinRelation.SPOUSE] == "夫妻关系"
    assert groups[KinRelation.GRANDCHILD] == "直系血亲"
    assert groups[KinRelation.COUSIN] == "三代以内旁系血亲"
    assert groups[KinRelation.CHILD_SPOUSE_PARENT] == "近姻亲"


@pytest.mark.parametrize(
    ("title", "unit", "word"),
    [
        ("干部人事岗", "办公室", "人事"),
        ("财务管理岗", "财政金融局", "财务"),
        ("科员", "审计局", "审计"),
        ("科员", "财政金融局", ""),
        ("招商专员", "招商局", ""),
    ],
)
def test_what_is_work_near_purse_and_files(title, unit, word):
    assert kinship.sensitive_work(title, unit) == word
