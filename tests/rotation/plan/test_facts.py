"""The picture that checks are made on, read from real rows."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import Role
from people.choices import (
    AppointmentKind,
    EducationMode,
    KinRelation,
    LeadershipLevel,
    PoliticalStatus,
    PostClass,
    StaffType,
)
from people.contracts import Transfer, obstacles_to_all
from people.models import AnnualAppraisal, Education, KinTie, RoleGrant
from rotation.models import PostRequirement, PostSuccessor, UnitStaffing
from rotation.queries.facts import load_facts
from tests.factories.people import TODAY, make_account, make_appointment, make_cadre, make_unit
from tests.factories.plans import NOW, make_post, seat

pytestmark = pytest.mark.django_db


def facts_of(*cadres, posts=()):
    return load_facts(cadre_ids=[c.pk for c in cadres], post_ids=[p.pk for p in posts], on=TODAY)


def test_a_person_as_the_rules_ask():
    unit = make_unit("招商局")
    low = make_post("招商专员", unit=unit)
    high = make_post("副局长", unit=unit, level=LeadershipLevel.TOWNSHIP_DEPUTY)
    cadre = make_cadre(
        "王甲",
        sex="M",
        birth_month=date(1986, 5, 1),
        retirement_month=date(2049, 8, 1),
        political_status=PoliticalStatus.PARTY_MEMBER,
        specialty="招商谈判",
    )
    make_appointment(
        cadre, unit=unit, post=low, title="招商专员", starts_on=date(2020, 1, 1), ends_on=date(2026, 2, 28)
    )
    make_appointment(cadre, unit=unit, post=high, title="副局长", starts_on=date(2026, 3, 1))
    make_appointment(
        cadre,
        kind=AppointmentKind.SECONDMENT,
        organisation="某镇",
        title="副镇长",
        is_main=False,
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
    )
    Education.objects.create(
        cadre=cadre, mode=EducationMode.FULL_TIME, level="大学", level_school="某大学会计学"
    )
    AnnualAppraisal.objects.create(cadre=cadre, year=2025, grade="excellent")
    who = facts_of(cadre).people[cadre.pk]
    assert (who.age, who.is_party, who.education, who.grass_roots) == (40, True, "大学", True)
    assert [spell.words for spell in who.rooted] == ["2023-01至2023-12某镇副镇长"]
    assert who.specialty == "招商谈判、某大学会计学"
    assert (who.level, who.tenure.since) == (LeadershipLevel.TOWNSHIP_DEPUTY, date(2026, 3, 1))
    assert (who.probation_until, who.appraisals) == (date(2027, 2, 28), ((2025, "excellent"),))


def test_the_first_year_of_a_civil_servant_is_probation():
    new = seat(make_post(), staff_type=StaffType.CIVIL_SERVANT, work_started_on=date(2026, 1, 1))
    other = seat(make_post(), staff_type=StaffType.STATE_FIRM, work_started_on=date(2026, 1, 1))
    facts = facts_of(new, other)
    assert facts.people[new.pk].probation_until == date(2026, 12, 31)
    assert facts.people[other.pk].probation_until is None


def test_posts_units_ties_and_who_is_in_charge():
    root = make_unit("管委会")
    unit = make_unit("财政局", parent=root)
    post = make_post("财务岗", unit=unit, post_class=PostClass.KEY, headcount=2)
    cadre, heir, kin = seat(post, "王甲"), make_cadre("李乙"), make_cadre("王丙")
    PostRequirement.objects.create(post=post, criterion="party_member")
    PostSuccessor.objects.create(post=post, cadre=heir, readiness="now", starts_on=date(2025, 1, 1))
    UnitStaffing.objects.create(unit=unit, minimum=3, source="三定方案", starts_on=date(2025, 1, 1))
    KinTie.objects.create(cadre=kin, relative=cadre, relation=KinRelation.SIBLING, confirmed_at=NOW)
    leader = make_account(Role.VICE_LEADER, unit=unit, cadre=make_cadre("分管"))
    RoleGrant.objects.filter(user=leader, role=Role.VICE_LEADER).update(unit=unit)
    facts = facts_of(cadre, posts=[post])
    known = facts.posts[post.pk]
    assert (known.headcount, known.requirements[0].words, known.successors[0].name) == (2, "中共党员", "李乙")
    assert (facts.units[unit.pk].minimum, facts.units[unit.pk].parent_id) == (3, root.pk)
    assert facts.units[unit.pk].in_charge == {leader.cadre_id}
    assert [(t.cadre_id, t.relative_id, t.confirmed) for t in facts.ties] == [(kin.pk, cadre.pk, True)]
    assert [(s.cadre_id, s.post_id) for s in facts.seats] == [(cadre.pk, post.pk)]


def cost(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_as_many_queries_for_thirty_people_as_for_one():
    people = [seat(make_post(f"岗{n}")) for n in range(30)]
    few, many = people[:1], people
    facts_of(*few)
    assert cost(lambda: facts_of(*few)) == cost(lambda: facts_of(*many))
    moves = [Transfer(cadre, None) for cadre in people]
    obstacles_to_all(moves[:1], on=TODAY)
    assert cost(lambda: obstacles_to_all(moves[:1], on=TODAY)) == cost(
        lambda: obstacles_to_all(moves, on=TODAY)
    )
