"""Which moves the machine may think of at all, and what it counts for and against them."""

from dataclasses import replace
from datetime import date
from typing import Any

from people.choices import KinRelation, PostClass
from people.contracts import Obstacle
from rotation.choices.plans import MoveKind
from rotation.choices.tenure import TenureBasis, TenureState
from rotation.facts import Facts, Known, Person, PostFacts, Seat, Tie, UnitFacts
from rotation.proposer import Criterion, Problem, propose
from rotation.proposer.framing import Wish, frame, kind_of
from rotation.tenure import Stint, Tenure, Terms

ON = date(2026, 12, 1)
FINANCE, PROJECTS, OFFICE = 1, 2, 3
CASHIER, BUILDER, CLERK = 10, 11, 12


def person(pk: int, name: str, unit: int, post: int, state: str = TenureState.OK, **values: Any) -> Person:
    stint = Stint(date(2019, 1, 1), None, unit, post, place=f"{unit}局", title="科员")
    tenure = Tenure(pk, stint, stint.starts_on, 95, 0, TenureState(state))
    return Person(
        pk, name, stints=(stint,), tenure=tenure, retirement_month=date(2045, 1, 1), age=45, **values
    )


def zone(**changes: Any) -> Facts:
    people = {
        1: person(1, "王示例", FINANCE, CASHIER, TenureState.OVER),
        2: person(2, "李示例", PROJECTS, BUILDER),
    }
    return replace(
        Facts(
            on=ON,
            people=people,
            known={pk: Known(p.name, p.age) for pk, p in people.items()},
            seats=(Seat(1, FINANCE, CASHIER, "出纳"), Seat(2, PROJECTS, BUILDER, "科员")),
            posts={
                CASHIER: PostFacts(CASHIER, "出纳", FINANCE, "财政局", PostClass.KEY, headcount=1),
                BUILDER: PostFacts(BUILDER, "科员", PROJECTS, "项目局", PostClass.GENERAL),
                CLERK: PostFacts(CLERK, "档案员", OFFICE, "党政办", PostClass.GENERAL, headcount=1),
            },
            units={pk: UnitFacts(pk, f"{pk}局", f"0/{pk}/") for pk in (FINANCE, PROJECTS, OFFICE)},
        ),
        **changes,
    )


def wish(**values: Any) -> Wish:
    return Wish(people=(1, 2), posts=(CASHIER, BUILDER, CLERK), **values)


def keys(problem: Problem) -> set[tuple[int, int]]:
    return {option.key for option in problem.options}


def test_everybody_may_go_where_no_rule_stands_against_it() -> None:
    problem = frame(zone(), wish())
    assert keys(problem) == {(1, BUILDER), (1, CLERK), (2, CASHIER), (2, CLERK)}
    assert [(place.seats, place.keep_held) for place in problem.places] == [
        (1, True),
        (None, False),
        (1, False),
    ]


def test_a_passed_limit_presses_and_is_the_reason() -> None:
    option = next(o for o in frame(zone(), wish()).options if o.key == (1, CLERK))
    assert option.gains == {Criterion.PRESSURE: 2}
    assert option.reasons == ("任1局科员7年11个月，超过年限", "党政办档案员现空缺")


def test_whoever_is_barred_by_another_app_is_not_moved_and_the_office_is_told_why() -> None:
    bar = Obstacle(1, "blocks", "effect_period", "处于影响期 至 2027-03", "督查整改")
    problem = frame(zone(obstacles={1: [bar]}), wish(must_move=(1,)))
    assert keys(problem) == {(2, CASHIER), (2, CLERK)}
    assert problem.demands[0].why_not == "处于影响期 至 2027-03 2 项"
    assert propose(problem, seconds=10).unmeetable == ("做不到“调整王示例”：处于影响期 至 2027-03 2 项。",)


def test_promotion_only_when_asked_for_and_never_downwards() -> None:
    posts = dict(zone().posts)
    posts[CLERK] = replace(posts[CLERK], level="township_deputy")
    facts = zone(posts=posts)
    assert keys(frame(facts, wish())) == {(1, BUILDER), (2, CASHIER)}
    assert (2, CLERK) in keys(frame(facts, wish(promote=True)))
    assert kind_of(facts, facts.people[2], posts[CLERK]) == MoveKind.PROMOTION
    chief = replace(facts.people[2], level="township_chief")
    assert {k for k in keys(frame(zone(people={1: facts.people[1], 2: chief}), wish())) if k[0] == 2} == set()


def test_a_relative_in_the_way_may_leave_first() -> None:
    """2 would work beside the spouse: possible only when 1 goes."""
    tie = Tie(1, 2, KinRelation.SPOUSE, names=("王示例", "李示例"))
    posts = dict(zone().posts)
    posts[13] = PostFacts(13, "会计", FINANCE, "财政局", PostClass.GENERAL)
    lead = Seat(9, FINANCE, 14, "局长")
    facts = zone(
        ties=(tie,), posts=posts, seats=(*zone().seats, lead), known={**zone().known, 9: Known("赵示例")}
    )
    problem = frame(facts, Wish(people=(1, 2), posts=(CASHIER, BUILDER, CLERK, 13)))
    assert ((2, 13), 1) in problem.apart_staying
    alone = frame(facts, Wish(people=(2,), posts=(BUILDER, 13)))
    assert (2, 13) not in keys(alone)


def test_a_young_cadre_is_wanted_in_a_post_of_weight() -> None:
    young = replace(person(2, "李示例", PROJECTS, BUILDER), age=29)
    facts = zone(people={1: zone().people[1], 2: young})
    option = next(o for o in frame(facts, wish()).options if o.key == (2, CASHIER))
    assert option.gains == {Criterion.EXPOSURE: 1}
    assert option.reasons == ("29周岁，尚无重点以上岗位经历，安排到关键岗位",)


def test_what_stands_against_a_move_without_forbidding_it_is_a_warning() -> None:
    rule = Terms(TenureBasis.SAME_POST, min_years=2, source="规则")
    fresh = replace(zone().people[2].tenure, months=5, rule=rule, movable_on=date(2028, 7, 1))
    facts = zone(people={1: zone().people[1], 2: replace(zone().people[2], tenure=fresh)})
    option = next(o for o in frame(facts, wish()).options if o.key == (2, CLERK))
    assert option.warnings == ("任现岗不满2年",)


def test_units_keep_their_minimum() -> None:
    units = {**zone().units, PROJECTS: UnitFacts(PROJECTS, "项目局", "0/2/", minimum=1)}
    problem = frame(zone(units=units), wish(must_move=(1, 2)))
    assert problem.minimum == {PROJECTS: 1}
    best = propose(problem, seconds=10).proposals[0]
    assert {option.key for option in best.options} == {(1, BUILDER), (2, CASHIER)}
