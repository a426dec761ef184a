import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model

from core.access import Role
from core.choices import AuditAction
from core.models import AuditEvent
from core.periods import covers
from people.access import viewer_for
from people.choices import AppointmentKind, CadreStatus, UnitKind
from people.demo.context import DemoContext
from people.demo.seeding import seed
from people.identity import read_identity
from people.management.commands.seed_demo import display_width
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
from tests.factories.people import make_cadre
from training.models import HourRule, Participation, TrainingClass
from training.queries import RuleBook
from training.queries.standings import AT_COUNTY_LEVEL, count_by_status, hours_status

pytestmark = pytest.mark.django_db

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
SEEDED: list[type[Model]] = [
    Unit,
    Post,
    Cadre,
    Appointment,
    ResumeEntry,
    Education,
    AnnualAppraisal,
    Honour,
    FamilyMember,
    TrainingClass,
    Participation,
    HourRule,
]
# Keys and clock times differ from run to run; references to other rows are compared by what they name.
NOT_COMPARED = {"id", "created_at", "updated_at", "path", "id_number_index"}


def seeded(size: int = 86, number: int = 1, on: date = ON) -> DemoContext:
    return seed(size=size, seed=number, on=on, say=lambda message: None, with_files=False)


def rows() -> dict[str, list[str]]:
    """Every seeded row as text."""
    return {model.__name__: sorted(map(_text, model._default_manager.select_related())) for model in SEEDED}


def _text(row: Model) -> str:
    names = [f.name for f in row._meta.concrete_fields if f.name not in NOT_COMPARED]
    return " ".join(f"{name}={getattr(row, name)}" for name in names)


def rows_of_a_run(number: int) -> dict[str, list[str]]:
    with transaction.atomic():
        seeded(size=24, number=number)
        found = rows()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_rows() -> None:
    first = rows_of_a_run(7)
    assert first == rows_of_a_run(7)
    assert all(first.values())
    assert first["Cadre"] != rows_of_a_run(8)["Cadre"]


def own_cadres() -> CadreQuerySet:
    """Without those who come from outside for a while: the house keeps no full record of them."""
    return Cadre.objects.exclude(secondments__direction=Direction.IN)


def test_zone_and_counts() -> None:
    context = seeded()

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


def test_identities_are_valid_and_invented() -> None:
    seeded()
    for cadre in own_cadres():
        identity = read_identity(cadre.id_number, on=ON)
        assert cadre.id_number.startswith("999999")
        assert (cadre.sex, cadre.birth_month) == (identity.sex, identity.born_on.replace(day=1))
        assert cadre.staff_no is not None
        assert cadre.staff_no.startswith("YX")
        assert cadre.phone.startswith("199000")
    names = list(Cadre.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)


def test_rows_are_as_a_form_would_accept_them() -> None:
    seeded(size=30)
    for model in (Cadre, Appointment, ResumeEntry, Education, AnnualAppraisal, Honour, FamilyMember):
        for row in model._default_manager.all():
            row.clean_fields()
            row.validate_constraints()


def test_lives_make_sense() -> None:
    context = seeded()
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


def test_each_active_cadre_holds_one_post_and_no_chair_is_taken_twice() -> None:
    seeded()
    for day in (ON, date(2023, 6, 30), date(2020, 1, 1)):
        held = Appointment.objects.filter(covers(day), kind=AppointmentKind.POST)
        assert set(Counter(held.values_list("cadre_id", flat=True)).values()) == {1}
        heads = held.filter(post__headcount=1).values_list("post_id", flat=True)
        assert all(count == 1 for count in Counter(heads).values())
    active = own_cadres().filter(status=CadreStatus.ACTIVE)
    assert set(active.as_of(ON)) == set(active)


def test_no_post_has_more_holders_than_places_today() -> None:
    seeded()
    rows = Appointment.objects.filter(covers(ON), kind=AppointmentKind.POST, post__isnull=False)
    held = rows.values_list("post_id", flat=True)
    for post_id, count in Counter(held).items():
        post = Post.objects.get(pk=post_id)
        assert post.headcount is None or count <= post.headcount, post


def test_relatives_in_the_zone_name_each_other() -> None:
    context = seeded()
    named = {
        (member.cadre.name, member.name)
        for member in FamilyMember.objects.select_related("cadre")
        if member.workplace.startswith("示例经济开发区管理委员会")
    }
    assert len(named) >= 6
    assert {(second, first) for first, second in named} == named
    assert {name for pair in named for name in pair} <= {person.cadre.name for person in context.people}


def test_photos_of_many_but_not_all() -> None:
    context = seeded(size=24)
    photos = [read_photo(person.cadre) for person in context.people]
    assert 12 < len([photo for photo in photos if photo]) < 24
    assert all(photo is None or photo.startswith(b"\xff\xd8") for photo in photos)


def test_hours_have_every_status_under_both_rules() -> None:
    seeded()
    book = RuleBook.load()
    active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
    counts = count_by_status(active, ON, book)
    assert min(counts["met"], counts["on_pace"], counts["behind"]) >= 5
    county = active.filter(AT_COUNTY_LEVEL).annotate(hours_status=hours_status(ON, book))
    assert len(set(county.values_list("hours_status", flat=True))) >= 2
    assert TrainingClass.objects.filter(starts_on__gt=ON).exists()


def test_ten_times_as_many_get_sections() -> None:
    seeded(size=260)
    sections = Unit.objects.filter(kind=UnitKind.SECTION)
    assert sections.count() == 20
    assert all(unit.path.startswith(unit.parent.path) for unit in sections.select_related("parent"))


def run(**options: object) -> str:
    output = StringIO()
    call_command("seed_demo", cadres=24, on=ON, no_files=True, stdout=output, stderr=StringIO(), **options)
    return output.getvalue()


def test_one_time_passwords_are_shown_once_for_every_role() -> None:
    found = json.loads(run(as_json=True))

    assert [account["username"] for account in found["accounts"]] == [
        *("hr", "hr2", "party", "dh", "vl", "tl", "jj", "cadre", "sys", "sec", "aud")
    ]
    assert {account["role"] for account in found["accounts"]} == set(Role.labels)
    assert found["counts"]["cadre"] == Cadre.objects.count() == 24 + 4
    for account in found["accounts"]:
        user = User.objects.get(username=account["username"])
        assert check_password(account["password"], user.password)
        assert user.must_change_password
        assert user.name == account["name"]
        assert [role.label for role in _roles(user)] == [account["role"]]


def _roles(user: User) -> list[Role]:
    roles = viewer_for(user, on=ON).roles
    return sorted(roles - {Role.CADRE} or roles)


def test_the_table_is_aligned() -> None:
    lines = run().splitlines()
    assert lines[0] == "演示数据已生成：28 名干部。演示账号（首次登录须修改密码）："
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


def test_real_data_is_never_mixed_with_demo_data() -> None:
    make_cadre()
    assert run(if_empty=True) == ""
    with pytest.raises(CommandError, match="只写入空数据库"):
        run()
    assert Cadre.objects.count() == 1


def test_a_zone_of_less_than_twenty_is_refused() -> None:
    with pytest.raises(CommandError, match="至少为 20"):
        call_command("seed_demo", cadres=3)


def test_nobody_is_left_to_remind() -> None:
    seeded(size=24)
    assert remind_all(on=ON) == {"told": 0, "failed": 0}
