"""A session left alone ends by itself; a password that is too old opens only its own change."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from core.access import Role
from core.models import AuditEvent
from people.idle import SEEN
from people.models import User
from people.passwords import days_left, password_is_due
from tests.factories.api import client_of
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db


def left_alone(user: User, minutes: float) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session[SEEN] = int((timezone.now() - timedelta(minutes=minutes)).timestamp())
    session.save()
    return client


@pytest.mark.parametrize(
    ("role", "minutes", "stays"),
    [(Role.HR, 29, True), (Role.HR, 31, False), (Role.SYSADMIN, 14, True), (Role.SYSADMIN, 16, False)],
)
def test_it_ends_after_the_time_of_the_role(role: Role, minutes: int, stays: bool) -> None:
    client = left_alone(make_account(role), minutes)
    answer = client.get("/notifications/")
    assert (answer.status_code == 200) is stays
    if not stays:
        assert answer["Location"] == "/login/?next=/notifications/"
        assert "已自动退出" in client.get(answer["Location"]).content.decode()
        assert AuditEvent.objects.filter(action="logout", label__endswith="（超时）").count() == 1


def test_whoever_acts_or_types_stays_and_a_poll_does_not_count() -> None:
    client = left_alone(make_account(Role.HR), 20)
    before = client.session[SEEN]
    client.get("/notifications/", headers={"X-Poll": "1"})
    assert client.session[SEEN] == before
    assert client.post("/still-here/").status_code == 204
    assert client.session[SEEN] > before


@override_settings(IDLE_MINUTES=5)
def test_the_time_is_a_setting() -> None:
    assert left_alone(make_account(Role.HR), 6).get("/notifications/").status_code == 302


def aged(days: int) -> User:
    user = make_account(Role.HR)
    user.password_changed_at = timezone.now() - timedelta(days=days)
    user.save(update_fields=["password_changed_at"])
    return user


def test_an_old_password_opens_only_its_change() -> None:
    user = aged(91)
    client = Client()
    client.force_login(user)
    assert client.get("/notifications/")["Location"] == "/password/"
    assert "密码已用满 90 天" in client.get("/password/").content.decode()
    answer = client_of(user).get("/api/v1/notifications/")
    assert answer.status_code == 403
    with override_settings(PASSWORD_DAYS=0):
        assert client.get("/notifications/").status_code == 200


def test_two_weeks_before_it_is_said() -> None:
    now = timezone.now()
    assert [days_left(aged(days), now) for days in (60, 80, 91)] == [None, 10, 0]
    assert [password_is_due(aged(days), now) for days in (60, 80, 91)] == [False, False, True]
