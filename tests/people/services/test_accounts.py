from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from core.access import EXCLUSIVE_ROLES, Permission, Role
from core.errors import DomainError
from core.models import AuditEvent
from people.access import viewer_for
from people.models import Cadre, RoleGrant, User
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


def test_a_link_to_a_cadre_opens_nothing_before_the_security_administrator_grants_it(security):
    """Whoever makes the account knows its password."""
    cadre = make_cadre(unit=make_unit())
    user, _ = create_account(username="wang", name="王示例", cadre=cadre, by=make_viewer(Role.SYSADMIN))
    assert not any(viewer_for(user, on=TODAY).can(permission) for permission in Permission)
    grant(user, Role.CADRE, security)
    assert Cadre.objects.visible_to(viewer_for(user, on=TODAY)).get() == cadre


@pytest.mark.parametrize(("linked", "with_unit"), [(False, False), (True, True)])
def test_the_own_record_is_granted_to_linked_accounts_without_a_part(security, linked, with_unit):
    user = make_account()
    user.cadre = make_cadre() if linked else None
    user.save()
    with pytest.raises(DomainError) as refusal:
        grant(user, Role.CADRE, security, unit=make_unit() if with_unit else None)
    assert refusal.value.code == "no_own_record"


@pytest.mark.parametrize("role", sorted(EXCLUSIVE_ROLES))
def test_no_administrator_takes_over_another_by_a_reset(role):
    """With the password of the security administrator, the system administrator could grant itself all."""
    user = make_account(role, username="other", password="Old-Horse-75")
    with pytest.raises(DomainError) as refusal:
        reset_password(user=user, by=make_viewer(Role.SYSADMIN))
    assert (refusal.value.code, user.check_password("Old-Horse-75")) == ("administrator", True)
    assert "manage reset_password other" in refusal.value.message


def test_the_command_on_the_server_resets_an_administrator(capsys):
    user = make_account(Role.SECADMIN, username="security")
    call_command("reset_password", "security")
    user.refresh_from_db()
    assert user.check_password(capsys.readouterr().out.split("\t")[1])
    assert (user.must_change_password, AuditEvent.objects.get().action) == (True, "password.reset")
    with pytest.raises(CommandError, match="没有登录名"):
        call_command("reset_password", "nobody")


def test_a_session_and_a_token_do_not_survive_being_disabled(client):
    user = make_account()
    client.force_login(user, backend="people.backends.AccountBackend")
    token = AuthToken.objects.create(user=user)[1]
    for active in (False, True):
        set_active(user=user, active=active, by=make_viewer(Role.SYSADMIN))
    answers = [client.get("/"), Client().get("/api/v1/units/", headers={"Authorization": f"Token {token}"})]
    assert [answer.status_code for answer in answers] == [302, 401]


def test_a_one_time_password_grows_old(client):
    issued = timezone.now() - timedelta(hours=73)
    user, password = create_account(username="wang", name="王示例", by=None, issued_at=issued)
    answer = client.post("/login/", {"username": "wang", "password": password})
    assert "一次性密码已超过 72 小时" in answer.content.decode()
    password = reset_password(user=user, by=make_viewer(Role.SYSADMIN), issued_at=timezone.now())
    assert client.post("/login/", {"username": "wang", "password": password}).status_code == 302


@pytest.mark.parametrize("password", ["my-Wang-2026", "王示例-Horse-7"])
def test_a_password_does_not_contain_the_own_name(password):
    user = make_account(username="wang", name="王示例", password="Old-Horse-75")
    with pytest.raises(DomainError, match="不能含有登录名或姓名"):
        change_password(user=user, password=password, at=timezone.now(), by=None)
