import re
from datetime import date

import pytest
from django.test import Client

from core.access import Role
from core.models import AuditEvent
from people.models import Cadre, RoleGrant, User
from tests.factories.people import make_account


@pytest.fixture
def sysadmin(log_in) -> Client:
    return log_in(Role.SYSADMIN)


@pytest.fixture
def secadmin(log_in) -> Client:
    return log_in(Role.SECADMIN, username="security")


def test_a_new_account_shows_its_one_time_password_once(sysadmin: Client, cadre: Cadre) -> None:
    fields = {"username": "wang", "name": "王示例", "staff_no": cadre.staff_no}
    answer = sysadmin.post("/accounts/new/", fields)
    password = re.search(r'class="otp">([^<]+)<', answer.content.decode()).group(1)
    user = User.objects.get(username="wang")
    assert (user.cadre, user.must_change_password, user.check_password(password)) == (cadre, True, True)
    assert password not in sysadmin.get(f"/accounts/{user.pk}/").content.decode()


def test_an_unknown_staff_number_and_a_taken_name_are_refused(sysadmin: Client) -> None:
    make_account(username="wang")
    answer = sysadmin.post("/accounts/new/", {"username": "wang", "name": "王", "staff_no": "没有"})
    assert "没有工号为“没有”的干部" in answer.content.decode()
    answer = sysadmin.post("/accounts/new/", {"username": "wang", "name": "王"})
    assert answer.context["form"].errors["username"] == ["该登录名已被使用。"]


def test_a_reset_gives_another_one_time_password(sysadmin: Client) -> None:
    user = make_account(password="Right-Horse-7")
    answer = sysadmin.post(f"/accounts/{user.pk}/reset/")
    password = re.search(r'class="otp">([^<]+)<', answer.content.decode()).group(1)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


def test_an_account_is_disabled_and_enabled(sysadmin: Client) -> None:
    user = make_account(name="王示例")
    assert "停用王示例" in sysadmin.get(f"/accounts/{user.pk}/switch/").content.decode()
    for expected in (False, True):
        sysadmin.post(f"/accounts/{user.pk}/switch/")
        user.refresh_from_db()
        assert user.is_active is expected


def test_a_role_is_granted_for_a_part_and_a_time_and_taken_back(secadmin: Client, office) -> None:
    user = make_account()
    fields = {"role": "DH", "unit": office.pk, "starts_on": "2026-01-01", "reason": "任职文件"}
    assert secadmin.post(f"/accounts/{user.pk}/grants/new/", fields).status_code == 302
    grant = RoleGrant.objects.get(user=user)
    assert (grant.role, grant.unit, grant.starts_on, grant.ends_on) == ("DH", office, date(2026, 1, 1), None)
    assert "部门负责人" in secadmin.get(f"/accounts/{user.pk}/").content.decode()
    secadmin.post(f"/accounts/{user.pk}/grants/{grant.pk}/")
    grant.refresh_from_db()
    assert grant.ends_on is not None


@pytest.mark.parametrize("role", ["SYS", "SEC", "AUD"])
def test_administrators_hold_one_role_only(secadmin: Client, role: str) -> None:
    user = make_account(Role.HR)
    answer = secadmin.post(f"/accounts/{user.pk}/grants/new/", {"role": role, "starts_on": "2026-01-01"})
    assert answer.status_code == 422
    assert "须由专人担任" in answer.context["form"].errors["role"][0]


def test_nobody_grants_to_himself(secadmin: Client) -> None:
    me = User.objects.get(username="security")
    answer = secadmin.post(f"/accounts/{me.pk}/grants/new/", {"role": "HR", "starts_on": "2026-01-01"})
    assert "不能给自己授权" in answer.content.decode()


def test_the_list_shows_the_roles_of_today(secadmin: Client) -> None:
    make_account(Role.HR, username="hr1")
    rows = {row.username: row.role_words for row, _ in secadmin.get("/accounts/").context["rows"]}
    assert rows["hr1"] == ["组织人事专员（全区）"]
    assert [row.username for row, _ in secadmin.get("/accounts/?role=HR").context["rows"]] == ["hr1"]


# -- the audit log ---------------------------------------------------------------------------------


@pytest.fixture
def auditor(log_in) -> Client:
    return log_in(Role.AUDITOR)


def test_the_auditor_reads_who_did_what_and_checks_the_chain(
    auditor: Client, hr: Client, cadre: Cadre
) -> None:
    hr.post(f"/cadres/{cadre.pk}/appraisal/new/", {"year": "2025", "grade": "excellent"})
    event = AuditEvent.objects.latest("seq")
    html = auditor.get(f"/audit/{event.seq}/").content.decode()
    assert "优秀" in html
    page = auditor.get("/audit/?action=cadre.update")
    assert [row.seq for row, _ in page.context["rows"]] == [event.seq]
    answer = auditor.post("/audit/verify/", follow=True)
    assert "日志校验通过" in answer.content.decode()


def test_an_export_of_the_log_is_itself_an_event(auditor: Client, hr: Client, cadre: Cadre) -> None:
    hr.get(f"/cadres/{cadre.pk}/?tab=family")
    assert auditor.get("/audit/?export=xlsx").status_code == 200
    assert AuditEvent.objects.latest("seq").action == "export"
