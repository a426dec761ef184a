from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.access import EXCLUSIVE_ROLES, Permission, Role
from core.errors import DomainError
from people.access import viewer_for
from people.models import RoleGrant, User
from people.services.accounts import (
    change_password,
    create_account,
    grant_role,
    reset_password,
    revoke_grant,
    set_active,
)
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def security():
    return make_viewer(Role.SECADMIN)


def grant(user, role, by, **values):
    return grant_role(user=user, role=role, starts_on=values.pop("starts_on", TODAY), by=by, **values)


def test_a_new_account_can_do_nothing_but_change_its_password():
    user, password = create_account(username=" zhang ", name="张三", by=make_viewer(Role.SYSADMIN))
    assert (user.username, user.must_change_password, user.check_password(password)) == ("zhang", True, True)
    viewer = viewer_for(user, on=TODAY)
    assert not any(viewer.can(permission) for permission in Permission)


def test_a_grant_works_from_its_day(security):
    user = make_account()
    grant(user, Role.HR, security, starts_on=TODAY + timedelta(days=1))
    assert not viewer_for(user, on=TODAY).can(Permission.EDIT_CADRE)
    assert viewer_for(user, on=TODAY + timedelta(days=1)).can(Permission.EDIT_CADRE)


def test_nobody_grants_to_himself():
    user = make_account(Role.SECADMIN)
    with pytest.raises(DomainError) as refusal:
        grant(user, Role.HR, viewer_for(user, on=TODAY))
    assert refusal.value.code == "self_action"


@pytest.mark.parametrize("first", sorted(EXCLUSIVE_ROLES))
@pytest.mark.parametrize("second", [Role.HR, Role.AUDITOR, Role.SYSADMIN])
def test_an_administrator_holds_no_second_role(security, first, second):
    if first == second:
        return
    user = make_account(first)
    with pytest.raises(DomainError) as refusal:
        grant(user, second, security)
    assert refusal.value.code == "mixed_duties"


def test_an_administrator_is_no_cadre(security):
    with pytest.raises(DomainError) as refusal:
        grant(make_account(cadre=make_cadre()), Role.AUDITOR, security)
    assert refusal.value.code == "mixed_duties"


def test_roles_that_do_not_meet_in_time_may_follow_each_other(security):
    user = make_account()
    RoleGrant.objects.create(
        user=user, role=Role.AUDITOR, starts_on=date(2020, 1, 1), ends_on=TODAY - timedelta(days=1)
    )
    assert grant(user, Role.HR, security).role == Role.HR


def test_revoking_ends_the_day_before_and_keeps_the_row(security):
    user = make_account(Role.DEPARTMENT_HEAD, unit=make_unit())
    held = user.grants.get()
    revoke_grant(grant=held, on=TODAY, by=security)
    assert held.ends_on == TODAY - timedelta(days=1)
    assert not viewer_for(user, on=TODAY).can(Permission.VIEW_CADRE)


def test_a_grant_that_never_began_is_removed(security):
    user = make_account()
    coming = grant(user, Role.HR, security, starts_on=TODAY + timedelta(days=5))
    revoke_grant(grant=coming, on=TODAY, by=security)
    assert not user.grants.exists()


def test_the_last_five_passwords_are_refused():
    user = make_account(password="Zuichu-2026")
    passwords = [f"Xinmima-{number}-Aa" for number in range(1, 7)]
    for password in passwords[:4]:
        change_password(user=user, password=password, at=timezone.now(), by=None)
    with pytest.raises(DomainError) as refusal:
        change_password(user=user, password="Zuichu-2026", at=timezone.now(), by=None)
    assert refusal.value.code == "reused_password"
    change_password(user=user, password=passwords[4], at=timezone.now(), by=None)
    change_password(user=user, password="Zuichu-2026", at=timezone.now(), by=None)
    assert User.objects.get().check_password("Zuichu-2026")


@pytest.mark.parametrize("password", ["Ab1-567", "abcdefghij", "1234567890123", "password1234"])
def test_weak_passwords_are_refused_at_the_field(password):
    with pytest.raises(DomainError) as refusal:
        change_password(
            user=make_account(password="Zuichu-2026"), password=password, at=timezone.now(), by=None
        )
    assert (refusal.value.field, refusal.value.code) == ("new_password", "weak_password")


def test_a_reset_forces_a_change():
    user = make_account(password="Zuichu-2026")
    password = reset_password(user=user, by=make_viewer(Role.SYSADMIN))
    user.refresh_from_db()
    assert user.must_change_password
    assert user.check_password(password)


def test_nobody_disables_himself():
    user = make_account(Role.SYSADMIN)
    with pytest.raises(DomainError):
        set_active(user=user, active=False, by=viewer_for(user, on=TODAY))
    other = make_account()
    set_active(user=other, active=False, by=viewer_for(user, on=TODAY))
    assert not User.objects.get(pk=other.pk).is_active
