import pytest
from django.conf import settings
from django.test import Client

from core.access import Role
from core.models import AuditEvent
from people.login import normalised_username
from people.models import User
from tests.factories.people import make_account

PASSWORD = "Right-Horse-7"
NEW = "Better-Horse-8"


@pytest.fixture
def user(db: None) -> User:
    return make_account(Role.HR, username="zhoumin", name="周敏", password=PASSWORD)


def log_in(client: Client, username: str = "zhoumin", password: str = PASSWORD, **extra: str):
    return client.post("/login/", {"username": username, "password": password}, **extra)


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


def test_the_right_password_leads_home_under_a_new_session_key(client: Client, user: User) -> None:
    client.get("/login/")
    before = client.session.session_key
    assert log_in(client)["Location"] == "/"
    assert client.session.session_key != before
    assert actions() == ["login.ok"]


@pytest.mark.parametrize("username", ["ZhouMin", " zhoumin ", "ｚｈｏｕｍｉｎ"])
def test_a_login_name_is_one_name_however_it_is_written(client: Client, user: User, username: str) -> None:
    assert log_in(client, username).status_code == 302


def test_wrong_unknown_and_disabled_get_the_same_answer(client: Client, user: User) -> None:
    make_account(username="gone", password=PASSWORD, is_active=False)
    attempts = (("zhoumin", "x"), ("nobody", PASSWORD), ("gone", PASSWORD))
    answers = [log_in(client, *attempt) for attempt in attempts]
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.context["form"].non_field_errors() for answer in answers] == [["账号或密码不正确。"]] * 3
    assert actions() == ["login.failed"] * 3


def test_the_page_says_how_many_tries_are_left(client: Client, user: User) -> None:
    assert "还可以再试 4 次，之后锁定 15 分钟" in log_in(client, password="x").content.decode()
    assert "还可以再试 3 次" in log_in(client, "ZHOUMIN", "x").content.decode()


def test_the_sixth_try_is_locked_even_with_the_right_password(client: Client, user: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, password="x")
    answer = log_in(client)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "15 分钟后再试" in answer.content.decode()
    assert actions()[-1] == "login.locked"


def test_neither_a_colleague_nor_another_address_is_locked(client: Client, user: User) -> None:
    make_account(username="other", password=PASSWORD)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, password="x")
    assert log_in(Client(), "other").status_code == 302
    assert log_in(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_logging_out_leaves_a_trace_and_takes_a_post(client: Client, user: User) -> None:
    log_in(client)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert actions() == ["login.ok", "logout"]
    assert client.get("/")["Location"] == "/login/?next=/"


def test_a_login_name_is_cut_to_what_the_column_holds() -> None:
    assert len(normalised_username(None, {"username": "x" * 500})) == 64


# -- the one-time password -------------------------------------------------------------------------


@pytest.fixture
def newcomer(db: None) -> Client:
    make_account(Role.HR, username="new", password=PASSWORD, must_change_password=True)
    client = Client()
    log_in(client, "new")
    return client


def change(client: Client, **changed: str):
    fields = {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW} | changed
    return client.post("/password/", fields)


def test_a_one_time_password_opens_nothing_but_its_change(newcomer: Client) -> None:
    for path in ("/", "/cadres/", "/jobs/"):
        assert newcomer.get(path)["Location"] == "/password/"
    assert newcomer.get("/api/v1/cadres/").status_code == 403
    assert "请先设置自己的密码" in newcomer.get("/password/").content.decode()
    assert change(newcomer)["Location"] == "/"
    assert newcomer.get("/").status_code == 200


def test_other_sessions_end_with_the_old_password(newcomer: Client) -> None:
    elsewhere = Client()
    log_in(elsewhere, "new")
    change(newcomer)
    assert elsewhere.get("/")["Location"] == "/login/?next=/"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"old_password": "x"}, "old_password", "现在的密码不正确"),
        ({"new_password_again": "x"}, "new_password_again", "两次输入的新密码不一致"),
        ({"new_password": "Kurz-7", "new_password_again": "Kurz-7"}, "new_password", "10"),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "new_password", "最近 5 次"),
    ],
)
def test_a_refused_password_says_why_at_its_field(newcomer: Client, changed: dict, field: str, words: str):
    answer = change(newcomer, **changed)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert PASSWORD not in answer.content.decode()


# -- an expired login ------------------------------------------------------------------------------


def test_htmx_is_sent_to_the_login_page_as_a_whole(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cadres/?q=li"}
    answer = client.get("/cadres/?q=li", headers=headers)
    assert answer["HX-Redirect"] == "/login/?next=%2Fcadres%2F%3Fq%3Dli"
