"""核对规则: versions by day, the page, and that checks, notices and visits follow every amount."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from core.access import Role
from core.errors import DomainError
from people.choices import LeadershipLevel, PostClass, StaffType
from rotation.checks import check_moves
from rotation.choices.decisions import Outcome
from rotation.choices.plans import MoveKind, Verdict
from rotation.facts import Facts, Known, Person, PostFacts, Seat, UnitFacts, Wanted
from rotation.models import EffectLine, MoveRule, RotationPlan
from rotation.queries.checks import check_variant
from rotation.queries.facts import load_facts
from rotation.queries.rules import NAMES, thresholds_on
from rotation.services.room.deciding import Ruling, decide
from rotation.services.room.effects import take_effect
from rotation.services.room.notices import announce
from rotation.services.rules import open_move_rule
from rotation.tenure import Stint
from rotation.thresholds import USUAL
from tests.factories.people import TODAY, make_account, make_unit
from tests.factories.plans import draft_plan, make_office, make_post, move, seat, variant_of
from tests.factories.room import (
    NOW,
    holder_of,
    make_case,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    meeting_of,
    seen_by,
)

ON = date(2026, 11, 2)
L = LeadershipLevel
OWN = {
    "career_source": "本区提任办法",
    "probation_source": "本区试用办法",
    "retirement_source": "本区到龄办法",
    "mix_source": "本区结构办法",
    "notice_source": "本区公示办法",
}


def open_rule(**values):
    return open_move_rule(values={"starts_on": date(2026, 1, 1), **OWN, **values}, by=None)


def browser(*roles, **scope):
    client = Client()
    client.force_login(make_account(*roles, **scope), backend="people.backends.AccountBackend")
    return client


# -- versions --


@pytest.mark.django_db
def test_the_usual_amounts_stand_at_first_and_a_new_version_ends_them():
    assert thresholds_on(TODAY) == USUAL
    assert MoveRule.objects.get().starts_on == date(2020, 1, 1)
    open_rule(young_age=40, notice_days=7)
    now = thresholds_on(TODAY)
    assert (now.young_age, now.notice_days, now.mix_source) == (40, 7, "本区结构办法")
    assert thresholds_on(date(2025, 12, 31)) == USUAL
    assert [(r.starts_on, r.ends_on) for r in MoveRule.objects.order_by("starts_on")] == [
        (date(2020, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), None),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"notice_days": 4}, "不得少于 5 个工作日"),
        ({"young_age": 50, "old_age": 50}, "年轻干部的年龄应小于"),
        ({"chief_years": 0}, "大于或等于1"),
        ({"quorum_part": 3, "quorum_whole": 5}, "到会比例不得低于应到的三分之二"),
        ({"quorum_part": 4, "quorum_whole": 3}, "也不能超过全部"),
        ({"majority_part": 2, "majority_whole": 5}, "同意比例不得低于应到的半数"),
        ({"majority_part": 2, "majority_whole": 2}, "须小于全部"),
        ({"starts_on": date(2020, 1, 1)}, "已有一版"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, words):
    with pytest.raises((DomainError, ValidationError)) as refusal:
        open_rule(**wrong)
    assert words in str(refusal.value)


@pytest.mark.django_db
def test_the_page_shows_every_version_and_the_office_opens_a_new_one():
    hr = browser(Role.HR)
    page = hr.get("/rotation/tenure/checks/").content.decode()
    assert "35 岁及以下为年轻" in page
    assert USUAL.career_source in page
    form = hr.get("/rotation/tenure/checks/new/").content.decode()
    assert 'value="35"' in form
    sent = {name: getattr(USUAL, name) for name in NAMES} | {"starts_on": "2026-12-01", "young_age": 38}
    assert hr.post("/rotation/tenure/checks/new/", sent).status_code == 302
    assert thresholds_on(date(2026, 12, 1)).young_age == 38
    assert browser(Role.HR, unit=make_unit()).get("/rotation/tenure/checks/new/").status_code == 404
    leader = browser(Role.TOP_LEADER).get("/rotation/tenure/checks/")
    assert leader.status_code == 200
    assert "启用新规则" not in leader.content.decode()


# -- each amount is followed --


UNITS = {1: UnitFacts(1, "办公室"), 2: UnitFacts(2, "招商局")}


def post(pk, unit, title, level=""):
    return PostFacts(pk, title, unit, UNITS[unit].name, PostClass.GENERAL, level)


POSTS = {
    11: post(11, 1, "副科长", L.TOWNSHIP_DEPUTY),
    12: post(12, 2, "科长", L.TOWNSHIP_CHIEF),
    13: post(13, 1, "科长", L.TOWNSHIP_CHIEF),
    14: post(14, 2, "副县长", L.COUNTY_DEPUTY),
    15: post(15, 2, "专员"),
}


def verdict(code, *, on_post, to, since, **rules):
    """What the check says of a person in `on_post` since a day who is to move to `to` by promotion."""
    held = POSTS[on_post]
    stint = Stint(since, None, held.unit_id, on_post, held.unit_name, held.title, "", held.level)
    values = rules.pop("person", {})
    who = Person(1, "王甲", age=40, level=held.level, stints=(stint,), **values)
    facts = Facts(
        on=ON,
        people={1: who},
        known={1: Known("王甲", 40)},
        seats=(Seat(1, held.unit_id, on_post, held.title, held.level),),
        posts=POSTS,
        units=UNITS,
        rules=replace(USUAL, career_source="本区提任办法", retirement_source="本区到龄办法", **rules),
    )
    kind = MoveKind.PROMOTION if POSTS[to].level != held.level else MoveKind.ROTATION
    found = [c for c in check_moves(facts, [Wanted(1, to, kind)]) if c.code == code]
    return found[0].verdict, found[0].source


CAREER, RETIRE = "本区提任办法", "本区到龄办法"


@pytest.mark.parametrize(
    ("code", "case", "looser", "source"),
    [
        ("level.years", {"on_post": 11, "to": 12, "since": date(2025, 6, 1)}, {"chief_years": 1}, CAREER),
        ("level.years", {"on_post": 13, "to": 14, "since": date(2024, 6, 1)}, {"deputy_years": 2}, CAREER),
        (
            "level.work_years",
            {"on_post": 13, "to": 14, "since": ON, "person": {"work_started_on": date(2022, 6, 1)}},
            {"county_work_years": 4},
            CAREER,
        ),
        ("level.posts", {"on_post": 13, "to": 14, "since": date(2010, 1, 1)}, {"county_posts": 1}, CAREER),
        (
            "retirement",
            {"on_post": 11, "to": 12, "since": ON, "person": {"retirement_month": date(2030, 11, 1)}},
            {"term_years": 3},
            RETIRE,
        ),
        (
            "retirement",
            {"on_post": 15, "to": 15, "since": ON, "person": {"retirement_month": date(2028, 6, 1)}},
            {"soon_months": 12},
            RETIRE,
        ),
    ],
)
def test_a_looser_amount_is_met(code, case, looser, source):
    before, said = verdict(code, **case)
    assert before != Verdict.MEETS
    assert said == source
    assert verdict(code, **case, **looser) == (Verdict.MEETS, source)


@pytest.mark.django_db
def test_the_meeting_follows_the_version_of_its_own_day():
    drafter, leaders = make_drafter(), [make_leader(f"领导{n}") for n in range(3)]
    plan = make_plan(drafter)
    move_ = make_move(plan, holder_of(make_post("副局长")), make_post("局长"))
    open_rule(majority_part=2, majority_whole=3, quorum_part=1, quorum_whole=1, meeting_source="本区议事规则")
    rule = thresholds_on(TODAY)
    case = make_case(plan, drafter, leaders)
    votes = {move_.pk: Ruling(Outcome.PASSED, agree=2, against=1)}
    with pytest.raises(DomainError, match="未超过应到 3 人的三分之二"):
        decide(
            plan=plan, meeting=meeting_of(case), rulings=votes, on_paper="纸质", by=seen_by(drafter), at=NOW
        )
    MoveRule.objects.filter(starts_on=date(2026, 1, 1)).update(starts_on=date(2026, 11, 30))
    MoveRule.objects.update(ends_on=None)  # of the day of the meeting, the earlier one counts again
    decide(plan=plan, meeting=meeting_of(case), rulings=votes, on_paper="纸质", by=seen_by(drafter), at=NOW)
    assert (rule.is_quorum(2, 3), rule.is_quorum(3, 3), rule.is_quorum(0, 0)) == (False, True, False)
    assert (rule.is_majority(2, 3), rule.is_majority(3, 3)) == (False, True)
    assert (USUAL.is_quorum(2, 3), USUAL.is_majority(1, 2), USUAL.is_majority(2, 3)) == (True, False, True)
    assert (USUAL.quorum, USUAL.majority) == ("三分之二", "半数")


@pytest.mark.django_db
def test_probation_lasts_as_long_as_the_rule_says():
    cadre = seat(make_post(), staff_type=StaffType.CIVIL_SERVANT, work_started_on=date(2026, 3, 1))
    until = [load_facts(cadre_ids=[cadre.pk], post_ids=[], on=TODAY).people[cadre.pk].probation_until]
    open_rule(probation_months=6)
    until.append(load_facts(cadre_ids=[cadre.pk], post_ids=[], on=TODAY).people[cadre.pk].probation_until)
    assert until == [date(2027, 2, 28), None]


@pytest.mark.django_db
def test_the_mix_of_a_unit_and_the_source_follow_the_version_of_the_effective_day():
    drafter, unit = make_office(), make_unit("招商局")
    for year in (1985, 1986, 1987):
        seat(make_post(f"岗{year}", unit=unit), birth_month=date(year, 1, 1))
    young = seat(make_post(unit=unit), birth_month=date(1992, 1, 1))
    variant = variant_of(draft_plan(drafter))
    move(variant, young, make_post(), drafter)

    def said():
        found = check_variant(variant, on=TODAY).checks
        return {(c.verdict, c.source) for c in found if c.code == "unit.mix.age"}

    assert said() == {(Verdict.ATTENTION, USUAL.mix_source)}
    open_rule(starts_on=date(2026, 11, 20), young_age=45)  # the plan takes effect on 1 December
    assert said() == {(Verdict.MEETS, "本区结构办法")}


@pytest.mark.django_db
def test_notice_and_visit_follow_the_rule():
    drafter, leaders = make_drafter(), [make_leader("陈甲"), make_leader("高乙", Role.TOP_LEADER)]
    open_rule(notice_days=7, revisit_months=6)
    plan = make_plan(drafter)
    promoted = make_move(plan, holder_of(make_post("副局长")), make_post("局长"), kind=MoveKind.PROMOTION)
    make_decided([promoted], drafter, leaders)
    plan = RotationPlan.objects.get()
    with pytest.raises(DomainError, match="公示不少于 7 个工作日"):
        take_effect(plan=plan, by=None, at=NOW)
    announce(plan=plan, starts_on=TODAY, by=seen_by(drafter), at=NOW, effective_on=date(2026, 11, 11))
    assert plan.notice_to == date(2026, 11, 10)
    take_effect(plan=plan, by=None, at=NOW.replace(day=11))
    assert EffectLine.objects.get().due_on == date(2027, 5, 11)
