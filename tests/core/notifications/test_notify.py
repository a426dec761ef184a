"""`notify`: once per matter, person and day, whatever happens in between."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.access import Role
from core.choices import ChannelKind, DeliveryState
from core.models import Channel, Delivery, Notification, NotificationSetting
from core.notifications import notify, retract
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 5)


def tell(*recipients: int, key: str = "task:1", on: date = TODAY, **more: object) -> int:
    values = {"kind": "park.task", "title": "任务今天到期", "url_name": "home", "args": (1, "a")} | more
    return notify(recipients=recipients, key=key, on=on, **values)


@pytest.fixture
def users() -> list[int]:
    return [make_account(Role.HR).pk for _ in range(3)]


def test_each_person_is_told_once_a_day(users: list[int]) -> None:
    assert tell(*users) == 3
    assert tell(*users) == 0
    assert tell(*users, on=date(2026, 3, 6)) == 3
    assert tell(*users, key="task:2") == 3
    first = Notification.objects.filter(recipient_id=users[0], key="task:1", on=TODAY).get()
    assert (first.title, first.url_name, first.args, first.read_at) == (
        "任务今天到期",
        "home",
        [1, "a"],
        None,
    )


def test_a_second_call_tells_only_those_who_are_missing(users: list[int]) -> None:
    tell(users[0])
    assert tell(*users, users[1]) == 2
    assert Notification.objects.count() == 3


def test_nobody_is_told_of_a_change_that_does_not_stand(users: list[int]) -> None:
    with transaction.atomic():
        tell(*users)
        transaction.set_rollback(True)
    assert Notification.objects.count() == 0


def test_who_has_left_is_not_told(users: list[int]) -> None:
    gone = make_account(Role.HR)
    gone.is_active = False
    gone.save()
    assert tell(gone.pk, 10**9, users[0]) == 1


def test_the_database_has_the_last_word(users: list[int]) -> None:
    tell(users[0])
    row = Notification.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_long_titles_are_cut(users: list[int]) -> None:
    tell(users[0], title="长" * 300, detail="细" * 400)
    row = Notification.objects.get()
    assert (len(row.title), row.title[-1], len(row.detail)) == (200, "…", 300)


def test_nothing_waits_for_a_channel_that_is_off(users: list[int]) -> None:
    Channel.objects.create(kind=ChannelKind.WECOM)
    tell(*users)
    assert Delivery.objects.count() == 0


def test_each_goes_where_the_person_wants_it(users: list[int]) -> None:
    for kind in ChannelKind:
        Channel.objects.create(kind=kind, enabled=True)
    NotificationSetting.objects.create(user_id=users[0], by_email=True, email="a@example.gov.cn")
    NotificationSetting.objects.create(user_id=users[1], by_email=True, by_robot=False)  # no address
    tell(*users)
    tell(*users)
    found = set(Delivery.objects.values_list("notification__recipient_id", "channel"))
    assert found == {
        (users[0], "email"),
        (users[0], "wecom"),
        (users[0], "dingtalk"),
        (users[2], "wecom"),
        (users[2], "dingtalk"),
    }


def test_the_cost_does_not_grow_with_the_people(users: list[int], django_assert_max_num_queries) -> None:
    Channel.objects.create(kind=ChannelKind.WECOM, enabled=True)
    more = [make_account(Role.HR).pk for _ in range(20)]
    with django_assert_max_num_queries(10):
        tell(*users, *more)
    assert Delivery.objects.count() == 23


def test_what_is_undone_is_told_to_nobody_but_stays_with_whom_it_reached(users: list[int]) -> None:
    tell(*users)
    tell(users[0], key="task:2")
    rows = Notification.objects.filter(key="task:1")
    rows.filter(recipient_id=users[0]).update(read_at=rows[0].created_at)
    for state, user in ((DeliveryState.SENT, users[1]), (DeliveryState.WAITING, users[2])):
        row = rows.get(recipient_id=user)
        sent = dict.fromkeys(
            ("claimed_at", "sent_at"), row.created_at if state == DeliveryState.SENT else None
        )
        Delivery.objects.create(notification=row, channel=ChannelKind.EMAIL, state=state, **sent)
    assert retract(["task:1"]) == set(users[:2])
    left = Notification.objects.order_by("key", "recipient").values_list("key", "recipient")
    assert list(left) == [("task:1", users[0]), ("task:1", users[1]), ("task:2", users[0])]
    assert tell(*users) == 1
