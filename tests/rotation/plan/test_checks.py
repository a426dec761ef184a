"""A hand-made organisation with one planted violation of each rule: exactly those are found."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from people.choices import LeadershipLevel, PostClass
from people.contracts import Obstacle
from rotation.checks import check_moves
from rotation.choices.plans import MoveKind, Verdict
from rotation.choices.tenure import Criterion, Readiness, Strength, TenureBasis
from rotation.facts import (
    Facts,
    Known,
    Layout,
    Person,
    PostFacts,
    Prepared,
    Seat,
    UnitFacts,
    Wanted,
)
from rotation.grass_roots import Spell
from rotation.requirements import Requirement
from rotation.tenure import Stint, Terms, tenure_of

ON = date(2026, 11, 2)
L, M = LeadershipLevel, MoveKind
OFFICE, TRADE = 1, 2
CLERK, OTHER, HEAD, DEPUTY, KEY = 11, 12, 13, 14, 15
ME, STAYS, BOSS = 1, 2, 3
RULES = (
    Terms(TenureBasis.SAME_POST, warn_years=4, limit_years=5, hard_years=10, min_years=2, source="规则"),
    Terms(TenureBasis.SAME_LEVEL, warn_years=14, limit_years=15, hard_years=15, source="规则"),
)
UNITS = {OFFICE: UnitFacts(OFFICE, "办公室"), TRADE: UnitFacts(TRADE, "招商局")}


def post(pk: int, unit: int, title: str, **values: Any) -> PostFacts:
    values.setdefault("post_class", PostClass.GENERAL)
    return PostFacts(id=pk, title=title, unit_id=unit, unit_name=UNITS[unit].name, **values)


POSTS = {
    CLERK: post(CLERK, OFFICE, "文秘岗", headcount=3),
    OTHER: post(OTHER, TRADE, "招商专员", headcount=2),
    HEAD: post(HEAD, TRADE, "局长", level=L.TOWNSHIP_CHIEF, headcount=1),
    DEPUTY: post(DEPUTY, TRADE, "副局长", level=L.TOWNSHIP_DEPUTY, headcount=2),
    KEY: post(KEY, TRADE, "采购岗", post_class=PostClass.KEY, headcount=2),
}


def stint(on: int, since: date, until: date | None = None) -> Stint:
    held = POSTS[on]
    return Stint(since, until, held.unit_id, on, held.unit_name, held.title, held.post_class, held.level)


def person(*stints: Stint, **values: Any) -> Person:
    held = stints or (stint(CLERK, date(2022, 1, 1)),)
    tenure = tenure_of(ME, held, RULES, ON)
    level = tenure.level if tenure else ""
    base = Person(
        ME, "王甲", age=40, retirement_month=date(2046, 1, 1), level=level, stints=held, tenure=tenure
    )
    return replace(base, **values)


def organisation(who: Person | None = None, **values: Any) -> Facts:
    who = who or person()
    seats = (
        Seat(ME, who.tenure.unit_id, who.tenure.post_id, who.tenure.stint.title, who.level)
        if who.tenure
        else Seat(ME, OFFICE, CLERK, "文秘岗"),
        Seat(STAYS, OFFICE, CLERK, "文秘岗"),
        Seat(BOSS, TRADE, OTHER, "招商专员"),
    )
    return Facts(
        on=ON,
        people={ME: who},
        known={pk: Known(f"某{pk}", 40) for pk in (ME, STAYS, BOSS)},
        seats=values.pop("seats", seats),
        posts=POSTS | values.pop("posts", {}),
        units=UNITS | values.pop("units", {}),
        **values,
    )


def against(facts: Facts, to: int | None = OTHER, kind: MoveKind = M.ROTATION) -> dict[str, Verdict]:
    checks = check_moves(facts, [Wanted(ME, to, kind)])
    assert all(c.source for c in checks)
    assert all(c.message for c in checks)
    return {check.code: check.verdict for check in checks if check.verdict != Verdict.MEETS}


RED, YELLOW = Verdict.FAILS, Verdict.ATTENTION


def test_an_ordinary_rotation_meets_every_rule():
    assert against(organisation()) == {}
    codes = {check.code for check in check_moves(organisation(), [Wanted(ME, OTHER)])}
    assert {"kinship.none", "tenure.minimum", "probation", "retirement", "level.same", "post.filled"} <= codes
    assert {"effect_period", "secondment_in_progress", "training.hours", "park"} <= codes


@pytest.mark.parametrize(
    ("who", "to", "kind", "expected"),
    [
        (person(stint(CLERK, date(2026, 1, 1))), OTHER, M.ROTATION, {"tenure.minimum": YELLOW}),
        (person(is_active=False), OTHER, M.ROTATION, {"person.status": RED}),
        (person(probation_until=date(2027, 3, 1)), OTHER, M.ROTATION, {"probation": YELLOW}),
        (person(probation_until=date(2027, 3, 1)), DEPUTY, M.PROMOTION, {"probation": RED}),
        (person(retirement_month=date(2026, 11, 1)), OTHER, M.ROTATION, {"retirement": RED}),
        (person(retirement_month=date(2028, 1, 1)), OTHER, M.ROTATION, {"retirement": YELLOW}),
        (person(retirement_month=date(2030, 1, 1)), DEPUTY, M.PROMOTION, {"retirement": YELLOW}),
        (person(retirement_month=None), OTHER, M.ROTATION, {"retirement": YELLOW}),
        (person(), HEAD, M.PROMOTION, {"level.skipped": RED}),
        (person(), DEPUTY, M.ROTATION, {"level.kind": YELLOW}),
        (person(), OTHER, M.PROMOTION, {"level.kind": YELLOW}),
    ],
)
def test_each_rule_about_the_person(who, to, kind, expected):
    assert against(organisation(who), to, kind) == expected


def leading(since: date) -> Person:
    return person(stint(DEPUTY, since))


def test_promotion_needs_the_years_below():
    spare = {
        "seats": (
            Seat(ME, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
            Seat(9, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
        )
    }
    ready = {DEPUTY: replace(POSTS[DEPUTY], successors=(Prepared(77, "后备", Readiness.NOW),))}
    early, late = leading(date(2025, 6, 1)), leading(date(2022, 6, 1))
    known = {pk: Known("某", 40) for pk in (ME, 9)}
    base = organisation(late, posts=ready, **spare)
    facts = replace(base, known=known)
    assert against(facts, HEAD, M.PROMOTION) == {}
    facts = replace(facts, people={ME: early})
    assert against(facts, HEAD, M.PROMOTION) == {"level.years": RED, "tenure.minimum": YELLOW}


def test_a_lower_post_is_for_somebody_to_look_at():
    spare = (
        Seat(ME, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
        Seat(9, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
        Seat(BOSS, TRADE, OTHER, "招商专员"),
    )
    ready = {DEPUTY: replace(POSTS[DEPUTY], successors=(Prepared(77, "后备", Readiness.NOW),))}
    facts = organisation(leading(date(2022, 6, 1)), seats=spare, posts=ready)
    facts = replace(facts, known={pk: Known("某", 40) for pk in (ME, 9, BOSS)})
    assert against(facts, OTHER) == {"level.lower": YELLOW}


COUNTY = 22  # a post of the county level
ROOTED = Spell(date(2010, 7, 1), date(2012, 6, 30), "某镇人民政府科员")  # two years to the day


@pytest.mark.parametrize(
    ("lacks", "expected"),
    [
        ({}, {}),
        ({"work_started_on": date(2022, 6, 1)}, {"level.work_years": RED}),
        ({"work_started_on": None}, {"level.work_years": RED}),
        ({"rooted": ()}, {"level.grass_roots": YELLOW}),
        ({"rooted": (ROOTED, replace(ROOTED, starts_on=date(2012, 1, 1)))}, {}),
        ({"rooted": (replace(ROOTED, ends_on=date(2012, 6, 29)),)}, {"level.grass_roots": YELLOW}),
        ({"rooted": (replace(ROOTED, starts_on=None),)}, {"level.grass_roots": YELLOW}),
        ({"stints": (stint(HEAD, date(2016, 1, 1)),)}, {"level.posts": YELLOW}),
        ({"stints": (stint(DEPUTY, date(2016, 1, 1)),)}, {"level.years": RED, "level.posts": YELLOW}),
    ],
)
def test_what_the_county_level_asks_for(lacks, expected):
    """下级正职→上级副职 three years, five years of work, two posts at the level below, the grass roots."""
    other = post(21, OFFICE, "主任", level=L.TOWNSHIP_CHIEF, headcount=2)
    ready = replace(POSTS[HEAD], successors=(Prepared(77, "后备", Readiness.NOW),), headcount=2)
    county = post(COUNTY, OFFICE, "管委会副主任", level=L.COUNTY_DEPUTY, headcount=2)
    past = Stint(
        date(2016, 1, 1), date(2019, 12, 31), OFFICE, 21, "办公室", "主任", "general", L.TOWNSHIP_CHIEF
    )
    values = {"work_started_on": date(2010, 7, 1), "rooted": (ROOTED,), **lacks}
    who = person(*values.pop("stints", (past, stint(HEAD, date(2020, 1, 1)))))
    who = replace(who, level=L.TOWNSHIP_CHIEF, **values)
    seats = (
        Seat(ME, TRADE, HEAD, "局长", L.TOWNSHIP_CHIEF),
        Seat(9, TRADE, HEAD, "局长", L.TOWNSHIP_CHIEF),
    )
    facts = organisation(who, seats=seats, posts={21: other, COUNTY: county, HEAD: ready})
    facts = replace(facts, known={pk: Known("某", 40) for pk in (ME, 9)})
    assert against(facts, COUNTY, M.PROMOTION) == expected


def test_fifteen_years_at_one_level_end_it():
    other = post(21, OFFICE, "副主任", level=L.TOWNSHIP_DEPUTY, headcount=2)
    ready = replace(POSTS[DEPUTY], successors=(Prepared(77, "后备", Readiness.NOW),), headcount=2)
    who = person(stint(DEPUTY, date(2011, 1, 1)))
    seats = (
        Seat(ME, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
        Seat(9, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
    )
    facts = organisation(who, seats=seats, posts={21: other, DEPUTY: ready})
    facts = replace(facts, known={pk: Known("某", 40) for pk in (ME, 9)})
    assert against(facts, 21) == {"tenure.maximum": RED}


@pytest.mark.parametrize(
    ("code", "severity", "verdict"),
    [
        ("effect_period", "blocks", RED),
        ("secondment_in_progress", "blocks", RED),
        ("training.hours", "consider", YELLOW),
        ("park.sole_owner", "consider", YELLOW),
    ],
)
def test_what_other_apps_say_counts(code, severity, verdict):
    said = {ME: [Obstacle(ME, severity, code, "说明", "出处")]}
    assert against(organisation(obstacles=said)) == {code: verdict}


def test_posts_left_empty_and_overfilled():
    alone = (Seat(ME, OFFICE, CLERK, "文秘岗"), Seat(BOSS, TRADE, OTHER, "招商专员"))
    assert against(organisation(seats=alone)) == {"post.emptied": YELLOW}
    key = replace(POSTS[CLERK], post_class=PostClass.KEY, successors=(Prepared(77, "后备", Readiness.NOW),))
    assert against(organisation(seats=alone, posts={CLERK: key})) == {"post.emptied": RED}
    full = replace(POSTS[OTHER], headcount=1)
    assert against(organisation(posts={OTHER: full})) == {"post.overfilled": RED}


def test_somebody_who_comes_after_heals_what_was_emptied():
    alone = (Seat(ME, OFFICE, CLERK, "文秘岗"), Seat(BOSS, TRADE, OTHER, "招商专员"))
    facts = organisation(seats=alone)
    boss = replace(person(stint(OTHER, date(2020, 1, 1))), id=BOSS, name="李丙")
    facts = replace(facts, people={ME: facts.people[ME], BOSS: boss})
    moves = [Wanted(ME, OTHER), Wanted(BOSS, CLERK)]
    bad = [check.code for check in check_moves(facts, moves) if check.verdict != Verdict.MEETS]
    assert bad == []


def test_successors_and_readiness():
    left = replace(POSTS[CLERK], post_class=PostClass.KEY)
    assert against(organisation(posts={CLERK: left})) == {"successor.missing": YELLOW}
    used_up = replace(left, successors=(Prepared(ME, "王甲", Readiness.NOW),))
    assert against(organisation(posts={CLERK: used_up})) == {"successor.missing": YELLOW}
    assert against(organisation(), KEY) == {"successor.readiness": YELLOW}
    soon = replace(POSTS[KEY], successors=(Prepared(ME, "王甲", Readiness.ONE_YEAR),))
    assert against(organisation(posts={KEY: soon}), KEY) == {"successor.readiness": YELLOW}
    now = replace(POSTS[KEY], successors=(Prepared(ME, "王甲", Readiness.NOW),))
    assert against(organisation(posts={KEY: now}), KEY) == {}


def test_units_keep_their_minimum_and_their_mix():
    small = {OFFICE: replace(UNITS[OFFICE], minimum=2)}
    assert against(organisation(units=small)) == {"unit.minimum": RED}
    seats = tuple(Seat(pk, OFFICE, CLERK, "文秘岗") for pk in (ME, 4, 5, 6))
    base = organisation(seats=seats, posts={CLERK: replace(POSTS[CLERK], headcount=9)})
    young = replace(base, known={ME: Known("我", 30)} | {pk: Known("某", 45) for pk in (4, 5, 6)})
    assert against(young) == {"unit.mix.age": YELLOW}
    old = replace(base, known={ME: Known("我", 40)} | {pk: Known("某", 55) for pk in (4, 5, 6)})
    assert against(old) == {"unit.mix.age": YELLOW}
    skilled = replace(
        base, known={ME: Known("我", 40, "会计、审计")} | {p: Known("某", 40, "会计") for p in (4, 5, 6)}
    )
    assert against(skilled) == {"unit.mix.specialty": YELLOW}


def test_all_leaders_of_a_unit_at_once():
    seats = (
        Seat(ME, TRADE, HEAD, "局长", L.TOWNSHIP_CHIEF),
        Seat(BOSS, TRADE, DEPUTY, "副局长", L.TOWNSHIP_DEPUTY),
    )
    chief = person(stint(HEAD, date(2020, 1, 1)))
    deputy = replace(person(stint(DEPUTY, date(2020, 1, 1))), id=BOSS)
    facts = replace(organisation(chief, seats=seats), people={ME: chief, BOSS: deputy})
    codes = {c.code for c in check_moves(facts, [Wanted(ME, CLERK), Wanted(BOSS, CLERK)])}
    assert "unit.leaders" in codes
    assert "unit.leaders" not in {c.code for c in check_moves(facts, [Wanted(BOSS, CLERK)])}


ASKED = (
    (Criterion.PARTY_MEMBER, "", {"is_party": True}, {}),
    (Criterion.EDUCATION_AT_LEAST, "大学", {"education": "研究生"}, {"education": "大专"}),
    (Criterion.AGE_BELOW, "45", {"age": 45}, {"age": 46}),
    (Criterion.SPECIALTY, "会计", {"specialty": "会计学"}, {"specialty": "法学"}),
    (Criterion.GRASS_ROOTS_EXPERIENCE, "", {"grass_roots": True}, {}),
    (Criterion.POST_CLASS_EXPERIENCE, "普通岗位", {}, {"stints": ()}),
    (
        Criterion.WORK_YEARS,
        "5",
        {"work_started_on": date(2021, 11, 1)},
        {"work_started_on": date(2022, 1, 1)},
    ),
    (Criterion.TITLE_CONTAINS, "工程师", {"title": "高级工程师"}, {"title": ""}),
    (
        Criterion.APPRAISAL_COMPETENT,
        "2",
        {"appraisals": ((2025, "competent"), (2024, "excellent"))},
        {"appraisals": ((2025, "competent"), (2024, "basically_competent"))},
    ),
)


@pytest.mark.parametrize(("criterion", "value", "good", "bad"), ASKED)
@pytest.mark.parametrize(("strength", "verdict"), [(Strength.HARD, RED), (Strength.PREFERRED, YELLOW)])
def test_conditions_of_the_post(criterion, value, good, bad, strength, verdict):
    asked = Requirement(1, OTHER, strength, criterion, value)
    posts = {OTHER: replace(POSTS[OTHER], requirements=(asked,))}
    assert against(organisation(person(**good), posts=posts)) == {}
    code = "requirement.hard" if strength == Strength.HARD else "requirement.preferred"
    assert against(organisation(person(**bad), posts=posts)) == {code: verdict}


def test_what_the_record_does_not_tell_is_for_somebody_to_look_at():
    asked = Requirement(1, OTHER, Strength.HARD, Criterion.APPRAISAL_COMPETENT, "2")
    posts = {OTHER: replace(POSTS[OTHER], requirements=(asked,))}
    who = person(appraisals=((2025, "competent"),))
    assert against(organisation(who, posts=posts)) == {"requirement.hard": YELLOW}


# Seats


@st.composite
def variants(draw):
    people = draw(st.lists(st.sampled_from(range(1, 8)), unique=True, max_size=7))
    return [Wanted(pk, draw(st.sampled_from([None, *POSTS]))) for pk in people]


@given(variants())
@settings(max_examples=60)
def test_any_variant_keeps_people_and_seats(moves):
    seats = [
        Seat(pk, POSTS[on].unit_id, on, POSTS[on].title)
        for pk, on in zip(range(1, 8), [*POSTS, CLERK, OTHER], strict=True)
    ]
    people = {pk: replace(person(), id=pk) for pk in range(1, 8)}
    facts = Facts(ON, people, {pk: Known(f"某{pk}", 40) for pk in people}, seats, POSTS, UNITS)
    before, after = Layout(facts), Layout(facts, moves)
    gone = sum(1 for move in moves if move.post_id is None)
    assert sum(len(after.holders(pk)) for pk in POSTS) == sum(len(before.holders(pk)) for pk in POSTS) - gone
    assert all(len([s for s in after.of_cadre[pk] if s.is_main]) <= 1 for pk in people)
    emptied = {c.post_id for c in check_moves(facts, moves) if c.code == "post.emptied"}
    assert emptied == {pk for pk in POSTS if before.holders(pk) and not after.holders(pk)}


def test_days_of_the_effect_do_not_matter_to_pure_checks():
    later = replace(organisation(), on=ON + timedelta(days=1))
    assert against(later) == {}
