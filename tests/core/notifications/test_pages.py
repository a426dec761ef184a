"""The bell, the list, the settings and the channels, through the whole stack."""

from datetime import date, datetime, time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.choices import ChannelKind
from core.models import AuditEvent, Channel, Notification, NotificationSetting
from core.notifications import register_kind
from people.models import User
from tests.core.notifications.conftest import Group
from tests.factories.people import make_account, make_cadre

pytestmark = pytest.mark.django_db
register_kind("sample.task", "任务提醒")
register_kind("sample.class", "培训班次")


def login(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="people.backends.AccountBackend")
    return client


@pytest.fixture
def user(db: None) -> User:
    return make_account(Role.CADRE, cadre=make_cadre())


@pytest.fixture
def page(user: User) -> Client:
    return login(user)


def told(
    user: User, title: str = "任务今天到期", *, kind: str = "sample.task", **values: object
) -> Notification:
    count = Notification.objects.count()
    defaults = {"key": f"k{count}", "on": date(2026, 3, 5), "url_name": "notification-settings"}
    return Notification.objects.create(recipient=user, kind=kind, title=title, **defaults | values)


def shown(client: Client, query: str = "") -> str:
    return client.get(reverse("notifications") + query).content.decode()


def test_the_bell_counts_what_is_unread(user: User, page: Client) -> None:
    assert '<span class="badge">' not in shown(page)
    told(user)
    told(user, read_at=timezone.now())
    told(make_account(Role.CADRE))
    content = page.get(reverse("home")).content.decode()
    assert '<span class="badge">1</span>' in content
    assert "通知，1 条未读" in content


def test_the_bell_stops_counting(user: User, page: Client) -> None:
    for _ in range(101):
        told(user)
    assert '<span class="badge">99+</span>' in shown(page)


def test_one_query_for_the_bell(user: User, page: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        page.get(reverse("notifications"))
    for number in range(3):
        told(user, kind=f"sample.{number}")
    with CaptureQueriesContext(connection) as more:
        page.get(reverse("notifications"))
    asked = [query["sql"] for query in more if "core_notification" in query["sql"]]
    assert len(asked) == 4  # the bell, the kinds, the page and its count
    assert len(more) <= len(few) + 1 <= 12


def test_the_list_is_one_s_own_with_filters(user: User, page: Client) -> None:
    told(user, "今天有班", kind="sample.class")
    told(user, "旧的", read_at=timezone.now(), on=date(2026, 1, 5))
    told(make_account(Role.CADRE), "别人的")
    content = shown(page)
    assert "今天有班" in content
    assert "旧的" in content
    assert "别人的" not in content
    assert "培训班次 <b" in content
    assert "旧的" not in shown(page, "?unread=true")
    assert "今天有班" not in shown(page, "?kind=sample.task")
    assert "旧的" not in shown(page, "?since=2026-02-01")
    assert "没有符合条件的通知" in shown(page, "?q=没有这个")


def test_opening_goes_there_and_counts_as_reading(user: User, page: Client) -> None:
    row = told(user)
    answer = page.get(reverse("notification", args=[row.pk]))
    row.refresh_from_db()
    assert (answer.url, row.read_at is not None) == (reverse("notification-settings"), True)


@pytest.mark.parametrize("url_name", ["", "gone:place", "job"])
def test_a_place_that_is_gone_leads_to_the_list(user: User, page: Client, url_name: str) -> None:
    row = told(user, url_name=url_name)
    assert page.get(reverse("notification", args=[row.pk])).url == reverse("notifications")


def test_another_s_notification_does_not_exist(page: Client) -> None:
    row = told(make_account(Role.CADRE))
    assert page.get(reverse("notification", args=[row.pk])).status_code == 404
    page.post(reverse("notifications-read"), {"chosen": [row.pk], "all": "1"})
    row.refresh_from_db()
    assert row.read_at is None


def test_marking_chosen_and_all(user: User, page: Client) -> None:
    rows = [told(user) for _ in range(3)]
    answer = page.post(reverse("notifications-read"), {"chosen": [rows[0].pk, "x", "9" * 30]}, follow=True)
    assert "已把 1 条通知标为已读" in answer.content.decode()
    answer = page.post(reverse("notifications-read"), {"all": "1"}, follow=True)
    assert "已把 2 条通知标为已读" in answer.content.decode()
    assert page.get(reverse("notifications-read")).status_code == 405


# -- one's own settings ------------------------------------------------------------------------------

SETTING = {"by_email": "on", "email": "li@example.gov.cn", "quiet_from": "22:00", "quiet_until": "06:30"}


def test_settings_are_kept_and_shown_again(user: User, page: Client) -> None:
    url = reverse("notification-settings")
    assert "本系统目前只在站内通知" in page.get(url).content.decode()
    assert page.post(url, SETTING).status_code == 302
    own = NotificationSetting.objects.get(user=user)
    assert (own.email, own.by_email, own.by_robot) == ("li@example.gov.cn", True, False)
    assert (own.quiet_from, own.quiet_until) == (time(22), time(6, 30))
    Channel.objects.create(kind=ChannelKind.EMAIL, enabled=True)
    again = page.get(url).content.decode()
    assert 'value="li@example.gov.cn"' in again
    assert 'value="22:00"' in again
    assert "本系统目前只在站内通知" not in again
    event = AuditEvent.objects.get(action="notice.setting")
    assert "li@example.gov.cn" not in str(event.changes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": ""}, "请填写邮箱地址"),
        ({"email": "li@qq.com"}, "只能使用以下域名的邮箱：example.gov.cn"),
        ({"quiet_until": ""}, "开始和结束请一起填写"),
        ({"email": "no address"}, "请填写完整的邮箱地址"),
    ],
)
def test_settings_that_make_no_sense(page: Client, change: dict, words: str) -> None:
    Channel.objects.create(kind=ChannelKind.EMAIL, allowed_domains="example.gov.cn")
    answer = page.post(reverse("notification-settings"), SETTING | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()


# -- channels ------------------------------------------------------------------------------------------


@pytest.fixture
def admin(db: None) -> User:
    return make_account(Role.SYSADMIN, name="系统管理员甲")


def robot(client: Client, **values: str) -> object:
    return client.post(reverse("channel", args=["dingtalk"]), values)


def test_secrets_go_in_and_never_come_out(admin: User) -> None:
    client = login(admin)
    robot(client, enabled="on", webhook="https://robot.example.cn/send?token=tok-123", secret="SEC-456")
    robot(client, enabled="on", shows_titles="on")  # nothing typed: the secrets stay
    channel = Channel.objects.get()
    assert (channel.webhook, channel.secret) == ("https://robot.example.cn/send?token=tok-123", "SEC-456")
    assert channel.shows_titles
    pages = (
        client.get(reverse("channel", args=["dingtalk"])).content + client.get(reverse("channels")).content
    )
    assert b"tok-123" not in pages
    assert b"SEC-456" not in pages
    assert "已保存，不再显示" in pages.decode()
    events = AuditEvent.objects.filter(action="channel.change")
    assert events.count() == 2
    assert not any("tok-123" in str(event.changes) for event in events)


@pytest.mark.parametrize(
    ("webhook", "words"),
    [
        ("", "启用前请填写机器人地址"),
        ("ftp://robot.example.cn", "完整网址"),
        ("file:///etc/passwd", "完整网址"),
        ("https://user:pw@robot.example.cn/", "完整网址"),
        ("https:///send", "完整网址"),
        ("https://robot.example.cn:99999/", "完整网址"),
        ("https://机器人.cn/", "完整网址"),
    ],
)
def test_addresses_that_are_not_called(admin: User, webhook: str, words: str) -> None:
    answer = robot(login(admin), enabled="on", webhook=webhook)
    assert words in answer.content.decode()
    assert not Channel.objects.filter(enabled=True).exists()


def test_mail_needs_a_server_before_it_is_on(admin: User) -> None:
    url = reverse("channel", args=["email"])
    answer = login(admin).post(url, {"enabled": "on", "security": "ssl"})
    assert "启用前请填写发件服务器" in answer.content.decode()
    values = {"enabled": "on", "security": "ssl", "host": "mail.example.gov.cn", "port": "465"}
    assert login(admin).post(url, values | {"sender": "gb@example.gov.cn"}).status_code == 302


def test_a_test_message(admin: User, wecom: Channel, group: Group) -> None:
    client = login(admin)
    url = reverse("channel-test", args=["wecom"])
    answer = client.post(url, follow=True).content.decode()
    assert "已通过企业微信群机器人发出一条测试消息" in answer
    assert "系统管理员甲：测试消息" in group.said[0]
    wecom.refresh_from_db()
    assert wecom.tested_at is not None
    group.status = 403
    assert "测试没有成功：对方回答 HTTP 403。" in client.post(url, follow=True).content.decode()
    results = (
        AuditEvent.objects.filter(action="channel.test").order_by("seq").values_list("result", flat=True)
    )
    assert list(results) == ["ok", "failed"]


def test_a_test_mail_goes_to_the_administrator(admin: User) -> None:
    Channel.objects.create(kind="email", enabled=True, host="h", port=25, sender="gb@example.gov.cn")
    client = login(admin)
    url = reverse("channel-test", args=["email"])
    assert "请先在“通知设置”里填写邮箱" in client.post(url, follow=True).content.decode()
    NotificationSetting.objects.create(user=admin, email="sys@example.gov.cn")
    client.post(url)
    assert mail.outbox[0].to == ["sys@example.gov.cn"]


def test_channels_are_the_system_administrator_s(page: Client) -> None:
    Channel.objects.create(kind="wecom")
    assert page.get(reverse("channels")).status_code == 404
    assert page.post(reverse("channel-test", args=["wecom"])).status_code == 404
    assert page.post(reverse("channel", args=["wecom"]), {"enabled": "on"}).status_code == 404


# -- API -------------------------------------------------------------------------------------------


def test_the_api_lists_and_marks_one_s_own(user: User, page: Client) -> None:
    row, other = told(user), told(user, "另一条", kind="sample.class")
    told(make_account(Role.CADRE), "别人的")
    found = page.get("/api/v1/notifications/?unread=true").json()["results"]
    assert [one["title"] for one in found] == ["另一条", "任务今天到期"]
    assert found[1]["kind_label"] == "任务提醒"
    assert found[1]["path"] == reverse("notification-settings")
    assert page.get("/api/v1/notifications/?kind=sample.class").json()["count"] == 1
    marked = page.post(f"/api/v1/notifications/{row.pk}/read/").json()
    assert marked["read_at"] is not None
    assert page.post("/api/v1/notifications/read-all/").json() == {"marked": 1}
    other.refresh_from_db()
    assert isinstance(other.read_at, datetime)
