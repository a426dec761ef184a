import json
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model

from core.access import Role
from people.access import viewer_for
from people.choices import UnitKind
from people.demo.context import DemoContext
from people.demo.seeding import seed, seed_people
from people.demo.structure import build_zone, places
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    Post,
    ResumeEntry,
    Unit,
    User,
)
from tests.factories.people import make_cadre
from training.models import HourRule, Participation, TrainingClass

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 2)
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


def rows() -> dict[str, list[str]]:
    """Every seeded row as text."""
    return {model.__name__: _rows_of(model) for model in SEEDED}


def _rows_of(model: type[Model]) -> list[str]:
    return sorted(map(_text, model._default_manager.select_related()))


def _text(row: Model) -> str:
    names = [f.name for f in row._meta.concrete_fields if f.name not in NOT_COMPARED]
    return " ".join(f"{name}={getattr(row, name)}" for name in names)


def rows_of_a_run(number: int) -> dict[str, list[str]]:
    with transaction.atomic():
        seed(size=24, seed=number, on=ON, say=lambda message: None, with_files=False)
        found = rows()
        transaction.set_rollback(True)
    return found


def cadres_of_a_run(number: int) -> list[str]:
    """Only the people: what the other apps add does not change who they are."""
    with transaction.atomic():
        seed_people(DemoContext(on=ON, seed=number, size=24, say=lambda message: None))
        found = _rows_of(Cadre)
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_rows() -> None:
    first = rows_of_a_run(7)
    assert first == rows_of_a_run(7)
    assert all(first.values())
    assert cadres_of_a_run(7) != cadres_of_a_run(8)


def test_ten_times_as_many_get_sections() -> None:
    context = DemoContext(on=ON, seed=1, size=260, say=lambda message: None)
    build_zone(context, places(260))
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


def test_real_data_is_never_mixed_with_demo_data() -> None:
    make_cadre()
    assert run(if_empty=True) == ""
    with pytest.raises(CommandError, match="只写入空数据库"):
        run()
    assert Cadre.objects.count() == 1


def test_a_zone_of_less_than_twenty_is_refused() -> None:
    with pytest.raises(CommandError, match="至少为 20"):
        call_command("seed_demo", cadres=3)
