"""What leaves the system: to whom, in which words, when, and what becomes of it."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from core.access import Role
from core.choices import ChannelKind, DeliveryState, MailSecurity
from core.models import Channel, Delivery, Notification, NotificationSetting
from core.notifications import kinds, notify, register_kind, sending
from core.notifications.channels import robots
from core.notifications.channels.robots import signature
from core.notifications.kinds import kind_of
from core.notifications.sending import drop_old, send_waiting
from core.notifications.services import change_channel
from people.access import viewer_for
from people.contracts import duties_of
from people.models import User
from tests.core.notifications.conftest import Group, PostOffice, mail_channel
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 3, 5, 12))
NIGHT = timezone.make_aware(datetime(2026, 3, 5, 23))
register_kind("sample.task", "任务提醒")
register_kind("sample.talk", "谈话", sealed=True)


@pytest.fixture
def user(db: None) -> User:
    return make_account(Role.HR, name="周示例")


def tell(*users: User, key: str = "k", title: str = "任务今天到期", kind: str = "sample.task") -> None:
    notify(
        recipients=[user.pk for user in users],
        kind=kind,
        title=title,
        key=key,
        on=date(2026, 3, 5),
        url_name="notification-settings",
    )
    Delivery.objects.update(created_at=NOON)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def problem() -> str:
    return Delivery.objects.get().problem


# -- the work group ------------------------------------------------------------------------------


def test_the_group_hears_the_name_and_the_kind(user: User, wecom: Channel, group: Group) -> None:
    tell(user)
    assert send_waiting(at=NOON).sent == 1
    assert send_waiting(at=NOON).sent == 0
    (said,) = group.said
    assert "周示例：任务提醒" in said
    assert "到期" not in said
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.sent_at, delivery.attempts) == (DeliveryState.SENT, NOON, 1)


def test_the_group_hears_titles_where_that_was_chosen(user: User, wecom: Channel, group: Group) -> None:
    Channel.objects.update(shows_titles=True, site_url="https://gb.example.gov.cn")
    tell(user)
    send_waiting(at=NOON)
    assert "周示例：任务今天到期" in group.said[0]
    assert group.said[0].endswith("请登录系统查看“通知”：https://gb.example.gov.cn")


def test_of_a_sealed_matter_only_that_there_is_one(user: User, wecom: Channel, group: Group) -> None:
    Channel.objects.update(shows_titles=True)
    tell(user, kind="sample.talk", title="与张某谈话")
    send_waiting(at=NOON)
    assert "周示例：有一条待办" in group.said[0]
    assert "张某" not in group.said[0]


def test_many_share_a_message_as_far_as_it_goes(wecom: Channel, group: Group) -> None:
    people = [make_account(Role.HR, name=f"示例同志{number:02}") for number in range(70)]
    tell(*people)
    assert send_waiting(at=NOON).sent == 70
    assert len(group.said) == 2
    assert max(len(said.encode()) for said in group.said) <= robots.MOST_BYTES
    assert all(sum(f"{one.name}：" in said for said in group.said) == 1 for one in people)


def test_dingtalk_signs(user: User, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    Channel.objects.create(kind=ChannelKind.DINGTALK, enabled=True, webhook=group.url, secret="SEC1")
    monkeypatch.setattr(robots.time, "time", lambda: 1_700_000_000.0)
    tell(user)
    assert send_waiting(at=NOON).sent == 1
    # computed with openssl: printf '1700000000000\nSEC1' | openssl dgst -sha256 -hmac SEC1 -binary | base64
    assert signature("SEC1", "1700000000000") == "ukR4+WoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio="
    assert group.paths[0].startswith("/robot/send?key=very-secret-key&timestamp=1700000000000&sign=")


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (500, {"errcode": 0}, "HTTP 500"),
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "代码 93000"),
        (200, {"hello": 1}, "不是群机器人的格式"),
    ],
)
def test_what_is_refused_is_not_sent_again(
    user: User, wecom: Channel, group: Group, status: int, answer: dict, words: str
) -> None:
    group.status, group.answer = status, answer
    tell(user)
    assert send_waiting(at=NOON).failed == 1
    send_waiting(at=NOON)
    assert (states(), len(group.said)) == ([DeliveryState.FAILED], 1)
    assert words in problem()
    assert "very-secret-key" not in problem()


def test_no_redirect_is_followed(user: User, wecom: Channel, group: Group) -> None:
    group.status, group.headers = 307, {"Location": f"{group.url}&again=1"}
    tell(user)
    send_waiting(at=NOON)
    assert (len(group.paths), problem()) == (1, "对方要求转到别的网址，没有跟随")


def test_who_was_too_fast_tries_again(user: User, wecom: Channel, group: Group) -> None:
    group.answer = {"errcode": 45009, "errmsg": "api freq out of limit"}
    tell(user)
    send_waiting(at=NOON)
    assert states() == [DeliveryState.WAITING]
    group.answer = {"errcode": 0}
    assert send_waiting(at=NOON).sent == 0  # let alone for a quarter of an hour
    assert send_waiting(at=NOON + sending.FIRST_REST).sent == 1
    assert Channel.objects.get().failures == 0


def test_a_dead_host_claims_nothing(user: User, wecom: Channel) -> None:
    Channel.objects.update(enabled=True)
    channel = Channel.objects.get()
    channel.webhook = "http://127.0.0.1:9/send"
    channel.save()
    tell(user)
    assert send_waiting(at=NOON).waiting == 1
    assert (states(), problem()) == ([DeliveryState.WAITING], "连不上对方")


def test_a_channel_turned_off_sends_nothing(user: User, wecom: Channel, group: Group) -> None:
    tell(user)
    Channel.objects.update(enabled=False)
    assert send_waiting(at=NOON).sent == 0
    assert group.said == []


# -- what does not get through -----------------------------------------------------------------------


def test_a_channel_out_of_reach_is_let_alone_longer_each_time_and_holds_nobody_up(
    user: User, wecom: Channel, group: Group
) -> None:
    """钉钉 is dead, 企业微信 is not: the one waits, the other hears at once."""
    Channel.objects.create(kind=ChannelKind.DINGTALK, enabled=True, webhook="http://127.0.0.1:9/send")
    NotificationSetting.objects.create(user=user, quiet_from=None, quiet_until=None)
    tell(user)
    now, tries = NOON, []
    assert send_waiting(at=now).sent == 1
    for _ in range(7):
        dead = Channel.objects.get(kind=ChannelKind.DINGTALK)
        tries.append((dead.failures, (dead.retry_at - now) // timedelta(minutes=1)))
        send_waiting(at=dead.retry_at - timedelta(seconds=1))
        assert Channel.objects.get(kind=ChannelKind.DINGTALK).failures == dead.failures
        now = dead.retry_at
        Delivery.objects.update(created_at=now)
        send_waiting(at=now)
    assert tries == [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 360), (7, 360)]
    assert Delivery.objects.get(channel=ChannelKind.DINGTALK).state == DeliveryState.WAITING
    assert len(group.said) == 1


def test_the_administrator_sees_it_at_home_and_on_the_page_until_it_is_put_right(
    user: User, wecom: Channel
) -> None:
    Channel.objects.update(failures=3, retry_at=NOON)
    sysadmin = viewer_for(make_account(Role.SYSADMIN), on=NOON.date())
    seen = [d.title for d in duties_of(sysadmin) if d.key == "people.channels"]
    assert seen == ["1 个通知渠道发送受阻"]
    assert not [d for d in duties_of(viewer_for(user, on=NOON.date())) if d.key == "people.channels"]
    change_channel(kind=ChannelKind.WECOM, values={"shows_titles": True}, by=sysadmin)
    assert (Channel.objects.get().failures, Channel.objects.get().retry_at) == (0, None)


# -- never the content of a sealed record ------------------------------------------------------------

CANARY = "金丝雀7319"


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_no_channel_carries_anything_of_a_sealed_matter(
    kind: str, user: User, group: Group, post_office: PostOffice
) -> None:
    """The whole of what goes over the wire is looked through, with every switch at its most talkative."""
    if kind == ChannelKind.EMAIL:
        NotificationSetting.objects.create(user=user, by_email=True, email="zhou@example.gov.cn")
        mail_channel(post_office)
    else:
        Channel.objects.create(kind=kind, enabled=True, webhook=group.url)
    Channel.objects.update(shows_titles=True, site_url="https://gb.example.gov.cn")
    notify(
        recipients=[user.pk],
        kind="sample.talk",
        title=f"与{CANARY}谈话",
        detail=f"谈{CANARY}的事",
        key=f"talk:{CANARY}",
        on=date(2026, 3, 5),
        url_name="notification-settings",
    )
    Delivery.objects.update(created_at=NOON)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend"):
        assert send_waiting(at=NOON).sent == 1
    wire = [*group.said, *group.paths, *post_office.texts, *(str(one) for one in post_office.letters)]
    assert wire
    assert not [words for words in wire if CANARY in words]
    assert any("有一条待办" in words for words in wire)


def test_every_kind_of_the_closed_room_is_sealed_and_nothing_of_it_goes_up() -> None:
    of_the_room = [kind_of(key) for key, _ in kinds.choices() if key.startswith("wellbeing.")]
    # Who plays at which sports day is told to everybody anyway.
    assert [kind.key for kind in of_the_room if not kind.sealed] == ["wellbeing.activity"]
    room = Path(settings.BASE_DIR) / "wellbeing"
    assert [path.name for path in room.rglob("*.py") if "escalates=True" in path.read_text("utf-8")] == []


# -- mail -----------------------------------------------------------------------------------------


@pytest.fixture
def post(user: User) -> Channel:
    NotificationSetting.objects.create(user=user, by_email=True, by_robot=False, email="zhou@example.gov.cn")
    return Channel.objects.create(
        kind=ChannelKind.EMAIL,
        enabled=True,
        host="mail.example.gov.cn",
        port=465,
        security=MailSecurity.SSL,
        sender="gb@example.gov.cn",
        site_url="https://gb.example.gov.cn/",
    )


def test_one_mail_holds_what_waits_for_a_person(user: User, post: Channel, settings: Settings) -> None:
    tell(user)
    tell(user, key="other", title="与张某谈话", kind="sample.talk")
    assert send_waiting(at=NOON).sent == 2
    (letter,) = mail.outbox
    assert (letter.to, letter.from_email) == (["zhou@example.gov.cn"], "gb@example.gov.cn")
    assert letter.subject == f"【{settings.ZONE_NAME}干部发展与培训管理系统】您有 2 条通知"
    assert "· 任务今天到期\n  https://gb.example.gov.cn/notifications/settings/" in letter.body
    assert "有一条待办" in letter.body
    assert "张某" not in letter.body


def test_mail_does_not_leave_the_allowed_domains(user: User, post: Channel) -> None:
    Channel.objects.update(allowed_domains="other.gov.cn，third.gov.cn")
    tell(user)
    assert send_waiting(at=NOON).sent == 0
    Channel.objects.update(allowed_domains="@EXAMPLE.gov.cn, other.gov.cn")
    assert send_waiting(at=NOON).sent == 1


def test_a_dead_mail_server_claims_nothing(user: User, post: Channel, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    Channel.objects.update(host="127.0.0.1", port=9)
    tell(user)
    send_waiting(at=NOON)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("waiting", 0, "连不上发件服务器")


# -- when, and what is no longer wanted ------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "at", "quiet"),
    [
        (time(21, 30), time(7, 30), NIGHT, True),
        (time(21, 30), time(7, 30), NOON, False),
        (time(21, 30), time(7, 30), NOON.replace(hour=7, minute=30), False),
        (time(11), time(13), NOON, True),
        (time(12), time(13), NOON, True),
        (time(11), time(12), NOON, False),
        (time(12), time(12), NOON, False),
        (None, None, NIGHT, False),
    ],
)
def test_quiet_hours(start: time | None, end: time | None, at: datetime, quiet: bool) -> None:
    assert NotificationSetting(quiet_from=start, quiet_until=end).is_quiet(at) is quiet


def test_the_night_is_quiet_for_who_has_chosen_nothing(user: User, wecom: Channel, group: Group) -> None:
    owl = make_account(Role.HR, name="夜猫")
    NotificationSetting.objects.create(user=owl, quiet_from=None, quiet_until=None)
    tell(user, owl)
    assert send_waiting(at=NIGHT).sent == 1
    assert "夜猫" in group.said[0]
    assert send_waiting(at=NIGHT + timedelta(hours=12)).sent == 1


def test_at_noon_only_those_who_said_so_are_quiet(user: User, wecom: Channel) -> None:
    napper = make_account(Role.HR)
    NotificationSetting.objects.create(user=napper, quiet_from=time(12), quiet_until=time(14))
    tell(user, napper)
    assert send_waiting(at=NOON).sent == 1
    assert Delivery.objects.waiting().get().notification.recipient == napper


def test_what_was_read_or_is_not_wanted_does_not_leave(user: User, wecom: Channel, group: Group) -> None:
    other, gone = make_account(Role.HR), make_account(Role.HR)
    tell(user, other, gone)
    Notification.objects.filter(recipient=user).update(read_at=NOON)
    NotificationSetting.objects.create(user=other, by_robot=False)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    send_waiting(at=NOON)
    assert (states(), group.said) == ([DeliveryState.EXPIRED] * 3, [])


def test_old_news_is_not_sent(user: User, wecom: Channel, group: Group) -> None:
    tell(user)
    send_waiting(at=NOON + timedelta(days=3, minutes=1))
    assert (states(), problem(), group.said) == ([DeliveryState.EXPIRED], "超过三天未能发出", [])


def test_what_a_killed_process_had_claimed_is_closed(user: User, wecom: Channel, group: Group) -> None:
    tell(user)
    Delivery.objects.update(state=DeliveryState.CLAIMED, claimed_at=NOON)
    send_waiting(at=NOON + sending.LOST)
    assert states() == [DeliveryState.CLAIMED]
    send_waiting(at=NOON + sending.LOST + timedelta(minutes=1))
    assert (states(), group.said) == ([DeliveryState.FAILED], [])
    assert "不再重发" in problem()


def test_old_notifications_are_forgotten(user: User) -> None:
    for key, created, read in (("a", 500, None), ("b", 200, 190), ("c", 200, None), ("d", 20, 10)):
        tell(user, key=key)
        row = Notification.objects.filter(key=key)
        row.update(created_at=NOON - timedelta(days=created))
        row.update(read_at=read and NOON - timedelta(days=read))
    assert drop_old(at=NOON) == 2
    assert set(Notification.objects.values_list("key", flat=True)) == {"c", "d"}
