"""Tokens: taken with a password, hashed, revocable, under the same lock-out as the page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from core.access import Role
from core.models import AuditEvent
from people.models import User
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db
LOGIN, LOGOUT, CADRES = "/api/v1/auth/login/", "/api/v1/auth/logout/", "/api/v1/cadres/"
PASSWORD = "Correct-Horse-9"


def take(username: str, password: str = PASSWORD) -> object:
    return APIClient().post(LOGIN, {"username": username, "password": password}, format="json")


def bearing(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture
def staff() -> User:
    make_cadre(unit=make_unit())
    return make_account(Role.HR, password=PASSWORD, username="zhoumin")


def test_a_token_reads_and_is_revoked(staff: User) -> None:
    answer = take(" ZhouMin ")
    assert answer.status_code == 200, answer.content
    client = bearing(answer.json()["token"])
    assert client.get(CADRES).json()["count"] == 1
    assert answer.json()["token"] not in str(AuthToken.objects.values())
    ends = AuthToken.objects.get().expiry
    assert timedelta(hours=7) < ends - timezone.now() <= timedelta(hours=8)

    assert client.post(LOGOUT).status_code == 204
    assert client.get(CADRES).status_code == 401
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["login.ok", "logout"]


@pytest.mark.parametrize("username", ["zhoumin", "nobody"])
def test_wrong_credentials_say_nothing_more(staff: User, username: str) -> None:
    answer = take(username, "wrong")
    assert (answer.status_code, answer.json()["message"]) == (401, "账号或密码不正确。")
    assert AuditEvent.objects.get().action == "login.failed"


def test_five_wrong_passwords_lock_the_account(staff: User) -> None:
    assert [take("zhoumin", "wrong").status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    locked = take("zhoumin")
    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert "15 分钟" in locked.json()["message"]
    assert int(locked["Retry-After"]) == 900


def test_a_one_time_password_opens_nothing(staff: User) -> None:
    token = take("zhoumin").json()["token"]
    User.objects.update(must_change_password=True)
    assert take("zhoumin").json()["code"] == "password_change_required"
    assert bearing(token).get(CADRES).json()["code"] == "password_change_required"


def test_a_changed_password_and_a_disabled_account_end_the_token(staff: User) -> None:
    token = take("zhoumin").json()["token"]
    User.objects.update(password_changed_at=timezone.now())
    assert bearing(token).get(CADRES).status_code == 401
    User.objects.update(password_changed_at=None, is_active=False)
    assert bearing(token).get(CADRES).status_code == 401
    assert take("zhoumin").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "x y", "é", "0" * 5000, "\x00"])
def test_garbled_tokens(staff: User, token: str) -> None:
    assert bearing(token).get(CADRES).status_code == 401
