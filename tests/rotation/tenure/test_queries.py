"""What others ask about posts and tenure, as of any day, in a constant number of queries."""

from datetime import date

import pytest
from django.utils import timezone

from people.choices import AppointmentKind, PostClass
from people.models import Post
from rotation.choices.tenure import ExtensionState, Readiness, Situation, Strength, TenureState
from rotation.models import PostRequirement, PostSuccessor, TenureExtension, UnitStaffing
from rotation.queries.posts import (
    Holder,
    Successor,
    in_situation,
    post_situations,
    requirements_of,
    staffing_minimums,
    with_situation,
)
from rotation.queries.tenure import due_within, standing, tenures
from tests.factories.people import TODAY, make_appointment, make_cadre, make_unit

pytestmark = pytest.mark.django_db


def make_post(unit, title="科长", **values):
    values.setdefault("post_class", PostClass.KEY)
    return Post.objects.create(unit=unit, title=title, **values)


def holder(post, since=date(2020, 1, 1), **values):
    cadre = make_cadre()
    make_appointment(cadre, unit=post.unit, post=post, title=post.title, starts_on=since, **values)
    return cadre


def test_tenures_as_of_a_day():
    post = make_post(make_unit())
    old, new = holder(post, date(2018, 5, 1)), holder(post, date(2024, 5, 1))
    found = tenures([old.pk, new.pk], TODAY)
    assert {pk: (t.months, t.status, t.due_on) for pk, t in found.items()} == {
        old.pk: (102, TenureState.OVER, date(2023, 5, 1)),
        new.pk: (30, TenureState.OK, date(2029, 5, 1)),
    }
    assert tenures([old.pk], date(2022, 4, 30))[old.pk].status == TenureState.OK
    assert tenures([old.pk], date(2018, 4, 30)) == {}


def test_a_secondment_does_not_interrupt_the_post_at_home():
    cadre = holder(make_post(make_unit()), date(2021, 11, 1))
    make_appointment(cadre, kind=AppointmentKind.SECONDMENT, organisation="某镇", starts_on=date(2025, 1, 1))
    assert tenures([cadre.pk], TODAY)[cadre.pk].months == 60


def test_an_approved_extension_counts_for_its_post_from_the_day_it_was_decided():
    post = make_post(make_unit())
    cadre = holder(post, date(2020, 1, 1))
    until = date(2027, 12, 31)
    now = timezone.make_aware(timezone.datetime(2026, 3, 1, 9))
    TenureExtension.objects.create(
        cadre=cadre,
        post=post,
        until=until,
        reason="重点项目",
        state=ExtensionState.APPROVED,
        requested_at=now,
        decided_at=now,
    )
    found = tenures([cadre.pk], TODAY)[cadre.pk]
    assert (found.status, found.extended_until, found.due_on) == (
        TenureState.WARN,
        until,
        date(2028, 1, 1),
    )
    assert tenures([cadre.pk], date(2026, 2, 1))[cadre.pk].status == TenureState.OVER


def test_lists_of_those_over_and_those_due():
    post = make_post(make_unit())
    over, due, _ = (holder(post, date(year, 6, 1)) for year in (2017, 2022, 2025))
    cadres = type(over).objects.all()
    assert set(standing(cadres, TODAY, [TenureState.OVER, TenureState.HARD])) == {over.pk}
    assert set(due_within(cadres, TODAY, 12)) == {due.pk}


def test_tenures_cost_the_same_for_one_and_for_many(django_assert_num_queries):
    post = make_post(make_unit())
    ids = [holder(post).pk for _ in range(5)]
    with django_assert_num_queries(2):
        tenures(ids[:1], TODAY)
    with django_assert_num_queries(2):
        tenures(ids, TODAY)


def test_post_situations():
    unit = make_unit("招商局")
    chief, empty = make_post(unit, headcount=1), make_post(unit, "副科长", headcount=2)
    one, two = holder(chief), holder(chief, date(2023, 1, 1))
    next_one = make_cadre("后备甲")
    row = PostSuccessor.objects.create(
        post=chief, cadre=next_one, readiness=Readiness.NOW, starts_on=date(2026, 1, 1)
    )
    found = {s.title: s for s in post_situations(TODAY)}
    assert found["科长"].holders == (
        Holder(one.pk, one.name, date(2020, 1, 1)),
        Holder(two.pk, two.name, date(2023, 1, 1)),
    )
    assert found["科长"].successors == (Successor(next_one.pk, "后备甲", Readiness.NOW, "", row.pk),)
    assert (found["科长"].over, found["科长"].vacancies, found["科长"].single_successor) == (1, 0, True)
    assert (found["副科长"].is_vacant, found["副科长"].vacancies, found["副科长"].name) == (
        True,
        2,
        "招商局副科长",
    )
    assert [s.post_id for s in post_situations(TODAY, [empty.pk])] == [empty.pk]
    assert post_situations(date(2019, 1, 1), [chief.pk])[0].holders == ()


def test_an_abolished_post_is_no_vacancy():
    make_post(make_unit(), abolished_on=date(2026, 1, 1))
    assert post_situations(TODAY) == []


def test_lists_of_posts_by_situation():
    unit = make_unit()
    vacant, over, single = (make_post(unit, title, headcount=1) for title in ("甲", "乙", "丙"))
    ordinary = make_post(unit, "丁", post_class=PostClass.GENERAL)
    for post in (over, over, single, ordinary):
        holder(post)
    PostSuccessor.objects.create(post=single, cadre=make_cadre(), starts_on=date(2026, 1, 1))
    posts = with_situation(Post.objects.all(), TODAY)
    found = {s: set(in_situation(posts, s).values_list("title", flat=True)) for s in Situation}
    assert found == {
        Situation.VACANT: {"甲"},
        Situation.OVER_HEADCOUNT: {"乙"},
        Situation.NO_SUCCESSOR: {"甲", "乙"},
        Situation.SINGLE_SUCCESSOR: {"丙"},
    }
    assert vacant.pk


def test_requirements_say_themselves_in_words():
    post = make_post(make_unit())
    rows = [("preferred", "specialty", "会计"), ("hard", "age_below", "45"), ("hard", "party_member", "")]
    for place, (strength, criterion, value) in enumerate(rows):
        PostRequirement.objects.create(
            post=post, strength=strength, criterion=criterion, value=value, position=place
        )
    found = requirements_of([post.pk])[post.pk]
    assert [(r.strength, r.words) for r in found] == [
        (Strength.HARD, "年龄不超过45周岁"),
        (Strength.HARD, "中共党员"),
        (Strength.PREFERRED, "所学专业或专长为“会计”"),
    ]


def test_staffing_minimums_of_a_day():
    unit = make_unit()
    UnitStaffing.objects.create(unit=unit, minimum=3, starts_on=date(2020, 1, 1), ends_on=date(2025, 12, 31))
    UnitStaffing.objects.create(unit=unit, minimum=4, starts_on=date(2026, 1, 1))
    assert staffing_minimums(TODAY) == {unit.pk: 4}
    assert staffing_minimums(date(2025, 6, 1)) == {unit.pk: 3}
