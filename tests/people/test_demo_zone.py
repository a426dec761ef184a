"""The demo zone, looked at from all sides: it is filled once for all of these tests."""

from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.db.models import Model

from core.choices import AuditAction
from core.models import AuditEvent
from core.periods import covers
from people.choices import AppointmentKind, CadreStatus, UnitKind
from people.demo.context import DemoContext
from people.demo.seeding import seed
from people.identity import read_identity
from people.management.commands.seed_demo import display_width, table_of
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    CadreQuerySet,
    Education,
    FamilyMember,
    Honour,
    Post,
    ResumeEntry,
    Unit,
    User,
)
from people.reminders import remind_all
from people.services.photos import read_photo
from rotation.choices.secondments import Direction
from tests.sharing import SharedRows
from training.models import TrainingClass
from training.queries import RuleBook
from training.queries.standings import AT_COUNTY_LEVEL, count_by_status, hours_status

ON = date(2026, 11, 2)
DEPARTMENTS = [
    "党政办公室",
    "组织人事部",
    "经济发展局",
    "招商发展局",
    "规划建设局",
    "安全生产监督管理局",
    "生态环境分局",
    "财政金融局",
    "企业服务中心",
    "综合执法大队",
]


@pytest.fixture(scope="module")
def zone(shared_rows: SharedRows) -> DemoContext:
    with shared_rows():
        return seed(size=86, seed=1, on=ON, say=lambda message: None, with_files=False)


@pytest.fixture
def context(zone: DemoContext, db: None) -> DemoContext:
    return zone


def own_cadres() -> CadreQuerySet:
    """Without those who come from outside for a while: the house keeps no full record of them."""
    return Cadre.objects.exclude(secondments__direction=Direction.IN)


def test_zone_and_counts(context: DemoContext) -> None:
    root = Unit.objects.get(parent=None)
    assert (root.name, root.kind) == ("示例经济开发区管理委员会", UnitKind.ZONE)
    assert [unit.name for unit in root.children.all()] == DEPARTMENTS
    assert own_cadres().count() == 86
    assert Cadre.objects.count() == 86 + 4  # four come from outside for a while
    assert {name: model._default_manager.count() for name, model in _counted(context)} == context.counts
    assert Counter(Cadre.objects.values_list("status", flat=True)).keys() == set(CadreStatus.values)
    assert set(Post.objects.values_list("post_class", flat=True)) == {"key", "important", "general"}
    assert AuditEvent.objects.filter(action=AuditAction.DEMO_SEEDED).count() == 1


def _counted(context: DemoContext) -> list[tuple[str, type[Model]]]:
    models = {model._meta.model_name or "": model for model in apps.get_models()}
    return [(name, models[name]) for name in context.counts]


def test_identities_are_valid_and_invented(context: DemoContext) -> None:
    for cadre in own_cadres():
        identity = read_identity(cadre.id_number, on=ON)
        assert cadre.id_number.startswith("999999")
        assert (cadre.sex, cadre.birth_month) == (identity.sex, identity.born_on.replace(day=1))
        assert cadre.staff_no is not None
        assert cadre.staff_no.startswith("YX")
        assert cadre.phone.startswith("199000")
    names = list(Cadre.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)


def test_rows_are_as_a_form_would_accept_them(context: DemoContext) -> None:
    for model in (Cadre, Appointment, ResumeEntry, Education, AnnualAppraisal, Honour, FamilyMember):
        for row in model._default_manager.all():
            row.clean_fields()
            row.validate_constraints()


def test_lives_make_sense(context: DemoContext) -> None:
    for person in context.people:
        cadre = person.cadre
        assert cadre.birth_month
        assert cadre.work_started_on
        assert cadre.retirement_month
        assert (cadre.work_started_on - cadre.birth_month).days > 18 * 365
        assert (cadre.retirement_month > ON) == (cadre.status != CadreStatus.RETIRED)
        assert cadre.rank_since is None or cadre.work_started_on < cadre.rank_since <= ON
        lines = list(cadre.resume.filter(parent=None))
        assert [line.ends_on for line in lines[:-1]] == [line.starts_on for line in lines[1:]]


def test_each_active_cadre_holds_one_post_and_no_chair_is_taken_twice(context: DemoContext) -> None:
    for day in (ON, date(2023, 6, 30), date(2020, 1, 1)):
        held = Appointment.objects.filter(covers(day), kind=AppointmentKind.POST)
        assert set(Counter(held.values_list("cadre_id", flat=True)).values()) == {1}
        heads = held.filter(post__headcount=1).values_list("post_id", flat=True)
        assert all(count == 1 for count in Counter(heads).values())
    active = own_cadres().filter(status=CadreStatus.ACTIVE)
    assert set(active.as_of(ON)) == set(active)


def test_no_post_has_more_holders_than_places_today(context: DemoContext) -> None:
    rows = Appointment.objects.filter(covers(ON), kind=AppointmentKind.POST, post__isnull=False)
    held = rows.values_list("post_id", flat=True)
    for post_id, count in Counter(held).items():
        post = Post.objects.get(pk=post_id)
        assert post.headcount is None or count <= post.headcount, post


def test_relatives_in_the_zone_name_each_other(context: DemoContext) -> None:
    named = {
        (member.cadre.name, member.name)
        for member in FamilyMember.objects.select_related("cadre")
        if member.workplace.startswith("示例经济开发区管理委员会")
    }
    assert len(named) >= 6
    assert {(second, first) for first, second in named} == named
    assert {name for pair in named for name in pair} <= {person.cadre.name for person in context.people}


def test_photos_of_many_but_not_all(context: DemoContext) -> None:
    photos = [read_photo(person.cadre) for person in context.people]
    assert 30 < len([photo for photo in photos if photo]) < len(photos)
    assert all(photo is None or photo.startswith(b"\xff\xd8") for photo in photos)


def test_hours_have_every_status_under_both_rules(context: DemoContext) -> None:
    book = RuleBook.load()
    active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
    counts = count_by_status(active, ON, book)
    assert min(counts["met"], counts["on_pace"], counts["behind"]) >= 5
    county = active.filter(AT_COUNTY_LEVEL).annotate(hours_status=hours_status(ON, book))
    assert len(set(county.values_list("hours_status", flat=True))) >= 2
    assert TrainingClass.objects.filter(starts_on__gt=ON).exists()


def test_nobody_is_left_to_remind(context: DemoContext) -> None:
    assert remind_all(on=ON) == {"told": 0, "failed": 0}


def test_the_table_is_aligned(context: DemoContext) -> None:
    lines = table_of(context).splitlines()
    assert lines[0] == "演示数据已生成：90 名干部。演示账号（首次登录须修改密码）："
    head, *accounts = lines[1:]
    assert head.split() == ["登录名", "一次性密码", "角色", "姓名"]
    names = {user.username: user.name for user in User.objects.all()}
    starts = {
        display_width(line) - display_width(name)
        for line in accounts
        for username, name in names.items()
        if line.split()[0] == username
    }
    assert len(accounts) == 11
    assert starts == {display_width(head) - display_width("姓名")}
